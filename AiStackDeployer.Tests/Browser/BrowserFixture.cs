using AiStackDeployer.DokployEmulator;
using AiStackDeployer.DokployEmulator.World;
using AiStackDeployer.Tests.TestKit;
using Microsoft.Playwright;

namespace AiStackDeployer.Tests.Browser;

[CollectionDefinition(Name)]
public sealed class BrowserTests : ICollectionFixture<BrowserFixture>
{
    public const string Name = "Browser";
}

/// <summary>
/// One portal as a process, one emulated Dokploy that takes no time of its own, one Chromium. Tests tell each other apart by the
/// names of their stacks; each visitor is a browser context, so another person.
/// </summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    /// <summary>Debian's; the driver's own browsers are never fetched.</summary>
    private const string Chromium = "/usr/bin/chromium";

    /// <summary>How long an expectation may stay unmet; far above what a healthy page needs on a busy machine.</summary>
    private const float Patience = 60_000;

    private DokployEmulatorHost _dokploy = null!;
    private IPlaywright _driver = null!;
    private IBrowser _browser = null!;

    public EmulatorWorld Dokploy => _dokploy.World;

    internal PortalHome Portal { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _dokploy = await DokployEmulatorHost.StartAsync(
            new EmulatorOptions { Pace = 0, StackBootTime = TimeSpan.Zero }, TimeProvider.System, CancellationToken.None);
        // In Development the pages' files are served from where they lie, without publishing.
        Portal = PortalHome.For(_dokploy, "Development");
        await Portal.StartAsync(CancellationToken.None);
        Assertions.SetDefaultExpectTimeout(Patience);
        _driver = await Playwright.CreateAsync();
        _browser = await _driver.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Chromium,
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync",
            ],
        });
    }

    /// <summary>Somebody with a browser of their own, in English unless told otherwise.</summary>
    internal async Task<Visitor> VisitAsync(string path = "/", Action<BrowserNewContextOptions>? change = null)
    {
        var options = new BrowserNewContextOptions { BaseURL = Portal.Root.ToString(), Locale = "en-GB", ReducedMotion = ReducedMotion.Reduce };
        change?.Invoke(options);
        var context = await _browser.NewContextAsync(options);
        context.SetDefaultTimeout(Patience);
        context.SetDefaultNavigationTimeout(Patience);
        var visitor = new Visitor(context, await context.NewPageAsync());
        await visitor.Page.GotoAsync(path);
        return visitor;
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _driver.Dispose();
        await Portal.DisposeAsync();
        await _dokploy.DisposeAsync();
    }
}
