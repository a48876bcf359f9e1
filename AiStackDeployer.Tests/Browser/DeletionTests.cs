using System.Text.RegularExpressions;
using AiStackDeployer.Core.People;
using AiStackDeployer.Tests.TestKit;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AiStackDeployer.Tests.Browser;

/// <summary>From "Delete…" to a name that is free again, as a person without a mouse would go.</summary>
[Collection(BrowserTests.Name)]
public sealed class DeletionTests(BrowserFixture site)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_stack_is_deleted_by_keyboard_after_its_name_is_typed_and_the_name_is_free_again()
    {
        await using var ann = await site.VisitAsync(change: o => o.ViewportSize = new ViewportSize { Width = 360, Height = 740 });
        await ann.DeployAsync("going-lab");
        await ann.SeeAsync("Your stack is ready");
        var made = ann.Page.Url;
        var dialog = ann.Page.GetByRole(AriaRole.Dialog);
        var open = ann.Button("Delete…");

        // Escape and Cancel both close it, and the focus is where it was.
        await ann.TabToAsync(open);
        await ann.Page.Keyboard.PressAsync("Enter");
        var forGood = dialog.GetByRole(AriaRole.Button, new() { Name = "Delete now, for good…", Exact = true });
        await ann.AssertAccessibleAsync();
        await forGood.PressAsync("Enter");
        var input = dialog.GetByLabel("Type going-lab to confirm");
        await Expect(input).ToBeFocusedAsync();
        await Expect(dialog).ToHaveAccessibleNameAsync("Delete going-lab?");
        await ann.AssertAccessibleAsync();
        Assert.True(await ann.Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth"), "it runs over the edge");
        await ann.Page.Keyboard.PressAsync("Escape");
        await Expect(dialog).ToHaveCountAsync(0);
        await Expect(open).ToBeFocusedAsync();
        await ann.Page.Keyboard.PressAsync("Enter");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Cancel", Exact = true }).ClickAsync();
        await Expect(dialog).ToHaveCountAsync(0);
        await Expect(open).ToBeFocusedAsync();

        await ann.Page.Keyboard.PressAsync("Enter");
        await forGood.PressAsync("Enter");
        var yes = dialog.GetByRole(AriaRole.Button, new() { Name = "Delete", Exact = true });
        await input.PressSequentiallyAsync("Going-lab");
        await Expect(yes).ToBeDisabledAsync();
        await ann.Page.Keyboard.PressAsync("Enter");
        await Expect(dialog).ToBeVisibleAsync();
        await input.FillAsync("going-lab");
        await Expect(yes).ToBeEnabledAsync();
        using (var gate = await site.HoldAsync("application.delete"))
        {
            await ann.Page.Keyboard.PressAsync("Enter");
            await ann.SeeAsync("Deleting going-lab");
            Assert.NotEqual(made, ann.Page.Url);
            await gate.Arrived.WaitAsync(Token);
            await Expect(ann.Strip).ToContainTextAsync("Removing the container");
            await Expect(ann.Button("Cancel")).ToHaveCountAsync(0);
            await ann.AssertAccessibleAsync();
        }

        await ann.SeeAsync("going-lab was deleted");
        await Expect(ann.Page.GetByText("The name is free again.")).ToBeVisibleAsync();
        await Expect(ann.Page.Locator(".remedy li")).ToHaveCountAsync(2);
        await ann.AssertAccessibleAsync();
        Assert.DoesNotContain(site.Dokploy.Projects, p => p.Name == "ai-stack-going-lab");
        Assert.DoesNotContain(site.Dokploy.Services, s => s.Name.StartsWith("ai-stack-going-lab", StringComparison.Ordinal));

        await ann.Page.GotoAsync(made);
        await ann.SeeAsync("This stack was deleted");
        await Expect(ann.OtherTools).ToHaveCountAsync(0);
        await using var bob = await site.VisitAsync();
        await bob.DeployAsync("going-lab");
        await bob.SeeAsync("Your stack is ready");
    }

    [Fact]
    public async Task A_row_of_the_administrators_grid_keeps_the_focus_while_others_come()
    {
        await using var ann = await site.VisitAsync(role: Role.Admin);
        await ann.DeployAsync("steady-lab");
        await ann.SeeAsync("Your stack is ready");
        await ann.Page.GotoAsync("/admin");
        var details = ann.Button("Details of steady-lab");
        await details.FocusAsync();

        using var bob = await site.SignInAsync("Bob");
        await bob.StartAsync("other-lab");
        await Expect(ann.Button("Details of other-lab")).ToBeVisibleAsync();

        await Expect(details).ToBeFocusedAsync();
    }

    [Fact]
    public async Task It_is_offered_in_the_list_of_ones_own_stacks_and_in_the_administrators_grid()
    {
        await using var ann = await site.VisitAsync(role: Role.Admin);
        await ann.DeployAsync("listed-lab");
        await ann.SeeAsync("Your stack is ready");
        await ann.Page.GotoAsync("/admin");
        // A filter is a step of the history.
        await ann.Button("Stopped").ClickAsync();
        await Expect(ann.Page).ToHaveURLAsync(new Regex("state=stopped"));
        await Expect(ann.Button("Details of listed-lab")).ToHaveCountAsync(0);
        await ann.Page.GoBackAsync();
        await ann.Button("Details of listed-lab").ClickAsync();
        var dialog = ann.Page.GetByRole(AriaRole.Dialog);
        await Expect(dialog.Locator(".gantt li").First).ToBeVisibleAsync();
        await ann.AssertAccessibleAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Delete", Exact = true }).ClickAsync();
        await Expect(dialog.GetByText("1 of 1 can be begun now.")).ToBeVisibleAsync();
        await ann.AssertAccessibleAsync();
        await ann.Page.Keyboard.PressAsync("Escape");

        await ann.Page.GotoAsync("/stacks");
        await ann.Button("More for listed-lab").ClickAsync();
        await ann.Page.GetByRole(AriaRole.Menuitem, new() { Name = "Delete…" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Delete now, for good…", Exact = true }).ClickAsync();
        await dialog.GetByLabel("Type listed-lab to confirm").FillAsync("listed-lab");
        await ann.AssertAccessibleAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Delete", Exact = true }).ClickAsync();

        await ann.SeeAsync("listed-lab was deleted");
        await ann.Page.GotoAsync("/stacks");
        await Expect(ann.Page.GetByText("You have no stacks yet.")).ToBeVisibleAsync();
    }
}
