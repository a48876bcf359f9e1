using AiStackDeployer.Core.Deployments;
using AiStackDeployer.DokployEmulator;
using AiStackDeployer.DokployEmulator.Faults;
using AiStackDeployer.Tests.Browser;
using AiStackDeployer.Tests.TestKit;

namespace AiStackDeployer.Tests.Diagnostics;

[CollectionDefinition(Name)]
public sealed class WatchedTests : ICollectionFixture<WatchedPortal>
{
    public const string Name = "Watched";
}

/// <summary>
/// The portal as a process of its own, so that nobody else's figures are among its, used as people use it: a deployment that goes
/// well, one that fails, one that is cancelled, with a browser and a stream open, and a Dokploy that stumbles. It has been scraped
/// meanwhile and has ended since; what it said to whom is kept. Its secrets are recognisable.
/// </summary>
public sealed class WatchedPortal : IAsyncLifetime
{
    public const string CollectorKey = "recognisable-collector-key==";

    /// <summary>What must stand in no metric, no span and no line.</summary>
    public IReadOnlyList<string> Secrets { get; private set; } = [];

    /// <summary>Names of stacks: spans and lines hold them, metrics must not.</summary>
    public IReadOnlyList<string> Names { get; } = ["good-lab", "broken-lab", "stopped-lab"];

    /// <summary>The deployment that went well.</summary>
    public string TraceId { get; private set; } = "";

    public string Id { get; private set; } = "";

    /// <summary>While a deployment ran, with a page and a stream that watched it.</summary>
    internal MetricsText Meanwhile { get; private set; } = null!;

    /// <summary>After all; of what was no longer told then, the last.</summary>
    internal MetricsText Metrics { get; private set; } = null!;

    internal OtlpCollector Collector { get; private set; } = null!;

    /// <summary>All that the process wrote to its output.</summary>
    public string Output { get; private set; } = "";

    /// <summary>What the portal's public port answers at /metrics.</summary>
    public int PublicAnswer { get; private set; }

    public async ValueTask InitializeAsync()
    {
        await using var dokploy = await DokployEmulatorHost.StartAsync(
            new EmulatorOptions { Pace = 0, StackBootTime = TimeSpan.Zero }, TimeProvider.System, CancellationToken.None);
        Collector = await OtlpCollector.StartAsync(CancellationToken.None);
        await using var portal = PortalHome.For(dokploy, "Development")
            .With("LOG_LEVEL", "debug")
            .With("STACK_ENV__MODEL_KEY", "recognisable-model-key")
            .With("STACK_REGISTRY_URL", "registry.test").With("STACK_REGISTRY_USERNAME", "puller")
            .With("STACK_REGISTRY_PASSWORD", "recognisable-registry-password")
            .With("OTEL_EXPORTER_OTLP_ENDPOINT", Collector.Address.ToString()).With("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")
            .With("OTEL_EXPORTER_OTLP_HEADERS", $"x-collector-key={CollectorKey}")
            .With("OTEL_SERVICE_NAME", "portal-under-test");
        await portal.StartAsync(CancellationToken.None);
        await using (var browser = await TestBrowser.LaunchAsync())
        {
            await UseAsync(portal, dokploy, browser);
        }
        // All that is still on its way is sent before it ends.
        await portal.Process.TerminateAsync();
        Output = portal.Process.Output;
    }

    public async ValueTask DisposeAsync() => await Collector.DisposeAsync();

    private async Task UseAsync(PortalHome portal, DokployEmulatorHost dokploy, TestBrowser browser)
    {
        using var script = portal.NewPerson();
        dokploy.World.Outcomes.Set("ai-stack-broken-lab", ImageOutcome.MissingImage);
        dokploy.World.Faults.Add(new Fault { Call = "application.update", Times = 1, Kind = new FaultKind.Status(500, "{}") });
        var good = await script.StartAsync("good-lab");
        await FollowAsync(script, good.Text("deploymentId"));
        await FollowAsync(script, (await script.StartAsync("broken-lab")).Text("deploymentId"));
        var status = await script.StatusAsync(good.Text("deploymentId"));
        (Id, TraceId) = (good.Text("deploymentId"), status.Text("traceId"));
        var credentials = good["credentials"]!;
        Secrets =
        [
            credentials.Text("password"), Base64($"{credentials.Text("username")}:{credentials.Text("password")}"), dokploy.ApiKey,
            "recognisable-model-key", "recognisable-registry-password", CollectorKey,
        ];

        await using var visitor = await browser.VisitAsync(portal.Root);
        using (var gate = dokploy.World.Faults.Hold("application.create"))
        {
            await visitor.DeployAsync("stopped-lab");
            await gate.Arrived;
            await visitor.SeeAsync("Building your stack");
            var stopped = visitor.Page.Url.Split('/')[^1];
            await using var stream = await EventReader.OpenAsync(script, stopped);
            await stream.NextAsync();
            Meanwhile = await ScrapeAsync(portal);
            await visitor.Button("Cancel").ClickAsync();
            await visitor.Button("Stop").ClickAsync();
            await visitor.SeeAsync("Stopping");
            gate.Release();
            await stream.RestAsync();
        }
        // A reader of the database may see an end a moment before the writer has counted it; the line of the run's end comes after both.
        foreach (var outcome in new[] { DeploymentPhase.Completed, DeploymentPhase.Failed, DeploymentPhase.Cancelled })
        {
            await portal.Process.LineAsync($"ends: {outcome}, reason", TestContext.Current.CancellationToken);
        }
        Metrics = Meanwhile.With(await ScrapeAsync(portal));
        using var answer = await script.GetAsync("metrics");
        PublicAnswer = (int)answer.StatusCode;
    }

    private static async Task<MetricsText> ScrapeAsync(PortalHome portal)
    {
        using var scraper = new HttpClient();
        return MetricsText.Parse(await scraper.GetStringAsync(portal.Metrics));
    }

    private static async Task FollowAsync(HttpClient person, string id)
    {
        await using var events = await EventReader.OpenAsync(person, id);
        await events.RestAsync();
    }

    private static string Base64(string text) => Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(text));
}
