using System.Net;
using AiStackDeployer.Core.Connections;
using AiStackDeployer.Core.Hetzner;
using AiStackDeployer.Core.Provisioning;
using AiStackDeployer.Core.Provisioning.Checks;
using AiStackDeployer.Tests.Dokploy;
using AiStackDeployer.Tests.Hetzner;
using AiStackDeployer.Tests.Settings;
using AiStackDeployer.Web.Composition;
using Microsoft.Extensions.DependencyInjection;
using static AiStackDeployer.Tests.Provisioning.WildcardDnsTests;

namespace AiStackDeployer.Tests.Provisioning;

/// <summary>How the wildcard's record is made right, and when it is left alone.</summary>
public sealed class WildcardRepairTests
{
    private const string Zone = "example.org";
    private const string Suffix = "ai.example.org";
    private const string Traefik = "203.0.113.9:443";

    private static readonly IPAddress Target = IPAddress.Parse("203.0.113.9");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_missing_record_is_made_and_read_back()
    {
        await using var hetzner = await HetznerBench.StartAsync();
        hetzner.Server.AddZone(42, Zone).AddSet(Zone, "*", "A", 60, "203.0.113.1").AddSet(Zone, "*.ai", "AAAA", null, "2001:db8::1");

        var repair = await Dns(Suffix, Traefik, hetzner.Client, Resolving()).RepairAsync(Stop);

        Assert.Equal(new WildcardRepair.Created(Zone, "*.ai", Target), repair);
        Assert.Equal(["* A 60 203.0.113.1", "*.ai AAAA - 2001:db8::1", "*.ai A 300 203.0.113.9"], hetzner.Server.SetsOf(Zone));
        Assert.Equal("/v1/zones/example.org/rrsets/*.ai/A", hetzner.Server.Calls[^1].Target);
    }

    [Fact]
    public async Task A_wrong_record_is_changed_and_keeps_its_ttl()
    {
        await using var hetzner = await HetznerBench.StartAsync();
        hetzner.Server.AddZone(42, Zone).AddSet(Zone, "*.ai", "A", 3600, "203.0.113.1", "203.0.113.9").AddSet(Zone, "www", "A", 60, "203.0.113.1");

        var repair = Assert.IsType<WildcardRepair.Changed>(await Dns(Suffix, Traefik, hetzner.Client, Resolving()).RepairAsync(Stop));

        Assert.Equal((Zone, "*.ai", Target), (repair.Zone, repair.Name, repair.Address));
        Assert.Equal(["203.0.113.1", "203.0.113.9"], repair.From);
        Assert.Equal(["*.ai A 3600 203.0.113.9", "www A 60 203.0.113.1"], hetzner.Server.SetsOf(Zone));
    }

    [Theory]
    [InlineData("lame", true)]
    [InlineData("unregistered", false)]
    public async Task Where_the_world_does_not_ask_hetzner_nothing_is_written_that_nobody_would_see(string delegation, bool hasRecord)
    {
        await using var hetzner = await HetznerBench.StartAsync();
        hetzner.Server.AddZone(42, Zone, delegation: delegation);
        if (hasRecord)
        {
            hetzner.Server.AddSet(Zone, "*.ai", "A", 60, "203.0.113.1");
        }

        var repair = await Dns(Suffix, Traefik, hetzner.Client, Resolving("203.0.113.7")).RepairAsync(Stop);
        var plan = WildcardRecord.PlanFor(await Dns(Suffix, Traefik, hetzner.Client, Resolving("203.0.113.7")).LookAsync(Stop));

        Assert.Equal(new WildcardRepair.NotPossible(WildcardObstacle.ZoneNotDelegated, Zone), repair);
        var why = Assert.IsType<WildcardPlan.NotPossible>(plan).Why;
        Assert.Equal(ConnectionCause.HetznerZoneNotDelegated, why.Cause);
        Assert.Equal([Zone], why.Facts.Names!);
        Assert.Empty(hetzner.Server.Writes);
    }

    [Fact]
    public async Task A_right_record_is_left_alone()
    {
        await using var hetzner = await HetznerBench.StartAsync();
        hetzner.Server.AddZone(42, Zone).AddSet(Zone, "*.ai", "A", 3600, "203.0.113.9");

        Assert.IsType<WildcardRepair.AlreadyRight>(await Dns(Suffix, Traefik, hetzner.Client, Resolving()).RepairAsync(Stop));
        Assert.Empty(hetzner.Server.Writes);
    }

    [Fact]
    public async Task A_repair_twice_is_one_record()
    {
        await using var hetzner = await HetznerBench.StartAsync();
        hetzner.Server.AddZone(42, Zone);
        var dns = Dns(Suffix, Traefik, hetzner.Client, Resolving());

        Assert.IsType<WildcardRepair.Created>(await dns.RepairAsync(Stop));
        Assert.IsType<WildcardRepair.AlreadyRight>(await dns.RepairAsync(Stop));
        Assert.Single(hetzner.Server.Writes);
    }

