using System.Net;
using AiStackDeployer.Core.People;
using AiStackDeployer.DokployEmulator;
using AiStackDeployer.DokployEmulator.Faults;
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
    private DokployEmulatorHost _dokploy = null!;
    private TestBrowser _browser = null!;

    public EmulatorWorld Dokploy => _dokploy.World;

    internal PortalHome Portal { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _dokploy = await DokployEmulatorHost.StartAsync(
            new EmulatorOptions { Pace = 0, StackBootTime = TimeSpan.Zero }, TimeProvider.System, CancellationToken.None);
        // In Development the pages' files are served from where they lie, without publishing.
        Portal = PortalHome.For(_dokploy, "Development").With("AUTH", "development");
        await Portal.StartAsync(CancellationToken.None);
        _browser = await TestBrowser.LaunchAsync();
    }

    /// <summary>A gate for what this test begins: what the tests before it left under way ends first.</summary>
    public async Task<CallGate> HoldAsync(string call, bool afterWork = false)
    {
        using var script = await SignInAsync("Quiet", Role.Operator);
        await script.QuietAsync();
        return Dokploy.Faults.Hold(call, afterWork);
    }

    /// <summary>Somebody new with a browser of their own, signed in, in English unless told otherwise.</summary>
    internal Task<Visitor> VisitAsync(string path = "/", Action<BrowserNewContextOptions>? change = null, Role? role = Role.User) =>
        _browser.VisitAsync(Portal.Root, path, change, role);

    /// <summary>Somebody without a browser.</summary>
    internal async Task<HttpClient> SignInAsync(string name, Role role = Role.User)
    {
        var person = Portal.NewPerson();
        using var answer = await person.PostAsync(
            "sign-in", new FormUrlEncodedContent([new("person", name), new("role", role.ToString())]), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        return person;
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        await Portal.DisposeAsync();
        await _dokploy.DisposeAsync();
    }
}
