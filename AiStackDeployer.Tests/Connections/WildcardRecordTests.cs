using AiStackDeployer.Core.Connections;
using AiStackDeployer.Core.Hetzner;
using AiStackDeployer.Tests.Dokploy;
using AiStackDeployer.Tests.Hetzner;
using AiStackDeployer.Tests.Settings;
using AiStackDeployer.Web.Composition;
using Microsoft.Extensions.DependencyInjection;
using static AiStackDeployer.Tests.Connections.WildcardLookupTests;

namespace AiStackDeployer.Tests.Connections;

/// <summary>What Hetzner's zone holds, what is decided about the record, and that exactly that is done.</summary>
public sealed class WildcardRecordTests
{
    private const string Zone = "example.org";
    private const string Suffix = "ai.example.org";
    private const string Traefik = "203.0.113.9:443";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

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
        { "A 203.0.113.1", "127.0.0.1:443", "203.0.113.1", nameof(ConnectionCause.WildcardWithoutTarget) },
        { "A 203.0.113.1", "0.0.0.0", "203.0.113.1", nameof(ConnectionCause.WildcardWithoutTarget) },
        // An internal address never takes the place of a public one, be it this record's, the resolver's, or a wildcard's further up.
        { "A 203.0.113.1", "10.0.0.5", "203.0.113.1", nameof(ConnectionCause.WildcardTargetIsInside) },
        { "A 203.0.113.1", "10.0.0.5", "", nameof(ConnectionCause.WildcardTargetIsInside) },
        { "", "10.0.0.5", "203.0.113.1", nameof(ConnectionCause.WildcardTargetIsInside) },
        { "A 10.0.0.4", "10.0.0.5", "10.0.0.4", "change" },
        { "lame", Traefik, "203.0.113.1", nameof(ConnectionCause.HetznerZoneNotDelegated) },
        { "lame", Traefik, "203.0.113.9", "nothing" },
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
            hetzner.Server.AddZone(42, Zone, delegation: zone == "lame" ? "lame" : "valid");
        }
        if (zone.Split(' ') is [("A" or "AAAA" or "CNAME") and var type, .. var values])
        {
            hetzner.Server.AddSet(Zone, "*.ai", type, 3600, values);
        }
        var record = new WildcardRecord(
            Lookup(Suffix, traefik, Resolving(resolved.Split(' ', StringSplitOptions.RemoveEmptyEntries))), zone == "no token" ? null : hetzner.Client);

        var plan = (await record.LookAsync(Stop)).Plan;
        Assert.Empty(hetzner.Server.Writes);
        var repair = await record.RepairAsync(Stop);

        Assert.Equal((expected, expected), (Word(plan), Word(repair)));
        Assert.Equal(expected is "create" or "change" ? 1 : 0, hetzner.Server.Writes.Count);
        if ((plan, repair) is (WildcardChange.Write planned, WildcardChange.Write done))
        {
            Assert.Equal(planned.From, done.From);
            Assert.Equal(planned with { From = [] }, done with { From = [] });
        }
    }

    [Theory]
    [InlineData(Suffix, Zone, "*.ai")]
    [InlineData("a.b.example.org", Zone, "*.a.b")]
    [InlineData(Zone, Zone, "*")]
    public async Task The_zones_own_record_is_reported_with_its_name_relative_to_the_zone(string suffix, string zone, string name)
    {
        await using var hetzner = await HetznerBench.StartAsync();
        hetzner.Server.AddZone(42, zone).AddSet(zone, name, "A", 60, "203.0.113.1", "203.0.113.2")
            .AddSet(zone, name, "AAAA", null, "2001:db8::1").AddSet(zone, name, "TXT", null, "\"x\"").AddSet(zone, "www", "A", null, "203.0.113.3");

        var state = await Record(hetzner, suffix).LookAsync(Stop);

        Assert.Equal((zone, name, null, 60), (state.Entry!.Zone, state.Entry.Name, state.Entry.Alias, state.Entry.Ttl));
        Assert.Equal(["203.0.113.1", "203.0.113.2"], state.Entry.Addresses);
        Assert.Equal(["2001:db8::1"], state.Entry.Ipv6Addresses);
        state.Zone.Is(ConnectionVerdict.Good, ConnectionCause.WildcardRecordFound);
        Assert.Empty(hetzner.Server.Writes);
    }

    [Fact]
    public async Task A_zone_without_the_record_says_so()
    {
        await using var hetzner = await HetznerBench.StartAsync();
        hetzner.Server.AddZone(42, Zone).AddSet(Zone, "*", "A", null, "203.0.113.1").AddSet(Zone, "*.ai", "TXT", null, "\"x\"");

        var state = await Record(hetzner).LookAsync(Stop);

        state.Zone.Is(ConnectionVerdict.Bad, ConnectionCause.WildcardRecordAbsent);
        Assert.Equal([Zone], state.Zone.Facts.Names!);
        Assert.Null(state.Entry);
    }

    [Fact]
    public async Task A_missing_record_is_created_and_read_back()
    {
        await using var hetzner = await HetznerBench.StartAsync();
        hetzner.Server.AddZone(42, Zone).AddSet(Zone, "*", "A", 60, "203.0.113.1").AddSet(Zone, "*.ai", "AAAA", null, "2001:db8::1");

        var repair = Assert.IsType<WildcardChange.Write>(await Record(hetzner).RepairAsync(Stop));

        Assert.Equal((true, Zone, "*.ai", "203.0.113.9", 300), (repair.IsNew, repair.Zone, repair.Name, repair.To, repair.Ttl));
        Assert.Equal(["* A 60 203.0.113.1", "*.ai AAAA - 2001:db8::1", "*.ai A 300 203.0.113.9"], hetzner.Server.SetsOf(Zone));
        Assert.Equal("/v1/zones/example.org/rrsets/*.ai/A", hetzner.Server.Calls[^1].Target);
    }

    [Fact]
    public async Task A_wrong_record_is_changed_and_keeps_its_ttl()
    {
        await using var hetzner = await HetznerBench.StartAsync();
        hetzner.Server.AddZone(42, Zone).AddSet(Zone, "*.ai", "A", 3600, "203.0.113.1", "203.0.113.9").AddSet(Zone, "www", "A", 60, "203.0.113.1");

        var repair = Assert.IsType<WildcardChange.Write>(await Record(hetzner).RepairAsync(Stop));

        Assert.Equal(["203.0.113.1", "203.0.113.9"], repair.From);
        Assert.Equal(["*.ai A 3600 203.0.113.9", "www A 60 203.0.113.1"], hetzner.Server.SetsOf(Zone));
    }

    [Fact]
    public async Task A_repair_twice_is_one_record()
    {
        await using var hetzner = await HetznerBench.StartAsync();
        hetzner.Server.AddZone(42, Zone);
        var record = Record(hetzner);

        Assert.IsType<WildcardChange.Write>(await record.RepairAsync(Stop));
        Assert.IsType<WildcardChange.None>(await record.RepairAsync(Stop));
        Assert.Single(hetzner.Server.Writes);
    }

    [Fact]
    public async Task It_waits_for_the_action_before_it_reads_back()
    {
        await using var hetzner = await HetznerBench.StartAsync();
        hetzner.Server.AddZone(42, Zone).AddSet(Zone, "*.ai", "A", 60, "203.0.113.1").ActionLooks = 2;

        var repair = Record(hetzner).RepairAsync(Stop);
        await hetzner.PollAsync(repair);
        await hetzner.PollAsync(repair);

        Assert.IsType<WildcardChange.Write>(await repair);
    }

    [Fact]
    public async Task A_configured_zone_that_does_not_hold_the_suffix_is_not_written_to()
    {
        await using var hetzner = await HetznerBench.StartAsync(options => options with { ZoneIdOrName = "43" });
        hetzner.Server.AddZone(43, "example.net").AddZone(42, Zone);

        Assert.Equal(nameof(ConnectionCause.HetznerZoneMissing), Word(await Record(hetzner).RepairAsync(Stop)));
        Assert.Empty(hetzner.Server.Writes);
    }

    [Fact]
    public async Task Below_localhost_Hetzner_is_not_asked()
    {
        await using var hetzner = await HetznerBench.StartAsync();

        Assert.Equal(nameof(ConnectionCause.WildcardLocal), Word(await Record(hetzner, "ai.localhost").RepairAsync(Stop)));
        Assert.Empty(hetzner.Server.Calls);
    }

    [Fact]
    public async Task A_fault_of_Hetzners_is_reported_in_its_place_and_the_resolver_is_asked_all_the_same()
    {
        await using var hetzner = await HetznerBench.StartAsync(o => o with { Retries = 0 });
        hetzner.Server.Instead("GET", Replies.Html(502));

        var state = await Record(hetzner).LookAsync(Stop);

        state.Zone.Is(ConnectionVerdict.Bad, ConnectionCause.HetznerFailing);
        state.World.Is(ConnectionVerdict.Bad, ConnectionCause.WildcardUnresolved);
        FailedWith(ConnectionCause.HetznerFailing, mayHaveHappened: false, state.Plan);
    }

    [Fact]
    public async Task A_token_that_may_only_read_fails_without_harm()
    {
        await using var hetzner = await HetznerBench.StartAsync();
        hetzner.Server.AddZone(42, Zone).TokenIsReadOnly = true;

        FailedWith(ConnectionCause.HetznerPermissionDenied, mayHaveHappened: false, await Record(hetzner).RepairAsync(Stop));
    }

    [Fact]
    public async Task A_lost_answer_may_have_happened_and_a_second_repair_finds_out()
    {
        await using var hetzner = await HetznerBench.StartAsync();
        hetzner.Server.AddZone(42, Zone).Instead("POST", Replies.Reset);
        var record = Record(hetzner);

        FailedWith(ConnectionCause.HetznerUnreachable, mayHaveHappened: true, await record.RepairAsync(Stop));
        Assert.IsType<WildcardChange.Write>(await record.RepairAsync(Stop));
    }

    [Fact]
    public async Task A_record_that_cannot_be_read_back_may_have_been_written()
    {
        await using var hetzner = await HetznerBench.StartAsync(options => options with { Retries = 0, ZoneIdOrName = Zone });
        hetzner.Server.AddZone(42, Zone).ActionLooks = 1;

        var repair = Record(hetzner).RepairAsync(Stop);
        await hetzner.WaitsAsync(repair, TimeSpan.FromSeconds(1));
        hetzner.Server.Instead("GET", Replies.Json(200, """{"action":{"id":1000,"status":"success"}}"""), Replies.Html(502));
        hetzner.Time.Advance(TimeSpan.FromSeconds(1));

        FailedWith(ConnectionCause.HetznerFailing, mayHaveHappened: true, await repair);
    }

    [Fact]
    public async Task A_change_that_reads_back_differently_is_not_called_done()
    {
        await using var hetzner = await HetznerBench.StartAsync();
        hetzner.Server.AddZone(42, Zone).AddSet(Zone, "*.ai", "A", 60, "203.0.113.1").ForgetsChanges = true;

        FailedWith(ConnectionCause.HetznerRejected, mayHaveHappened: true, await Record(hetzner).RepairAsync(Stop));
    }

    [Fact]
    public async Task As_the_portal_composes_it_the_settings_reach_Hetzner()
    {
        await using var hetzner = await FakeHetzner.StartAsync();
        hetzner.AddZone(42, Zone).AddZone(43, "example.net");
        await using var portal = Portal(
            ("STACK_DOMAIN_SUFFIX", Suffix), ("TRAEFIK_IP", "10.0.0.5"), ("HETZNER_API_TOKEN", FakeHetzner.Token), ("HETZNER_ZONE_ID", "42"),
            ("HETZNER_API_URL", hetzner.Url.ToString()));

        var state = await portal.GetRequiredService<IWildcardRecord>().LookAsync(Stop);

        Assert.Equal(ConnectionCause.WildcardRecordAbsent, state.Zone.Cause);
        Assert.Equal(("*.ai.example.org", "10.0.0.5"), (state.Name, Assert.Single(state.World.Facts.ExpectedAddresses!)));
        Assert.Equal("/v1/zones/42", hetzner.Calls[0].Target);
    }

    [Fact]
    public async Task Without_a_token_the_portal_composes_it_all_the_same()
    {
        await using var portal = Portal(("STACK_DOMAIN_SUFFIX", "ai.localhost"));

        Assert.Equal(ConnectionCause.WildcardLocal, (await portal.GetRequiredService<IWildcardRecord>().LookAsync(Stop)).World.Cause);
        Assert.Null(portal.GetService<HetznerDnsClient>());
    }

    private static WildcardRecord Record(HetznerBench hetzner, string suffix = Suffix) =>
        new(Lookup(suffix, Traefik, Resolving()), hetzner.Client);

    private static void FailedWith(ConnectionCause cause, bool mayHaveHappened, WildcardChange change)
    {
        var failed = Assert.IsType<WildcardChange.Failed>(change);
        Assert.Equal((cause, mayHaveHappened), (failed.Why.Cause, failed.MayHaveHappened));
    }

    private static string Word(WildcardChange change) => change switch
    {
        WildcardChange.None => "nothing",
        WildcardChange.Write write => write.IsNew ? "create" : "change",
        WildcardChange.NotPossible notPossible => notPossible.Why.Cause.ToString(),
        _ => change.GetType().Name,
    };

    private static ServiceProvider Portal(params (string Key, string? Value)[] settings) => new ServiceCollection()
        .AddLogging().AddSingleton(TimeProvider.System).AddPortalCore(SettingsBench.Production(settings)).BuildServiceProvider();
}
