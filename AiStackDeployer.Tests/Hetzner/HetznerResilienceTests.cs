using System.Net;
using AiStackDeployer.Core.Hetzner;
using AiStackDeployer.Tests.Dokploy;

namespace AiStackDeployer.Tests.Hetzner;

public sealed class HetznerResilienceTests
{
    private static readonly Reply NoZones = Replies.Json(200, """{"zones":[]}""");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_read_is_repeated_until_Hetzner_answers()
    {
        await using var hetzner = await HetznerBench.StartAsync(options => options with { Retries = 3 });
        hetzner.Server.AddZone(42, "example.org").Instead("GET", Replies.Reset, Replies.Html(502), Replies.CutOff);

        Assert.NotNull(await FindAsync(hetzner));
        Assert.Equal(4, hetzner.Server.Calls.Count);
    }

    [Fact]
    public async Task A_read_is_given_up_after_the_set_number_of_repeats()
    {
        await using var hetzner = await HetznerBench.StartAsync(options => options with { Retries = 1 });
        hetzner.Server.Instead("GET", Replies.Html(503), Replies.Html(503), NoZones);

        await Assert.ThrowsAsync<HetznerException>(() => FindAsync(hetzner));

        Assert.Equal(2, hetzner.Server.Calls.Count);
    }

    [Theory]
    [InlineData("GET", 3600, 1)]
    [InlineData("POST", 3600, 1)]
    [InlineData("GET", 1200, 3)]
    [InlineData("GET", 36000, 1)]
    public async Task After_a_rate_limit_the_next_request_that_comes_back_is_waited_for(string method, int limit, int seconds)
    {
        await using var hetzner = await HetznerBench.StartAsync();
        hetzner.Server.AddZone(42, "example.org").Instead(method, hetzner.RateLimited(limit));

        Task call = method == "GET"
            ? FindAsync(hetzner)
            : hetzner.Client.CreateARecordAsync("example.org", "*", IPAddress.Parse("203.0.113.9"), 300, Stop);
        var pause = await hetzner.WaitsAsync(call, due => due >= TimeSpan.FromSeconds(seconds) && due <= TimeSpan.FromSeconds(1.5 * seconds));
        hetzner.Time.Advance(pause - TimeSpan.FromMilliseconds(1));
        Assert.Equal((1, false), (hetzner.Server.Calls.Count, call.IsCompleted));
        hetzner.Time.Advance(TimeSpan.FromMilliseconds(1));
        await call;

        Assert.Equal(2, hetzner.Server.Calls.Count);
        Assert.Equal(hetzner.Server.Calls[0], hetzner.Server.Calls[1]);
    }

    [Fact]
    public async Task A_quota_that_others_use_up_each_time_is_asked_for_four_times_in_all()
    {
        await using var hetzner = await HetznerBench.StartAsync();
        hetzner.Server.Instead("GET", [.. Enumerable.Repeat(hetzner.RateLimited(3600), 5)]);

        var call = FindAsync(hetzner);
        for (var wait = 0; wait < 3; wait++)
        {
            hetzner.Time.Advance(await hetzner.WaitsAsync(call, due => due > TimeSpan.Zero && due <= TimeSpan.FromSeconds(1.5)));
        }

        Assert.Equal(HetznerFault.RateLimited, (await Assert.ThrowsAsync<HetznerException>(() => call)).Kind);
        Assert.Equal(4, hetzner.Server.Calls.Count);
    }

    [Theory]
    [InlineData(60)]
    [InlineData(null)]
    public async Task A_quota_that_comes_back_slowly_or_is_not_told_fails_at_once(int? limit)
    {
        await using var hetzner = await HetznerBench.StartAsync();
        hetzner.Server.Instead("GET", hetzner.RateLimited(limit));

        var fault = await Assert.ThrowsAsync<HetznerException>(() => FindAsync(hetzner));

        Assert.Equal(HetznerFault.RateLimited, fault.Kind);
        Assert.Single(hetzner.Server.Calls);
    }

