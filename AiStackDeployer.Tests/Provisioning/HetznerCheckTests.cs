using System.Net;
using System.Net.Sockets;
using AiStackDeployer.Core.Connections;
using AiStackDeployer.Core.Hetzner;
using AiStackDeployer.Core.Provisioning.Checks;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.Tests.Connections;
using AiStackDeployer.Tests.Dokploy;
using AiStackDeployer.Tests.Hetzner;
using static AiStackDeployer.Tests.Provisioning.WildcardDnsTests;

namespace AiStackDeployer.Tests.Provisioning;

/// <summary>What is told about Hetzner and the wildcard, and that a plan is what a repair then does.</summary>
public sealed class HetznerCheckTests
{
    private const string Zone = "example.org";
    private const string Suffix = "ai.example.org";
    private const string Traefik = "203.0.113.9:443";

    private static readonly TimeSpan Patience = new ConnectionOptions().CheckPatience;

    private static readonly StackDefaults Defaults = new() { DomainSuffix = Suffix, Image = "registry.test/stack:1", Port = 8080 };

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
    public async Task What_somebody_has_to_mend_is_asked_anew_so_that_he_sees_that_he_has()
    {
        await using var hetzner = await HetznerBench.StartAsync();
        var check = Check(hetzner);
        (await check.RunAsync())[ConnectionTarget.HetznerZone].Is(ConnectionVerdict.Bad, ConnectionCause.HetznerZoneMissing);

        hetzner.Server.AddZone(42, Zone);

        (await check.RunAsync())[ConnectionTarget.HetznerZone].Is(ConnectionVerdict.Good, ConnectionCause.HetznerZoneFound);
    }

    [Fact]
    public async Task Hetzner_that_does_not_answer_is_told_as_silent_when_the_checks_own_time_is_over()
    {
        await using var hetzner = await HetznerBench.StartAsync(o => o with { AttemptTimeout = TimeSpan.FromHours(1), TotalTimeout = TimeSpan.FromHours(2) });
        hetzner.Server.Instead("GET", Replies.Hang);

        var results = Check(hetzner).RunAsync();
        await hetzner.Server.ArrivalAsync();
        hetzner.Time.Advance(Patience);

        Assert.Single(await results).Value.Is(ConnectionVerdict.Bad, ConnectionCause.HetznerSilent);
    }

    [Theory]
    [InlineData(401, "unauthorized", ConnectionVerdict.Bad, ConnectionCause.HetznerTokenRefused)]
    [InlineData(403, "forbidden", ConnectionVerdict.Bad, ConnectionCause.HetznerPermissionDenied)]
    [InlineData(429, "rate_limit_exceeded", ConnectionVerdict.Doubtful, ConnectionCause.HetznerRateLimited)]
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
    public async Task A_zone_that_is_set_but_does_not_hold_the_suffix_is_told_as_that()
    {
        await using var hetzner = await HetznerBench.StartAsync(o => o with { ZoneIdOrName = "other.test" });
        hetzner.Server.AddZone(42, "other.test").AddZone(43, Zone);

        (await Check(hetzner).RunAsync())[ConnectionTarget.HetznerZone].Is(ConnectionVerdict.Bad, ConnectionCause.HetznerZoneOther);
    }

    [Theory]
    [InlineData(Traefik, "203.0.113.9", ConnectionVerdict.Good, ConnectionCause.WildcardPointsThere)]
    [InlineData(Traefik, "203.0.113.8", ConnectionVerdict.Bad, ConnectionCause.WildcardPointsElsewhere)]
    [InlineData("10.0.0.5", "203.0.113.8", ConnectionVerdict.Doubtful, ConnectionCause.WildcardDiffersInside)]
    [InlineData(null, "203.0.113.8", ConnectionVerdict.Good, ConnectionCause.WildcardResolves)]
    [InlineData(null, "", ConnectionVerdict.Bad, ConnectionCause.WildcardUnresolved)]
    public async Task Where_the_wildcard_leads_is_judged_by_where_it_should(string? traefik, string resolved, ConnectionVerdict verdict, ConnectionCause cause)
    {
        var addresses = resolved.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(IPAddress.Parse).ToArray();
        var check = new WildcardDnsCheck(Dns(Suffix, traefik, null, (_, _) => Task.FromResult(addresses)), TimeProvider.System);

        var result = await check.OneAsync();

        result.Is(verdict, cause);
        Assert.NotNull(result.Latency);
    }

