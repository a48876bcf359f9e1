using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AiStackDeployer.Tests.Browser;

/// <summary>What a person sees when a part of a page breaks in a way that nobody thought of.</summary>
[Collection(BrowserTests.Name)]
public sealed class FaultTests(BrowserFixture site)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_page_that_stopped_working_says_so_until_it_is_reloaded()
    {
        using var gate = await site.HoldAsync("domain.create");
        await using var ann = await site.VisitAsync();
        await ann.DeployAsync("fault-lab");
        await ann.SeeAsync("Building your stack");
        await gate.Arrived.WaitAsync(Token);
        var notice = ann.Page.Locator("#blazor-error-ui");
        await Expect(notice).ToBeHiddenAsync();

        await BreakAsync(ann, "Cancel");
        await ann.AssertAccessibleAsync();

        await ann.Button("Reload the page").ClickAsync();
        await ann.SeeAsync("Building your stack");
        await Expect(notice).ToBeHiddenAsync();
        gate.Release();
        await ann.SeeAsync("Your stack is ready");
    }

    [Fact]
    public async Task The_page_that_a_link_leads_to_after_it_works_again()
    {
        await using var ann = await site.VisitAsync();
        await ann.DeployAsync("fault-link-lab");
        await ann.SeeAsync("Your stack is ready");
        await BreakAsync(ann, "Delete…");

        await ann.Page.GetByRole(AriaRole.Link, new() { Name = "New stack" }).ClickAsync();

        await ann.ChooseAsync("fault-next-lab");
    }

    /// <summary>A part of the page cannot be drawn.</summary>
    private static async Task BreakAsync(Visitor visitor, string button)
    {
        await visitor.Page.EvaluateAsync(
            "() => { document.createElement = document.createElementNS = () => { throw new Error('not here'); }; }");
        await visitor.Button(button).ClickAsync();
        await Expect(visitor.Page.GetByRole(AriaRole.Alert).Filter(new() { HasText = "This page stopped working" })).ToBeVisibleAsync();
        await visitor.Page.EvaluateAsync("() => { delete document.createElement; delete document.createElementNS; }");
    }
}