    [Fact]
    public async Task Without_retries_a_call_is_sent_once_even_after_a_rate_limit()
    {
        await using var hetzner = await HetznerBench.StartAsync();
        hetzner.Server.Instead("GET", hetzner.RateLimited(3600), Replies.Reset);

        Assert.Equal(
            HetznerFault.RateLimited, (await Assert.ThrowsAsync<HetznerException>(() => hetzner.Client.FindZoneOfAsync("example.org", retry: false, Stop))).Kind);
        Assert.Equal(
            HetznerFault.Unreachable, (await Assert.ThrowsAsync<HetznerException>(() => hetzner.Client.FindZoneOfAsync("example.org", retry: false, Stop))).Kind);
        Assert.Equal(2, hetzner.Server.Calls.Count);
    }

    [Theory]
    [InlineData("silent from the start")]
    [InlineData("silent after the headers")]
    public async Task An_attempt_that_falls_silent_is_ended_by_the_clock(string situation)
    {
        await using var hetzner = await HetznerBench.StartAsync(options => options with { AttemptTimeout = TimeSpan.FromSeconds(10) });
        hetzner.Server.Instead("POST", situation == "silent from the start" ? Replies.Hang : Replies.Stall);

        var call = hetzner.Client.CreateARecordAsync("example.org", "*", IPAddress.Parse("203.0.113.9"), 300, Stop);
        await hetzner.Server.ArrivalAsync();
        hetzner.Time.Advance(TimeSpan.FromSeconds(9));
        Assert.False(call.IsCompleted);
        hetzner.Time.Advance(TimeSpan.FromSeconds(2));
        var fault = await Assert.ThrowsAsync<HetznerException>(() => call);

        Assert.Equal((HetznerFault.TimedOut, true), (fault.Kind, fault.MayHaveHappened));
    }

    [Fact]
    public async Task All_repeats_together_end_with_the_total_time()
    {
        await using var hetzner = await HetznerBench.StartAsync(options => options with
        {
            AttemptTimeout = TimeSpan.FromSeconds(10), TotalTimeout = TimeSpan.FromSeconds(15), Retries = 3,
        });
        hetzner.Server.Instead("GET", Replies.Hang, Replies.Hang, Replies.Hang);

        var call = FindAsync(hetzner);
        await hetzner.Server.ArrivalAsync();
        hetzner.Time.Advance(TimeSpan.FromSeconds(10));
        await hetzner.Server.ArrivalAsync();
        hetzner.Time.Advance(TimeSpan.FromSeconds(5));
        var fault = await Assert.ThrowsAsync<HetznerException>(() => call);

        Assert.Equal((HetznerFault.TimedOut, false), (fault.Kind, fault.MayHaveHappened));
        Assert.Equal(2, hetzner.Server.Calls.Count);
    }

    [Fact]
    public async Task An_answer_larger_than_allowed_is_not_read_and_not_asked_for_again()
    {
        await using var hetzner = await HetznerBench.StartAsync(options => options with { MaxResponseBytes = 100 });
        hetzner.Server.Instead("GET", Replies.Json(200, $$"""{"zones":[],"padding":"{{new string('x', 200)}}"}"""));

        var fault = await Assert.ThrowsAsync<HetznerException>(() => FindAsync(hetzner));

        Assert.Equal((HetznerFault.Unreadable, "answer too large"), (fault.Kind, fault.Diagnostic));
        Assert.Single(hetzner.Server.Calls);
    }

    [Fact]
    public async Task Neither_the_token_nor_what_is_asked_reaches_a_log_at_any_level()
    {
        await using var hetzner = await HetznerBench.StartAsync();
        hetzner.Server.AddZone(42, "example.org");

        await hetzner.Client.ListRRSetsAsync("example.org", "query-value", ["A"], Stop);
        await hetzner.Client.CreateARecordAsync("example.org", "body-value", IPAddress.Parse("203.0.113.9"), 300, Stop);

        Assert.Contains("rrsets.create answered 201", hetzner.Logs, StringComparison.Ordinal);
        Assert.DoesNotContain("System.Net.Http", hetzner.Logs, StringComparison.Ordinal);
        Assert.DoesNotContain("query-value", hetzner.Logs, StringComparison.Ordinal);
        Assert.DoesNotContain("body-value", hetzner.Logs, StringComparison.Ordinal);
        Assert.DoesNotContain(FakeHetzner.Token, hetzner.Logs, StringComparison.Ordinal);
    }

    private static Task<HetznerZone?> FindAsync(HetznerBench hetzner) => hetzner.Client.FindZoneOfAsync("example.org", retry: true, Stop);
}
