using static Microsoft.Playwright.Assertions;

namespace AiStackDeployer.Tests.Browser;

/// <summary>Browsers that run no scripts, get no circuit, or translate the page.</summary>
[Collection(BrowserTests.Name)]
public sealed class EdgeTests(BrowserFixture site)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_scripts_the_page_says_that_it_needs_them()
    {
        await using var ann = await site.VisitAsync(change: o => o.JavaScriptEnabled = false);
        await Expect(ann.Page.Locator("noscript .mud-alert")).ToContainTextAsync("This page needs JavaScript");
        await Expect(ann.Page.Locator("noscript .mud-alert")).ToBeVisibleAsync();
        await Expect(ann.Page.GetByText("This page could not connect")).ToBeHiddenAsync();
    }

    [Theory]
    [InlineData("**/_blazor/**")]
    [InlineData("**/*.js")]
    public async Task Where_scripts_or_circuits_are_blocked_it_says_so_after_some_seconds_and_else_never(string blocked)
    {
        await using var ann = await site.VisitAsync("/not-found");
        var word = ann.Page.GetByText("This page could not connect");
        await Expect(ann.Page.Locator(".circuit")).ToBeAttachedAsync();
        await Expect(word).ToBeHiddenAsync();

        await ann.Page.RouteAsync(blocked, route => route.AbortAsync());
        await ann.Page.GotoAsync("/");

        await Expect(word).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_translated_page_keeps_telling_the_truth()
    {
        using var gate = await site.HoldAsync("domain.create");
        await using var ann = await site.VisitAsync();
        await ann.DeployAsync("translated-lab");
        await gate.Arrived.WaitAsync(Token);
        await ann.SeeAsync("Building your stack");

        // As Chromium does it: each text node is taken out, and a new element stands in its place.
        await ann.Page.EvaluateAsync(
            """
            () => {
              const walker = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
              const texts = [];
              while (walker.nextNode()) texts.push(walker.currentNode);
              for (const text of texts) {
                if (!text.data.trim() || text.parentElement.closest('[translate=no], script, style, noscript')) continue;
                const font = document.createElement('font');
                font.textContent = text.data.toUpperCase();
                text.replaceWith(font);
              }
            }
            """);
        await ann.SeeAsync("BUILDING YOUR STACK");
        await Expect(ann.Page.Locator(".live .plate .name")).ToHaveTextAsync("translated-lab");
        gate.Release();

        await ann.SeeAsync("Your stack is ready");
        await Expect(ann.Strip).ToContainTextAsync("Ready");
        await Expect(ann.Enter).ToBeVisibleAsync();
        await Expect(ann.Page.Locator("#blazor-error-ui")).ToBeHiddenAsync();
    }
}
