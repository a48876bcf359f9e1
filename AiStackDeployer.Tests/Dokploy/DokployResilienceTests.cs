using AiStackDeployer.Core.Dokploy;

namespace AiStackDeployer.Tests.Dokploy;

public sealed class DokployResilienceTests
{
    private const string Version = "settings.getDokployVersion";

    private static readonly Reply GoodVersion = Replies.Json(200, "\"v0.30.2\"");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_read_is_repeated_until_Dokploy_answers()
    {
        await using var dokploy = await DokployBench.StartAsync();
        dokploy.Server.On(Version, Replies.Reset, Replies.Html(502), Replies.CutOff, GoodVersion);

        Assert.Equal("v0.30.2", await dokploy.Client.GetVersionAsync(Stop));
        Assert.Equal(4, dokploy.Server.Count(Version));
    }

    [Fact]
    public async Task A_read_is_given_up_after_the_set_number_of_repeats()
    {
        await using var dokploy = await DokployBench.StartAsync(options => options with { Retries = 2 });
        dokploy.Server.On(Version, Replies.Html(503));

        await Assert.ThrowsAsync<DokployException>(() => dokploy.Client.GetVersionAsync(Stop));

        Assert.Equal(3, dokploy.Server.Count(Version));
    }

    [Fact]
    public async Task Repeats_wait_on_the_given_clock()
    {
        await using var dokploy = await DokployBench.StartAsync(options => options with { Retries = 1, RetryDelay = TimeSpan.FromSeconds(1) });
        dokploy.Server.On(Version, Replies.Html(503), GoodVersion);

        var call = dokploy.Client.GetVersionAsync(Stop);
        await dokploy.Time.TimerAsync(due => due >= TimeSpan.Zero && due < TimeSpan.FromSeconds(9), Stop);
        Assert.Equal((1, false), (dokploy.Server.Count(Version), call.IsCompleted));
        dokploy.Time.Advance(TimeSpan.FromSeconds(9));

        Assert.Equal("v0.30.2", await call);
    }

    [Theory]
    [InlineData("reset")]
    [InlineData("502")]
    [InlineData("cut off")]
    public async Task A_create_is_sent_once_even_on_a_connection_in_use_before(string situation)
    {
        await using var dokploy = await DokployBench.StartAsync();
        dokploy.Server.On(Version, GoodVersion).On("project.create", situation switch
        {
            "reset" => Replies.Reset,
            "502" => Replies.Html(502),
            _ => Replies.CutOff,
        });
        await dokploy.Client.GetVersionAsync(Stop);

        await Assert.ThrowsAsync<DokployException>(() => dokploy.Client.CreateProjectAsync("a", null, Stop));

        Assert.Equal(1, dokploy.Server.Count("project.create"));
    }

    [Theory]
    [InlineData("silent from the start")]
    [InlineData("silent after the headers")]
    public async Task An_attempt_that_falls_silent_is_ended_by_the_clock(string situation)
    {
        await using var dokploy = await DokployBench.StartAsync(options => options with { AttemptTimeout = TimeSpan.FromSeconds(10) });
        dokploy.Server.On("project.create", situation == "silent from the start" ? Replies.Hang : Replies.Stall);

        var call = dokploy.Client.CreateProjectAsync("a", null, Stop);
        await dokploy.Server.ArrivalAsync(Stop);
        dokploy.Time.Advance(TimeSpan.FromSeconds(9));
        Assert.False(call.IsCompleted);
        dokploy.Time.Advance(TimeSpan.FromSeconds(2));
        var fault = await Assert.ThrowsAsync<DokployException>(() => call);

        Assert.Equal((DokployFault.TimedOut, true, true), (fault.Kind, fault.MayHaveHappened, fault.IsTransient));
    }

    [Fact]
    public async Task All_repeats_together_end_with_the_total_time()
    {
        await using var dokploy = await DokployBench.StartAsync(options => options with
        {
            AttemptTimeout = TimeSpan.FromSeconds(10), TotalTimeout = TimeSpan.FromSeconds(15), Retries = 3,
        });
        dokploy.Server.On(Version, Replies.Hang);

        var call = dokploy.Client.GetVersionAsync(Stop);
        await dokploy.Server.ArrivalAsync(Stop);
        dokploy.Time.Advance(TimeSpan.FromSeconds(10));
        await dokploy.Server.ArrivalAsync(Stop);
        dokploy.Time.Advance(TimeSpan.FromSeconds(5));
        var fault = await Assert.ThrowsAsync<DokployException>(() => call);

        Assert.Equal((DokployFault.TimedOut, false), (fault.Kind, fault.MayHaveHappened));
        Assert.Equal(2, dokploy.Server.Count(Version));
    }

    [Fact]
    public async Task The_circuit_opens_on_an_outage_and_closes_when_Dokploy_is_back()
    {
        await using var dokploy = await DokployBench.StartAsync(options => options with
        {
            Retries = 0, CircuitMinimumCalls = 4, CircuitBreak = TimeSpan.FromSeconds(5),
        });
        dokploy.Server.On(Version, Replies.Html(502));
        await FailAsync(dokploy, 4);
        Assert.Equal(DokployCircuit.Open, dokploy.Health.Current.Circuit);

        var fault = await Assert.ThrowsAsync<DokployException>(() => dokploy.Client.CreateProjectAsync("a", null, Stop));
        Assert.Equal((DokployFault.CircuitOpen, false, true), (fault.Kind, fault.MayHaveHappened, fault.IsTransient));
        Assert.Equal(4, dokploy.Server.Received.Count);

        dokploy.Server.On(Version, GoodVersion);
        dokploy.Time.Advance(TimeSpan.FromSeconds(6));
        await dokploy.Client.GetVersionAsync(Stop);
        Assert.Equal(DokployCircuit.Closed, dokploy.Health.Current.Circuit);
    }

