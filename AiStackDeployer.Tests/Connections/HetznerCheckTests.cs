using System.Net;
using AiStackDeployer.Core.Connections;
using AiStackDeployer.Core.Connections.Checks;
using AiStackDeployer.Core.Hetzner;
using AiStackDeployer.Tests.Dokploy;
using AiStackDeployer.Tests.Hetzner;

namespace AiStackDeployer.Tests.Connections;

/// <summary>What is reported about the token and the zone at Hetzner.</summary>
public sealed class HetznerCheckTests
{
    private const string Zone = "example.org";
    private const string Suffix = "ai.example.org";

    private static readonly TimeSpan CheckTimeout = new ConnectionOptions().CheckTimeout;

    [Fact]
    public async Task A_good_token_and_its_zone_are_good()
    {
        await using var hetzner = await HetznerBench.StartAsync();
        hetzner.Server.AddZone(42, Zone);

        var results = await Check(hetzner).RunAsync();

        results[ConnectionTarget.HetznerToken].Is(ConnectionVerdict.Good, ConnectionCause.HetznerTokenAccepted);
        results[ConnectionTarget.HetznerZone].Is(ConnectionVerdict.Good, ConnectionCause.HetznerZoneFound);
        Assert.Equal([Zone], results[ConnectionTarget.HetznerZone].Facts.Names!);
        Assert.Equal("GET", Assert.Single(hetzner.Server.Calls).Method);
    }

    [Fact]
    public async Task What_Hetzner_answered_stands_for_a_minute_and_costs_nothing_meanwhile()
    {
        await using var hetzner = await HetznerBench.StartAsync();
        hetzner.Server.AddZone(42, Zone);
        var check = Check(hetzner);
        await check.RunAsync();

        hetzner.Time.Advance(HetznerCheck.AnswerAge);
        (await check.RunAsync())[ConnectionTarget.HetznerZone].Is(ConnectionVerdict.Good, ConnectionCause.HetznerZoneFound);
        Assert.Single(hetzner.Server.Calls);
        hetzner.Time.Advance(TimeSpan.FromMilliseconds(1));
        await check.RunAsync();
        Assert.Equal(2, hetzner.Server.Calls.Count);
    }

    [Fact]
    public async Task That_Hetzner_could_not_be_reached_is_not_kept()
    {
        await using var hetzner = await HetznerBench.StartAsync();
        hetzner.Server.AddZone(42, Zone).Instead("GET", Replies.Reset);
        var check = Check(hetzner);

        Assert.Single(await check.RunAsync()).Value.Is(ConnectionVerdict.Bad, ConnectionCause.HetznerUnreachable);
        (await check.RunAsync())[ConnectionTarget.HetznerToken].Is(ConnectionVerdict.Good, ConnectionCause.HetznerTokenAccepted);
    }

    [Fact]
    public async Task What_an_operator_has_to_fix_is_checked_again_each_time()
    {
        await using var hetzner = await HetznerBench.StartAsync();
        var check = Check(hetzner);
        (await check.RunAsync())[ConnectionTarget.HetznerZone].Is(ConnectionVerdict.Bad, ConnectionCause.HetznerZoneMissing);

        hetzner.Server.AddZone(42, Zone);

        (await check.RunAsync())[ConnectionTarget.HetznerZone].Is(ConnectionVerdict.Good, ConnectionCause.HetznerZoneFound);
    }

    [Fact]
    public async Task Hetzner_that_does_not_answer_is_reported_when_the_checks_own_time_is_over()
    {
        await using var hetzner = await HetznerBench.StartAsync(o => o with { AttemptTimeout = TimeSpan.FromHours(1), TotalTimeout = TimeSpan.FromHours(2) });
        hetzner.Server.Instead("GET", Replies.Hang);

        var results = Check(hetzner).RunAsync();
        await hetzner.Server.ArrivalAsync();
        hetzner.Time.Advance(CheckTimeout);

        Assert.Single(await results).Value.Is(ConnectionVerdict.Bad, ConnectionCause.HetznerUnreachable);
    }

    [Theory]
    [InlineData(401, "unauthorized", ConnectionVerdict.Bad, ConnectionCause.HetznerTokenRefused)]
    [InlineData(403, "forbidden", ConnectionVerdict.Doubtful, ConnectionCause.HetznerPermissionDenied)]
    [InlineData(429, "rate_limit_exceeded", ConnectionVerdict.Doubtful, ConnectionCause.HetznerBusy)]
    [InlineData(503, "maintenance", ConnectionVerdict.Bad, ConnectionCause.HetznerFailing)]
    public async Task A_token_that_does_not_work_is_told_by_its_cause_and_the_zone_is_not_asked_for(
        int status, string code, ConnectionVerdict verdict, ConnectionCause cause)
    {
        await using var hetzner = await HetznerBench.StartAsync();
        hetzner.Server.Instead("GET", status == 429 ? hetzner.RateLimited(3600) : FakeHetzner.Failing(status, code));

        Assert.Single(await Check(hetzner).RunAsync()).Value.Is(verdict, cause);
    }

    [Theory]
    [InlineData("other.test", "primary", "valid", ConnectionVerdict.Bad, ConnectionCause.HetznerZoneMissing)]
    [InlineData(Zone, "secondary", "valid", ConnectionVerdict.Doubtful, ConnectionCause.HetznerZoneSecondary)]
    [InlineData(Zone, "primary", "lame", ConnectionVerdict.Doubtful, ConnectionCause.HetznerZoneNotDelegated)]
    [InlineData(Zone, "primary", "unknown", ConnectionVerdict.Good, ConnectionCause.HetznerZoneFound)]
    public async Task A_zone_is_missing_a_copy_unused_or_good(string zone, string mode, string delegation, ConnectionVerdict verdict, ConnectionCause cause)
    {
        await using var hetzner = await HetznerBench.StartAsync();
        hetzner.Server.AddZone(42, zone, mode, delegation);

        (await Check(hetzner).RunAsync())[ConnectionTarget.HetznerZone].Is(verdict, cause);
    }

    [Fact]
    public async Task A_configured_zone_that_does_not_hold_the_suffix_is_missing()
    {
        await using var hetzner = await HetznerBench.StartAsync(o => o with { ZoneIdOrName = "other.test" });
        hetzner.Server.AddZone(42, "other.test").AddZone(43, Zone);

        (await Check(hetzner).RunAsync())[ConnectionTarget.HetznerZone].Is(ConnectionVerdict.Bad, ConnectionCause.HetznerZoneMissing);
    }

    [Fact]
    public async Task A_token_that_was_refused_a_change_because_it_may_only_read_is_doubtful_and_its_zone_good()
    {
        await using var hetzner = await HetznerBench.StartAsync();
        hetzner.Server.AddZone(42, Zone).TokenIsReadOnly = true;
        await Assert.ThrowsAsync<HetznerException>(
            () => hetzner.Client.CreateARecordAsync(Zone, "*.ai", IPAddress.Broadcast, 300, TestContext.Current.CancellationToken));

        var results = await Check(hetzner).RunAsync();

        results[ConnectionTarget.HetznerToken].Is(ConnectionVerdict.Doubtful, ConnectionCause.HetznerPermissionDenied);
        results[ConnectionTarget.HetznerZone].Is(ConnectionVerdict.Good, ConnectionCause.HetznerZoneFound);
    }

    private static HetznerCheck Check(HetznerBench hetzner) => new(hetzner.Client, Suffix, CheckTimeout, hetzner.Time);
}
