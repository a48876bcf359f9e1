using System.Net;
using System.Net.Sockets;
using AiStackDeployer.Core;
using AiStackDeployer.Core.Hetzner;
using AiStackDeployer.Core.Provisioning;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.Tests.Dokploy;
using AiStackDeployer.Tests.Hetzner;
using Microsoft.Extensions.Time.Testing;

namespace AiStackDeployer.Tests.Provisioning;

/// <summary>What the wildcard is found to be, from outside and in the zone.</summary>
public sealed class WildcardDnsTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("203.0.113.9", "203.0.113.9", WildcardVerdict.PointsThere)]
    [InlineData("203.0.113.9:443", "203.0.113.9", WildcardVerdict.PointsThere)]
    [InlineData("203.0.113.9", "203.0.113.9 2001:db8::1", WildcardVerdict.PointsThere)]
    [InlineData("203.0.113.9", "203.0.113.9 203.0.113.8", WildcardVerdict.PointsElsewhere)]
    [InlineData("203.0.113.9", "203.0.113.8", WildcardVerdict.PointsElsewhere)]
    [InlineData("203.0.113.9", "2001:db8::1", WildcardVerdict.PointsElsewhere)]
    [InlineData("[2001:db8::1]:443", "203.0.113.8 2001:db8::1", WildcardVerdict.PointsThere)]
    [InlineData("2001:db8::1", "2001:db8::2", WildcardVerdict.PointsElsewhere)]
    [InlineData("::ffff:203.0.113.9", "203.0.113.9", WildcardVerdict.PointsThere)]
    [InlineData("traefik.internal:443", "203.0.113.9", WildcardVerdict.NothingToCompareWith)]
    [InlineData(null, "203.0.113.9", WildcardVerdict.NothingToCompareWith)]
    [InlineData("203.0.113.9", "", WildcardVerdict.DoesNotResolve)]
    [InlineData(null, "", WildcardVerdict.DoesNotResolve)]
    public async Task What_a_name_below_the_suffix_leads_to_is_compared_with_traefiks_address(string? traefik, string resolved, WildcardVerdict verdict)
    {
        var addresses = resolved.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(IPAddress.Parse).ToArray();

        var state = await Dns("ai.example.org", traefik, null, (_, _) => Task.FromResult(addresses)).LookAsync(Stop);

        Assert.Equal(verdict, state.Verdict);
        Assert.Equal(addresses, state.Addresses);
        Assert.Equal(("ai.example.org", "*.ai.example.org"), (state.Suffix, state.Wildcard));
        Assert.IsType<WildcardZoneRecord.NotAsked>(state.Zone);
    }

    [Theory]
    [InlineData(SocketError.HostNotFound, WildcardVerdict.DoesNotResolve)]
    [InlineData(SocketError.NoData, WildcardVerdict.DoesNotResolve)]
    [InlineData(SocketError.TryAgain, WildcardVerdict.ResolverFailed)]
    [InlineData(SocketError.NoRecovery, WildcardVerdict.ResolverFailed)]
    [InlineData(SocketError.TimedOut, WildcardVerdict.ResolverFailed)]
    public async Task A_resolver_that_fails_is_not_a_record_that_is_missing(SocketError error, WildcardVerdict verdict)
    {
        var state = await Dns("ai.example.org", "203.0.113.9", null, (_, _) => throw new SocketException((int)error)).LookAsync(Stop);

        Assert.Equal(verdict, state.Verdict);
        Assert.Empty(state.Addresses);
    }

    [Fact]
    public async Task A_resolver_that_never_answers_is_given_up_by_the_clock()
    {
        var time = new WatchedTime(DateTimeOffset.UnixEpoch);
        var never = new TaskCompletionSource<IPAddress[]>();
        var dns = new WildcardDns(Stacks("ai.example.org"), new ReadinessOptions(), null, new Ids(time), time, (_, _) => never.Task);

        var look = dns.LookAsync(Stop);
        await time.TimerAsync(due => due == HostLookup.Patience, Stop);
        Assert.False(look.IsCompleted);
        time.Advance(HostLookup.Patience);

        Assert.Equal(WildcardVerdict.ResolverFailed, (await look).Verdict);
    }

    [Fact]
    public async Task Each_look_asks_for_another_name_that_is_nobodys()
    {
        var asked = new List<string>();
        var dns = Dns("ai.example.org", null, null, (name, _) =>
        {
            asked.Add(name);
            return Task.FromResult(Array.Empty<IPAddress>());
        });

        var first = await dns.LookAsync(Stop);
        var second = await dns.LookAsync(Stop);

        Assert.Equal([first.AskedName + ".", second.AskedName + "."], asked);
        Assert.NotEqual(first.AskedName, second.AskedName);
        Assert.All(asked, name => Assert.Matches(@"^wildcard-check-[2-9b-z]{16}\.ai\.example\.org\.$", name));
    }

    [Theory]
    [InlineData("ai.localhost")]
    [InlineData("localhost")]
    public async Task Below_localhost_nobody_is_asked(string suffix)
    {
        await using var hetzner = await HetznerBench.StartAsync();
        var state = await Dns(suffix, "127.0.0.1:3101", hetzner.Client, (_, _) => throw new InvalidOperationException()).LookAsync(Stop);

        Assert.Equal((WildcardVerdict.LocalOnly, null), (state.Verdict, state.AskedName));
        Assert.IsType<WildcardZoneRecord.NotAsked>(state.Zone);
        Assert.Empty(hetzner.Server.Calls);
    }

    [Theory]
    [InlineData("ai.example.org", "example.org", "*.ai")]
    [InlineData("a.b.example.org", "example.org", "*.a.b")]
    [InlineData("example.org", "example.org", "*")]
    public async Task The_zones_own_record_is_told_with_its_name_relative_to_the_zone(string suffix, string zone, string name)
    {
        await using var hetzner = await HetznerBench.StartAsync();
        hetzner.Server.AddZone(42, zone, delegation: "lame").AddSet(zone, name, "A", 60, "203.0.113.1", "203.0.113.2")
            .AddSet(zone, name, "AAAA", null, "2001:db8::1").AddSet(zone, name, "TXT", null, "\"x\"").AddSet(zone, "www", "A", null, "203.0.113.3");

        var state = await Dns(suffix, null, hetzner.Client, Resolving("203.0.113.1")).LookAsync(Stop);

        var present = Assert.IsType<WildcardZoneRecord.Present>(state.Zone);
        Assert.Equal((zone, name, 60, null, false), (present.Zone.Name, present.Name, present.Ttl, present.Alias, present.Zone.IsDelegated));
        Assert.Equal(["203.0.113.1", "203.0.113.2"], present.Addresses);
        Assert.Equal(["2001:db8::1"], present.Ipv6Addresses);
        Assert.Empty(hetzner.Server.Writes);
    }

    [Fact]
    public async Task A_zone_without_the_record_says_so()
    {
        await using var hetzner = await HetznerBench.StartAsync();
        hetzner.Server.AddZone(42, "example.org").AddSet("example.org", "*", "A", null, "203.0.113.1").AddSet("example.org", "*.ai", "TXT", null, "\"x\"");

        var absent = Assert.IsType<WildcardZoneRecord.Absent>((await Dns("ai.example.org", null, hetzner.Client, Resolving()).LookAsync(Stop)).Zone);

        Assert.Equal(("example.org", "*.ai"), (absent.Zone.Name, absent.Name));
    }

    [Fact]
    public async Task An_alias_is_told_as_one()
    {
        await using var hetzner = await HetznerBench.StartAsync();
        hetzner.Server.AddZone(42, "example.org").AddSet("example.org", "*.ai", "CNAME", 60, "edge.example.net.");

        var present = Assert.IsType<WildcardZoneRecord.Present>((await Dns("ai.example.org", null, hetzner.Client, Resolving()).LookAsync(Stop)).Zone);

        Assert.Equal(("edge.example.net.", null), (present.Alias, present.Ttl));
        Assert.Empty(present.Addresses);
    }

    [Fact]
    public async Task A_suffix_without_a_zone_and_a_zone_without_the_suffix_are_told_apart()
    {
        await using var hetzner = await HetznerBench.StartAsync();
        await using var configured = await HetznerBench.StartAsync(options => options with { ZoneIdOrName = "example.net" });
        configured.Server.AddZone(43, "example.net");

        Assert.IsType<WildcardZoneRecord.NoZone>((await Dns("ai.example.org", null, hetzner.Client, Resolving()).LookAsync(Stop)).Zone);
        var other = Assert.IsType<WildcardZoneRecord.OtherZone>((await Dns("ai.example.org", null, configured.Client, Resolving()).LookAsync(Stop)).Zone);
        Assert.Equal("example.net", other.Zone.Name);
    }

    [Fact]
    public async Task Trouble_at_Hetzner_leaves_the_look_from_outside()
    {
        await using var hetzner = await HetznerBench.StartAsync();
        hetzner.Server.AddZone(42, "example.org", mode: "secondary");

        var state = await Dns("ai.example.org", "203.0.113.9", hetzner.Client, Resolving("203.0.113.9")).LookAsync(Stop);

        Assert.Equal(WildcardVerdict.PointsThere, state.Verdict);
        Assert.Equal(HetznerFault.WrongZoneMode, Assert.IsType<WildcardZoneRecord.CouldNotRead>(state.Zone).Fault);
    }

    [Theory]
    [InlineData("10.0.0.5", true)]
    [InlineData("172.16.0.1", true)]
    [InlineData("172.32.0.1", false)]
    [InlineData("192.168.1.1:443", true)]
    [InlineData("100.64.0.1", true)]
    [InlineData("100.128.0.1", false)]
    [InlineData("169.254.1.1", true)]
    [InlineData("127.0.0.1", true)]
    [InlineData("fd00::5", true)]
    [InlineData("fe80::1", true)]
    [InlineData("2001:db8::1", false)]
    [InlineData("203.0.113.9", false)]
    [InlineData("traefik.internal", false)]
    [InlineData(null, false)]
    public async Task An_address_of_an_internal_network_is_told_as_one(string? traefik, bool isInternal) =>
        Assert.Equal(isInternal, (await Dns("ai.example.org", traefik, null, Resolving()).LookAsync(Stop)).ExpectedIsInternal);

    internal static WildcardDns Dns(
        string suffix, string? traefik, HetznerDnsClient? hetzner, Func<string, CancellationToken, Task<IPAddress[]>> resolve)
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch);
        return new WildcardDns(Stacks(suffix), new ReadinessOptions { ConnectAddress = traefik }, hetzner, new Ids(time), time, resolve);
    }

    internal static Func<string, CancellationToken, Task<IPAddress[]>> Resolving(params string[] addresses) =>
        (_, _) => Task.FromResult(addresses.Select(IPAddress.Parse).ToArray());

    private static StackDefaults Stacks(string suffix) => new() { DomainSuffix = suffix, Image = "registry.test/stack:1", Port = 8080 };
}