    [Fact]
    public async Task A_trial_call_that_fails_keeps_the_circuit_open()
    {
        await using var dokploy = await DokployBench.StartAsync(options => options with
        {
            Retries = 0, CircuitMinimumCalls = 4, CircuitBreak = TimeSpan.FromSeconds(5),
        });
        dokploy.Server.On(Version, Replies.Reset);
        await FailAsync(dokploy, 4);
        dokploy.Time.Advance(TimeSpan.FromSeconds(6));

        await FailAsync(dokploy, 1);

        Assert.Equal(DokployCircuit.Open, dokploy.Health.Current.Circuit);
    }

    [Theory]
    [InlineData("key refused")]
    [InlineData("database down")]
    [InlineData("permission")]
    [InlineData("rejected")]
    [InlineData("no service yet")]
    public async Task Answers_about_one_request_or_the_key_never_open_the_circuit_and_are_not_repeated(string situation)
    {
        await using var dokploy = await DokployBench.StartAsync(options => options with { CircuitMinimumCalls = 4 });
        const string Call = "application.readLogs";
        dokploy.Server.On("settings.health", situation == "database down" ? Replies.DatabaseDown : Replies.DatabaseWell).On(Call, situation switch
        {
            "key refused" or "database down" => Replies.ShortUnauthorized,
            "permission" => Replies.Error(403, "FORBIDDEN", "no", Call),
            "rejected" => Replies.Error(400, "BAD_REQUEST", "no", Call),
            _ => Replies.Error(500, "INTERNAL_SERVER_ERROR", "No container or service found for: x", Call),
        });

        for (var i = 0; i < 12; i++)
        {
            try
            {
                Assert.Null(await dokploy.Client.ReadApplicationLogAsync("a", 10, Stop));
            }
            catch (DokployException e)
            {
                Assert.NotEqual(DokployFault.CircuitOpen, e.Kind);
            }
        }

        Assert.Equal(12, dokploy.Server.Count(Call));
        Assert.Equal(DokployCircuit.Closed, dokploy.Health.Current.Circuit);
    }

    [Fact]
    public async Task Health_tells_the_last_good_answer_and_the_trouble_since()
    {
        await using var dokploy = await DokployBench.StartAsync(options => options with { Retries = 0 });
        dokploy.Server.On(Version, GoodVersion, Replies.Html(502), Replies.Html(502), GoodVersion);
        var told = 0;
        dokploy.Health.Changed += () => told++;
        Assert.Null(dokploy.Health.Current.IsWell);

        await dokploy.Client.GetVersionAsync(Stop);
        var good = dokploy.Time.GetUtcNow();
        Assert.Equal((true, good, 0), (dokploy.Health.Current.IsWell, dokploy.Health.Current.LastSuccess, told));

        dokploy.Time.Advance(TimeSpan.FromSeconds(1));
        var bad = dokploy.Time.GetUtcNow();
        await FailAsync(dokploy, 1);
        dokploy.Time.Advance(TimeSpan.FromSeconds(1));
        await FailAsync(dokploy, 1);
        Assert.Equal(
            new DokployHealthSnapshot
            {
                LastSuccess = good, Problem = DokployFault.ServerError, ProblemSince = bad,
                Key = new DokployKeyHistory { AcceptedInARow = 1, LastAccepted = good },
            },
            dokploy.Health.Current);
        Assert.Equal((false, 1), (dokploy.Health.Current.IsWell, told));

        await dokploy.Client.GetVersionAsync(Stop);
        Assert.Equal((true, 2), (dokploy.Health.Current.IsWell, told));
    }

    [Fact]
    public async Task A_refused_key_shows_in_the_health()
    {
        await using var dokploy = await DokployBench.StartAsync();
        dokploy.Server.On(Version, Replies.ShortUnauthorized).On("settings.health", Replies.DatabaseWell);

        await FailAsync(dokploy, 1);

        Assert.Equal(DokployFault.KeyRefused, dokploy.Health.Current.Problem);
    }

    [Fact]
    public async Task Neither_the_key_nor_a_querys_value_reaches_a_log_at_any_level()
    {
        await using var dokploy = await DokployBench.StartAsync();
        dokploy.Server
            .On("project.search", Replies.Json(200, """{"items":[],"total":0}"""))
            .On("application.update", Replies.Json(200, "true"));

        await dokploy.Client.SearchProjectsAsync("query-value", Stop);
        await dokploy.Client.UpdateApplicationAsync("a", new ApplicationSettings { Image = "i", Env = "P='body-value'" }, Stop);

        Assert.Contains("project.search answered 200", dokploy.Logs, StringComparison.Ordinal);
        Assert.DoesNotContain("System.Net.Http", dokploy.Logs, StringComparison.Ordinal);
        Assert.DoesNotContain("query-value", dokploy.Logs, StringComparison.Ordinal);
        Assert.DoesNotContain("body-value", dokploy.Logs, StringComparison.Ordinal);
        Assert.DoesNotContain(DokployBench.Token, dokploy.Logs, StringComparison.Ordinal);
    }

    private static async Task FailAsync(DokployBench dokploy, int times)
    {
        for (var i = 0; i < times; i++)
        {
            await Assert.ThrowsAsync<DokployException>(() => dokploy.Client.GetVersionAsync(Stop));
        }
    }
}
