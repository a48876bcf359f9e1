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

        // The question asks the browser for the focus, and hears of a fault there.
        await ann.Page.EvaluateAsync("() => { HTMLElement.prototype.focus = () => { throw new Error('no focus here'); }; }");
        await ann.Button("Cancel").ClickAsync();

        await Expect(ann.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("This page stopped working");
        await ann.AssertAccessibleAsync();
        // The page that a link brings has the same dead circuit.
        await ann.Page.GetByRole(AriaRole.Link, new() { Name = "My stacks" }).ClickAsync();
        await ann.SeeAsync("My stacks");
        await Expect(notice).ToBeVisibleAsync();

        await ann.Page.GoBackAsync();
        await ann.Button("Reload the page").ClickAsync();
        await ann.SeeAsync("Building your stack");
        await Expect(notice).ToBeHiddenAsync();
        gate.Release();
        await ann.SeeAsync("Your stack is ready");
    }
}