    [Fact]
    public async Task A_resolver_that_fails_and_a_local_suffix_are_told_as_that()
    {
        (await new WildcardDnsCheck(Dns(Suffix, null, null, (_, _) => throw new SocketException((int)SocketError.TryAgain)), TimeProvider.System).OneAsync())
            .Is(ConnectionVerdict.Doubtful, ConnectionCause.WildcardResolverFailed);
        (await new WildcardDnsCheck(Dns("ai.localhost", null, null, (_, _) => Task.FromResult<IPAddress[]>([])), TimeProvider.System).OneAsync())
            .Is(ConnectionVerdict.NotConfigured, ConnectionCause.WildcardLocal);
    }

    /// <summary>What stands in the zone, TRAEFIK_IP, what the world resolves, and what both plan and repair make of it.</summary>
    public static TheoryData<string, string?, string, string> Situations => new()
    {
        { "", Traefik, "", "create" },
        { "AAAA 2001:db8::1", Traefik, "", "create" },
        { "A 203.0.113.1", Traefik, "203.0.113.1", "change" },
        { "A 203.0.113.1 203.0.113.9", Traefik, "203.0.113.1", "change" },
        { "A 203.0.113.9", Traefik, "203.0.113.1", "nothing" },
        { "CNAME elsewhere.test.", Traefik, "203.0.113.1", nameof(ConnectionCause.WildcardAliasInTheWay) },
        { "CNAME traefik.test.", Traefik, "203.0.113.9", "nothing" },
        { "A 203.0.113.1", null, "203.0.113.1", nameof(ConnectionCause.WildcardWithoutTarget) },
        { "A 203.0.113.1", "traefik.internal:443", "203.0.113.1", nameof(ConnectionCause.WildcardWithoutTarget) },
        { "A 203.0.113.1", "[2001:db8::1]:443", "203.0.113.1", nameof(ConnectionCause.WildcardWithoutTarget) },
        { "A 203.0.113.1", "127.0.0.1:443", "203.0.113.1", nameof(ConnectionCause.WildcardTargetIsHere) },
        { "A 203.0.113.1", "10.0.0.5", "203.0.113.1", nameof(ConnectionCause.WildcardTargetIsInside) },
        { "", "10.0.0.5", "203.0.113.1", nameof(ConnectionCause.WildcardTargetIsInside) },
        { "A 10.0.0.4", "10.0.0.5", "10.0.0.4", "change" },
        { "no zone", Traefik, "203.0.113.1", nameof(ConnectionCause.HetznerZoneMissing) },
        { "no token", Traefik, "203.0.113.1", nameof(ConnectionCause.HetznerTokenNotSet) },
        { "no token", Traefik, "203.0.113.9", "nothing" },
    };

    [Theory]
    [MemberData(nameof(Situations))]
    public async Task A_plan_is_what_the_repair_then_does(string zone, string? traefik, string resolved, string expected)
    {
        await using var hetzner = await HetznerBench.StartAsync();
        if (zone != "no zone")
        {
            hetzner.Server.AddZone(42, Zone);
        }
        if (zone.Split(' ') is [("A" or "AAAA" or "CNAME") and var type, .. var values])
        {
            hetzner.Server.AddSet(Zone, "*.ai", type, 300, values);
        }
        var addresses = resolved.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(IPAddress.Parse).ToArray();
        var record = new WildcardRecord(
            Dns(Suffix, traefik, zone == "no token" ? null : hetzner.Client, (_, _) => Task.FromResult(addresses)), Defaults);

        var plan = (await record.LookAsync(TestContext.Current.CancellationToken)).Plan;
        Assert.Empty(hetzner.Server.Writes);
        var repair = await record.RepairAsync(TestContext.Current.CancellationToken);

        Assert.Equal((expected, expected), (Word(plan), Word(repair)));
        Assert.Equal(expected is "create" or "change" ? 1 : 0, hetzner.Server.Writes.Count);
        switch ((plan, repair))
        {
            case (WildcardPlan.Create planned, WildcardRepairResult.Created done):
                Assert.Equal((planned.Zone, planned.Name, planned.Address), (done.Zone, done.Name, done.Address));
                break;
            case (WildcardPlan.Change planned, WildcardRepairResult.Changed done):
                Assert.Equal((planned.Zone, planned.Name, planned.Address), (done.Zone, done.Name, done.Address));
                Assert.Equal(planned.From, done.From);
                break;
        }
    }