    [Fact]
    public async Task It_waits_for_the_action_before_it_reads_back()
    {
        await using var hetzner = await HetznerBench.StartAsync();
        hetzner.Server.AddZone(42, Zone).AddSet(Zone, "*.ai", "A", 60, "203.0.113.1").ActionLooks = 2;

        var repair = Dns(Suffix, Traefik, hetzner.Client, Resolving()).RepairAsync(Stop);
        await hetzner.PollAsync(repair);
        await hetzner.PollAsync(repair);

        Assert.IsType<WildcardRepair.Changed>(await repair);
    }

    [Fact]
    public async Task An_alias_that_leads_elsewhere_is_in_the_way_and_stays()
    {
        await using var hetzner = await HetznerBench.StartAsync();
        hetzner.Server.AddZone(42, Zone).AddSet(Zone, "*.ai", "CNAME", 60, "edge.example.net.");

        Assert.Equal(
            new WildcardRepair.NotPossible(WildcardObstacle.AliasInTheWay),
            await Dns(Suffix, Traefik, hetzner.Client, Resolving("203.0.113.1")).RepairAsync(Stop));
        Assert.IsType<WildcardRepair.AlreadyRight>(await Dns(Suffix, Traefik, hetzner.Client, Resolving("203.0.113.9")).RepairAsync(Stop));
        Assert.Empty(hetzner.Server.Writes);
    }

    [Fact]
    public async Task An_internal_address_never_takes_the_place_of_a_public_one()
    {
        await using var hetzner = await HetznerBench.StartAsync();
        hetzner.Server.AddZone(42, Zone).AddSet(Zone, "*.ai", "A", 60, "203.0.113.1");
        await using var above = await HetznerBench.StartAsync();
        above.Server.AddZone(42, Zone).AddSet(Zone, "*", "A", 60, "203.0.113.1");
        var refused = new WildcardRepair.NotPossible(WildcardObstacle.TargetIsInternal);

        Assert.Equal(refused, await Dns(Suffix, "10.0.0.5", hetzner.Client, Resolving("203.0.113.1")).RepairAsync(Stop));
        Assert.Equal(refused, await Dns(Suffix, "10.0.0.5", hetzner.Client, Resolving()).RepairAsync(Stop));
        Assert.Equal(refused, await Dns(Suffix, "10.0.0.5", above.Client, Resolving("203.0.113.1")).RepairAsync(Stop));
        Assert.Empty(hetzner.Server.Writes);
        Assert.Empty(above.Server.Writes);
    }

    [Fact]
    public async Task In_a_company_whose_stacks_are_internal_an_internal_address_is_right()
    {
        await using var hetzner = await HetznerBench.StartAsync();
        hetzner.Server.AddZone(42, Zone).AddSet(Zone, "*.ai", "A", 60, "10.0.0.4");

        Assert.IsType<WildcardRepair.Changed>(await Dns(Suffix, "10.0.0.5", hetzner.Client, Resolving("10.0.0.4")).RepairAsync(Stop));
        Assert.Equal(["*.ai A 60 10.0.0.5"], hetzner.Server.SetsOf(Zone));
    }

    [Theory]
    [InlineData("ai.localhost", Traefik, WildcardObstacle.LocalSuffix)]
    [InlineData(Suffix, null, WildcardObstacle.NoTarget)]
    [InlineData(Suffix, "traefik.internal", WildcardObstacle.NoTarget)]
    [InlineData(Suffix, "2001:db8::1", WildcardObstacle.NoTarget)]
    [InlineData(Suffix, "127.0.0.1:3101", WildcardObstacle.TargetIsThisMachine)]
    [InlineData(Suffix, "0.0.0.0", WildcardObstacle.TargetIsThisMachine)]
    [InlineData("ai.example.net", Traefik, WildcardObstacle.NoZone)]
    public async Task What_stands_against_a_repair_is_told_and_nothing_is_written(string suffix, string? traefik, WildcardObstacle obstacle)
    {
        await using var hetzner = await HetznerBench.StartAsync();
        hetzner.Server.AddZone(42, Zone);

        Assert.Equal(new WildcardRepair.NotPossible(obstacle), await Dns(suffix, traefik, hetzner.Client, Resolving("203.0.113.1")).RepairAsync(Stop));
        Assert.Empty(hetzner.Server.Writes);
    }

