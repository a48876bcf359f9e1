using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AiStackDeployer.Tests.Browser;

/// <summary>The second day: from the list a stack is stopped and started, deleted and brought back.</summary>
[Collection(BrowserTests.Name)]
public sealed class StackPageTests(BrowserFixture site)
{
    [Fact]
    public async Task A_stack_is_stopped_and_started_from_the_list_and_deleted_and_brought_back_on_its_page()
    {
        await using var ann = await site.VisitAsync(change: o => o.ViewportSize = new ViewportSize { Width = 360, Height = 740 });
        await ann.DeployAsync("second-day");
        await ann.SeeAsync("Your stack is ready");

        await ann.Page.GotoAsync("/");
        await ann.SeeAsync("Your stacks");
        var row = ann.Page.Locator(".stacks li");
        await Expect(row.Locator(".mud-chip")).ToContainTextAsync("Ready");
        await AssertFitsAsync(ann);
        await ann.AssertAccessibleAsync();
        await PressAsync(ann, "Stop");
        await ann.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Stop", Exact = true }).ClickAsync();
        await Expect(row.Locator(".mud-chip")).ToHaveTextAsync("Stopped");
        await ann.Button("Start second-day").ClickAsync();
        await Expect(row.Locator(".mud-chip")).ToContainTextAsync("Ready");

        await ann.Page.GetByRole(AriaRole.Link, new() { Name = "second-day", Exact = true }).ClickAsync();
        await ann.SeeAsync("second-day");
        await Expect(ann.Page.Locator(".history li")).ToHaveCountAsync(3);
        await AssertFitsAsync(ann);
        await ann.AssertAccessibleAsync();
        await PressAsync(ann, "Delete…");
        await ann.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Delete", Exact = true }).ClickAsync();
        await Expect(ann.Page.GetByText("Until then you can bring it back as it was.")).ToBeVisibleAsync();
        await ann.Button("Bring back").ClickAsync();
        await Expect(ann.Enter).ToBeVisibleAsync();
    }

    private static async Task PressAsync(Visitor visitor, string item)
    {
        await visitor.Button("More for second-day").ClickAsync();
        await visitor.Page.GetByRole(AriaRole.Menuitem, new() { Name = item, Exact = true }).ClickAsync();
    }

    private static async Task AssertFitsAsync(Visitor visitor) =>
        Assert.True(await visitor.Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth"), "it runs over the edge");
}
