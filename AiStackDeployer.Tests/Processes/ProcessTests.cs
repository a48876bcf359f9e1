using System.Text.Json.Nodes;
using AiStackDeployer.DokployEmulator;
using AiStackDeployer.Tests.TestKit;

namespace AiStackDeployer.Tests.Processes;

/// <summary>
/// A portal as a process of its own, against an emulated Dokploy that lives on whatever happens to it. Each class runs beside the others,
/// so one with many lives of a portal is divided.
/// </summary>
public abstract class ProcessTests : IAsyncLifetime
{
    private protected const int GivesUpAfter = 600_000;

    private protected DokployEmulatorHost Dokploy { get; private set; } = null!;

    private protected PortalHome Home { get; private set; } = null!;

    public virtual async ValueTask InitializeAsync()
    {
        Dokploy = await DokployEmulatorHost.StartAsync(
            new EmulatorOptions { Pace = 0, StackBootTime = TimeSpan.Zero }, TimeProvider.System, TestContext.Current.CancellationToken);
        Home = PortalHome.For(Dokploy);
    }

    public virtual async ValueTask DisposeAsync()
    {
        await Home.DisposeAsync();
        await Dokploy.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected Task<JsonNode> AssertCompletesAsync(HttpClient person, JsonNode started) => Completion.AssertAsync(Dokploy, Home, person, started);
}