    [Fact]
    public async Task A_change_that_reads_back_as_something_else_may_have_happened()
    {
        await using var hetzner = await HetznerBench.StartAsync();
        hetzner.Server.AddZone(42, Zone).AddSet(Zone, "*.ai", "A", 300, "203.0.113.1");
        hetzner.Server.ForgetsChanges = true;
        var record = new WildcardRecord(Dns(Suffix, Traefik, hetzner.Client, (_, _) => Task.FromResult<IPAddress[]>([])), Defaults);

        var failed = Assert.IsType<WildcardRepairResult.Failed>(await record.RepairAsync(TestContext.Current.CancellationToken));

        Assert.Equal((ConnectionCause.WildcardReadsBackDifferently, true), (failed.Why.Cause, failed.MayHaveHappened));
    }

    [Theory]
    [InlineData("", ConnectionCause.WildcardRecordAbsent)]
    [InlineData("A 203.0.113.1", ConnectionCause.WildcardRecordFound)]
    public async Task What_Hetzner_has_is_told(string set, ConnectionCause cause)
    {
        await using var hetzner = await HetznerBench.StartAsync();
        hetzner.Server.AddZone(42, Zone);
        if (set.Length > 0)
        {
            hetzner.Server.AddSet(Zone, "*.ai", "A", 300, "203.0.113.1");
        }

        var state = await new WildcardRecord(Dns(Suffix, Traefik, hetzner.Client, (_, _) => Task.FromResult<IPAddress[]>([])), Defaults)
            .LookAsync(TestContext.Current.CancellationToken);

        Assert.Equal(cause, state.Zone.Cause);
        Assert.Equal(set.Length == 0 ? null : "example.org *.ai 203.0.113.1 300", state.Entry is { } e ? $"{e.Zone} {e.Name} {e.Addresses[0]} {e.Ttl}" : null);
    }

    [Fact]
    public async Task Hetzners_fault_is_told_in_its_place_and_the_world_is_looked_at_all_the_same()
    {
        await using var hetzner = await HetznerBench.StartAsync(o => o with { Retries = 0 });
        hetzner.Server.Instead("GET", Replies.Html(502));

        var state = await new WildcardRecord(Dns(Suffix, Traefik, hetzner.Client, (_, _) => Task.FromResult<IPAddress[]>([])), Defaults)
            .LookAsync(TestContext.Current.CancellationToken);

        state.Zone.Is(ConnectionVerdict.Bad, ConnectionCause.HetznerFailing);
        state.World.Is(ConnectionVerdict.Bad, ConnectionCause.WildcardUnresolved);
        Assert.Equal(ConnectionCause.HetznerFailing, Assert.IsType<WildcardPlan.NotPossible>(state.Plan).Why.Cause);
    }

    [Fact]
    public void Every_fault_of_Hetzners_has_a_cause_of_its_own_or_shares_one_on_purpose() => Assert.Equal(
        [HetznerFault.Invalid, HetznerFault.Rejected],
        Enum.GetValues<HetznerFault>().Where(f => HetznerCauses.Of(f) == ConnectionCause.HetznerRejected));

    private static HetznerCheck Check(HetznerBench hetzner) => new(hetzner.Client, Suffix, Patience, hetzner.Time);

    private static string Word(WildcardPlan plan) => plan switch
    {
        WildcardPlan.Create => "create",
        WildcardPlan.Change => "change",
        WildcardPlan.NothingToDo => "nothing",
        WildcardPlan.NotPossible notPossible => notPossible.Why.Cause.ToString(),
        _ => plan.GetType().Name,
    };

    private static string Word(WildcardRepairResult result) => result switch
    {
        WildcardRepairResult.Created => "create",
        WildcardRepairResult.Changed => "change",
        WildcardRepairResult.AlreadyRight => "nothing",
        WildcardRepairResult.NotPossible notPossible => notPossible.Why.Cause.ToString(),
        _ => result.GetType().Name,
    };
}
