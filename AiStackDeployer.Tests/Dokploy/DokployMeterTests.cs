using AiStackDeployer.Core.Dokploy;

namespace AiStackDeployer.Tests.Dokploy;

public sealed class DokployMeterTests
{
    private const string Version = "settings.getDokployVersion";
    private const string Calls = "aistack.dokploy.call.duration";
    private const string Faults = "aistack.dokploy.faults";

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

    [Fact]
    public async Task A_refusal_that_answers_the_question_is_counted_and_logged_as_no_failure()
    {
        await using var dokploy = await DokployBench.StartAsync();
        const string tasks = "docker.getServiceContainersByAppName";
        dokploy.Server
            .On("project.one", Replies.Error(404, "NOT_FOUND", "Project not found", "project.one"))
            .On("application.delete", Replies.Error(404, "NOT_FOUND", "Application not found", "application.delete"))
            .On(tasks, Replies.Error(401, "UNAUTHORIZED", "You don't have access", tasks));

        Assert.Null(await dokploy.Client.GetProjectAsync("p", Stop));
        Assert.False(await dokploy.Client.DeleteApplicationAsync("a", Stop));
        await Assert.ThrowsAsync<DokployException>(() => dokploy.Client.GetTasksAsync("a", Stop));

        Assert.Equal(
            ["call=project.one fault=none status=404", "call=application.delete fault=none status=404", $"call={tasks} fault=none status=401"],
            dokploy.Meters.Of(Calls).Select(m => m.Labels));
        Assert.Empty(dokploy.Meters.Of(Faults));
        Assert.DoesNotContain("Warning", dokploy.Logs, StringComparison.Ordinal);
        Assert.Contains("Debug Dokploy project.one answered 404", dokploy.Logs, StringComparison.Ordinal);
        Assert.True(dokploy.Health.Current.IsWell);
    }

    [Fact]
    public async Task The_same_refusal_of_a_call_that_is_no_question_is_a_failure()
    {
        await using var dokploy = await DokployBench.StartAsync();
        dokploy.Server.On("application.deploy", Replies.Error(404, "NOT_FOUND", "Application not found", "application.deploy"));

        await Assert.ThrowsAsync<DokployException>(() => dokploy.Client.DeployApplicationAsync("a", "t", "", Stop));

        Assert.Equal("fault=not-found", Assert.Single(dokploy.Meters.Of(Faults)).Labels);
        Assert.Contains("Warning Dokploy application.deploy failed: NotFound", dokploy.Logs, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_of_jobs_that_this_version_does_not_have_is_asked_for_once()
    {
        await using var dokploy = await DokployBench.StartAsync();
        dokploy.Server.On("deployment.queueList", Replies.UnknownCall);

        Assert.Null(await dokploy.Client.GetQueueAsync(Stop));
        Assert.Null(await dokploy.Client.GetQueueAsync(Stop));

        Assert.Equal(1, dokploy.Server.Count("deployment.queueList"));
        Assert.Empty(dokploy.Meters.Of(Faults));
    }

    [Fact]
    public async Task Every_fault_begins_at_zero_and_the_first_of_a_kind_is_one()
    {
        await using var dokploy = await DokployBench.StartAsync(options => options with { Retries = 0 });
        dokploy.Server.On(Version, Replies.Html(503));
        dokploy.Meter.BeginAtZero();
        Assert.Equal(Enum.GetValues<DokployFault>().Length, dokploy.Meters.Of(Faults).Select(m => m.Labels).Distinct().Count());
        Assert.All(dokploy.Meters.Of(Faults), m => Assert.Equal(0, m.Value));

        await Assert.ThrowsAsync<DokployException>(() => dokploy.Client.GetVersionAsync(Stop));

        Assert.Equal(1, dokploy.Meters.Sum(Faults, "fault=server-error"));
    }

    private static IEnumerable<(string, int)> States(DokployBench dokploy) =>
        dokploy.Meters.Observe("aistack.dokploy.breaker.state").Select(m => (m.Labels, (int)m.Value));
}
