using System.Text.RegularExpressions;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AiStackDeployer.Tests.Browser;

/// <summary>One person at one browser, and the parts of the pages as that person finds them: by their words.</summary>
internal sealed partial class Visitor(IBrowserContext context, IPage page) : IAsyncDisposable
{
    public IBrowserContext Context => context;

    public IPage Page { get; private set; } = page;

    public ILocator NameField => Page.Locator("#stack-name");

    public ILocator Heading => Page.GetByRole(AriaRole.Heading, new() { Level = 1 });

    /// <summary>The line below the address.</summary>
    public ILocator Strip => Page.Locator(".live .strip .said");

    public ILocator Create => Button("Create stack");

    /// <summary>The main button of a ready stack.</summary>
    public ILocator Enter => Page.GetByRole(AriaRole.Link, new() { Name = "Open my stack (opens in a new tab)", Exact = true });

    /// <summary>What folds the user name and the password away.</summary>
    public ILocator OtherTools => Button("Sign in from other tools");

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    public ILocator Step(string words) => Page.Locator(".live .step").Filter(new() { HasText = words });

    /// <summary>Types a name that is free and waits until the form says so.</summary>
    public async Task ChooseAsync(string name)
    {
        await NameField.FillAsync(name);
        await Expect(Strip).ToContainTextAsync("Free. Kept for you");
    }

    /// <summary>Chooses, presses the button and arrives at the deployment's own page.</summary>
    public async Task DeployAsync(string name)
    {
        await ChooseAsync(name);
        await Create.ClickAsync();
        await Expect(Page).ToHaveURLAsync(DeploymentAddress());
    }

    public Task SeeAsync(string heading) => Expect(Heading).ToHaveTextAsync(heading);

    /// <summary>The header's buttons are there before the circuit; a press before it is lost.</summary>
    public Task SeeCircuitAsync() => Expect(Page.Locator(".circuit")).ToHaveCountAsync(1);

    /// <summary>Closes the tab and opens the same address in a new one.</summary>
    public async Task ReopenAsync()
    {
        var address = Page.Url;
        await Page.CloseAsync();
        Page = await context.NewPageAsync();
        await Page.GotoAsync(address);
    }

    /// <summary>No violation of any of axe's rules on the page as it is now.</summary>
    public Task AssertAccessibleAsync() => AssertAccessibleAsync(new());

    /// <summary>The same of a page that follows a light system; in a dark one only the colours differ.</summary>
    public async Task AssertAccessibleInBothThemesAsync()
    {
        await AssertAccessibleAsync();
        await Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await AssertAccessibleAsync(new() { RunOnly = new() { Type = "rule", Values = ["color-contrast"] } });
        await Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
    }

    private async Task AssertAccessibleAsync(AxeRunOptions options)
    {
        var result = await Page.RunAxe(options);
        Assert.True(result.Violations.Length == 0, $"{Page.Url}\n{string.Join('\n', result.Violations.Select(Describe))}");
    }

    /// <summary>Whether what has the focus shows it.</summary>
    public async Task AssertFocusShowsAsync() => Assert.True(
        await Page.EvaluateAsync<bool>(
            """
            () => {
              const e = document.activeElement;
              const frame = e.closest('.plate');
              const style = getComputedStyle(e);
              return e !== document.body && e.matches(':focus-visible')
                && (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 || style.boxShadow !== 'none' && frame !== null);
            }
            """),
        "the focus is not visible");

    /// <summary>Presses Tab until this has the focus, as a person without a mouse would; each stop on the way must show.</summary>
    public async Task TabToAsync(ILocator wanted)
    {
        for (var presses = 0; presses < 40; presses++)
        {
            await Page.Keyboard.PressAsync("Tab");
            if (await wanted.EvaluateAsync<bool>("e => e === document.activeElement"))
            {
                await AssertFocusShowsAsync();
                return;
            }
        }
        Assert.Fail($"Tab does not lead to {wanted}");
    }

    public ValueTask DisposeAsync() => context.DisposeAsync();

    [GeneratedRegex(@"/deployments/dep_\w+$")]
    public static partial Regex DeploymentAddress();

    private static string Describe(AxeResultItem violation) =>
        $"{violation.Id}: {violation.Help}\n{string.Join('\n', violation.Nodes.Select(n => $"    {n.Target} {n.Html}"))}";
}