    [Fact]
    public async Task A_configured_zone_that_does_not_hold_the_suffix_is_not_written_to()
    {
        await using var hetzner = await HetznerBench.StartAsync(options => options with { ZoneIdOrName = "43" });
        hetzner.Server.AddZone(43, "example.net").AddZone(42, Zone);

        Assert.Equal(
            new WildcardRepair.NotPossible(WildcardObstacle.OtherZone), await Dns(Suffix, Traefik, hetzner.Client, Resolving()).RepairAsync(Stop));
        Assert.Empty(hetzner.Server.Writes);
    }

    [Theory]
    [InlineData("203.0.113.9", true)]
    [InlineData("203.0.113.1", false)]
    public async Task Without_a_token_only_what_is_right_already_can_be_told(string resolved, bool right) =>
        Assert.Equal(
            right ? new WildcardRepair.AlreadyRight() : new WildcardRepair.NotPossible(WildcardObstacle.NoToken),
            await Dns(Suffix, Traefik, null, Resolving(resolved)).RepairAsync(Stop));

    [Fact]
    public async Task A_token_that_may_only_read_fails_without_harm()
    {
        await using var hetzner = await HetznerBench.StartAsync();
        hetzner.Server.AddZone(42, Zone).TokenIsReadOnly = true;

        Assert.Equal(
            new WildcardRepair.Failed(HetznerFault.PermissionDenied, MayHaveHappened: false),
            await Dns(Suffix, Traefik, hetzner.Client, Resolving()).RepairAsync(Stop));
    }

    [Fact]
    public async Task A_lost_answer_may_have_happened_and_a_second_repair_finds_out()
    {
        await using var hetzner = await HetznerBench.StartAsync();
        hetzner.Server.AddZone(42, Zone).Instead("POST", Replies.Reset);
        var dns = Dns(Suffix, Traefik, hetzner.Client, Resolving());

        Assert.Equal(new WildcardRepair.Failed(HetznerFault.Unreachable, MayHaveHappened: true), await dns.RepairAsync(Stop));
        Assert.IsType<WildcardRepair.Created>(await dns.RepairAsync(Stop));
    }

    [Fact]
    public async Task A_record_that_cannot_be_read_back_may_have_been_written()
    {
        await using var hetzner = await HetznerBench.StartAsync(options => options with { Retries = 0, ZoneIdOrName = Zone });
        hetzner.Server.AddZone(42, Zone).ActionLooks = 1;

        var repair = Dns(Suffix, Traefik, hetzner.Client, Resolving()).RepairAsync(Stop);
        await hetzner.WaitsAsync(repair, TimeSpan.FromSeconds(1));
        hetzner.Server.Instead("GET", Replies.Json(200, """{"action":{"id":1000,"status":"success"}}"""), Replies.Html(502));
        hetzner.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(new WildcardRepair.Failed(HetznerFault.ServerError, MayHaveHappened: true), await repair);
    }

    [Fact]
    public async Task A_change_that_reads_back_differently_is_not_called_done()
    {
        await using var hetzner = await HetznerBench.StartAsync();
        hetzner.Server.AddZone(42, Zone).AddSet(Zone, "*.ai", "A", 60, "203.0.113.1").ForgetsChanges = true;

        Assert.Equal(
            new WildcardRepair.NotPossible(WildcardObstacle.ReadsBackDifferently), await Dns(Suffix, Traefik, hetzner.Client, Resolving()).RepairAsync(Stop));
    }

    [Fact]
    public async Task As_the_portal_composes_it_the_settings_reach_Hetzner()
    {
        await using var hetzner = await FakeHetzner.StartAsync();
        hetzner.AddZone(42, Zone).AddZone(43, "example.net");
        await using var portal = Portal(
            ("STACK_DOMAIN_SUFFIX", Suffix), ("TRAEFIK_IP", Traefik), ("HETZNER_API_TOKEN", FakeHetzner.Token), ("HETZNER_ZONE_ID", "42"),
            ("HETZNER_API_URL", hetzner.Url.ToString()));

        Assert.Equal(new WildcardRepair.Created(Zone, "*.ai", Target), await portal.GetRequiredService<WildcardDns>().RepairAsync(Stop));
        Assert.NotNull(portal.GetService<HetznerDnsClient>());
        Assert.Equal("/v1/zones/42", hetzner.Calls[0].Target);
    }

    [Fact]
    public async Task Without_a_token_the_portal_composes_it_all_the_same()
    {
        await using var portal = Portal(("STACK_DOMAIN_SUFFIX", "ai.localhost"));

        Assert.Equal(WildcardVerdict.LocalOnly, (await portal.GetRequiredService<WildcardDns>().LookAsync(Stop)).Verdict);
        Assert.Null(portal.GetService<HetznerDnsClient>());
    }

    private static ServiceProvider Portal(params (string Key, string? Value)[] settings) => new ServiceCollection()
        .AddLogging().AddSingleton(TimeProvider.System).AddPortalCore(SettingsBench.Production(settings)).BuildServiceProvider();
}
