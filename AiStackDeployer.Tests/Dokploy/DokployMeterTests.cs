using AiStackDeployer.Core.Dokploy;

namespace AiStackDeployer.Tests.Dokploy;

public sealed class DokployMeterTests
{
    private const string Version = "settings.getDokployVersion";
    private const string Calls = "aistack.dokploy.call.duration";

    private static readonly Reply GoodVersion = Replies.Json(200, "\"v0.30.2\"");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_call_with_its_repeats_is_one_call()
    {
        await using var dokploy = await DokployBench.StartAsync();
        dokploy.Server.On(Version, Replies.Html(502), Replies.Reset, GoodVersion);

        await dokploy.Client.GetVersionAsync(Stop);

        Assert.Equal($"call={Version} fault=none status=200", Assert.Single(dokploy.Meters.Of(Calls)).Labels);
    }

    [Fact]
    public async Task A_call_that_failed_says_which_way()
    {
        await using var dokploy = await DokployBench.StartAsync(options => options with { Retries = 0 });
        dokploy.Server.On(Version, Replies.Html(503)).On("project.create", Replies.CutOff);

        await Assert.ThrowsAsync<DokployException>(() => dokploy.Client.GetVersionAsync(Stop));
        await Assert.ThrowsAsync<DokployException>(() => dokploy.Client.CreateProjectAsync("a-name-of-somebody", null, Stop));

        Assert.Equal(
            [$"call={Version} fault=server-error status=503", "call=project.create fault=unreachable status=none"],
            dokploy.Meters.Of(Calls).Select(m => m.Labels));
    }

    [Fact]
    public async Task A_call_that_its_caller_gave_up_counts_for_nothing()
    {
        await using var dokploy = await DokployBench.StartAsync();
        using var given = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        dokploy.Server.On(Version, Replies.Hang);

        var call = dokploy.Client.GetVersionAsync(given.Token);
        await given.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Empty(dokploy.Meters.Of(Calls));
    }

    [Fact]
    public async Task Whether_dokploy_works_is_not_said_before_the_first_call()
    {
        await using var dokploy = await DokployBench.StartAsync(options => options with { Retries = 0 });
        dokploy.Server.On(Version, GoodVersion, Replies.Html(503));

        Assert.Empty(dokploy.Meters.Observe("aistack.dokploy.up"));
        await dokploy.Client.GetVersionAsync(Stop);
        Assert.Equal(1, Assert.Single(dokploy.Meters.Observe("aistack.dokploy.up")).Value);
        await Assert.ThrowsAsync<DokployException>(() => dokploy.Client.GetVersionAsync(Stop));
        Assert.Equal(0, Assert.Single(dokploy.Meters.Observe("aistack.dokploy.up")).Value);
    }

    [Fact]
    public async Task The_breaker_is_in_one_state_and_the_others_are_zero()
    {
        await using var dokploy = await DokployBench.StartAsync(options => options with { Retries = 0, CircuitMinimumCalls = 2 });
        dokploy.Server.On(Version, Replies.Html(503));
        Assert.Equal([("state=closed", 1), ("state=half-open", 0), ("state=open", 0)], States(dokploy));

        for (var call = 0; call < 3; call++)
        {
            await Assert.ThrowsAsync<DokployException>(() => dokploy.Client.GetVersionAsync(Stop));
        }

        Assert.Equal([("state=closed", 0), ("state=half-open", 0), ("state=open", 1)], States(dokploy));
        Assert.Equal($"call={Version} fault=circuit-open status=none", dokploy.Meters.Of(Calls)[^1].Labels);
    }

    private static IEnumerable<(string, int)> States(DokployBench dokploy) =>
        dokploy.Meters.Observe("aistack.dokploy.breaker.state").Select(m => (m.Labels, (int)m.Value));
}
