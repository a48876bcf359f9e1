using System.Net;
using System.Net.Sockets;
using AiStackDeployer.Core;
using AiStackDeployer.Core.Connections;
using AiStackDeployer.Core.Connections.Checks;
using AiStackDeployer.Tests.TestKit;
using Microsoft.Extensions.Time.Testing;

namespace AiStackDeployer.Tests.Connections;

/// <summary>Where names below the suffix lead, as the resolver sees it.</summary>
public sealed class WildcardLookupTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("203.0.113.9", "203.0.113.9", ConnectionVerdict.Good, ConnectionCause.WildcardPointsThere)]
    [InlineData("203.0.113.9:443", "203.0.113.9", ConnectionVerdict.Good, ConnectionCause.WildcardPointsThere)]
    [InlineData("203.0.113.9", "203.0.113.9 2001:db8::1", ConnectionVerdict.Good, ConnectionCause.WildcardPointsThere)]
    [InlineData("203.0.113.9", "203.0.113.8 203.0.113.9", ConnectionVerdict.Bad, ConnectionCause.WildcardPointsElsewhere)]
    [InlineData("203.0.113.9", "203.0.113.8", ConnectionVerdict.Bad, ConnectionCause.WildcardPointsElsewhere)]
    [InlineData("203.0.113.9", "2001:db8::1", ConnectionVerdict.Bad, ConnectionCause.WildcardPointsElsewhere)]
    [InlineData("[2001:db8::1]:443", "2001:db8::1 203.0.113.8", ConnectionVerdict.Good, ConnectionCause.WildcardPointsThere)]
    [InlineData("2001:db8::1", "2001:db8::2", ConnectionVerdict.Bad, ConnectionCause.WildcardPointsElsewhere)]
    [InlineData("::ffff:203.0.113.9", "203.0.113.9", ConnectionVerdict.Good, ConnectionCause.WildcardPointsThere)]
    [InlineData("10.0.0.5", "203.0.113.8", ConnectionVerdict.Doubtful, ConnectionCause.WildcardDiffersInside)]
    [InlineData("traefik.internal:443", "203.0.113.9", ConnectionVerdict.Good, ConnectionCause.WildcardResolves)]
    [InlineData(null, "203.0.113.9", ConnectionVerdict.Good, ConnectionCause.WildcardResolves)]
    [InlineData("203.0.113.9", "", ConnectionVerdict.Bad, ConnectionCause.WildcardUnresolved)]
    public async Task What_a_name_below_the_suffix_leads_to_is_compared_with_traefiks_address(
        string? traefik, string resolved, ConnectionVerdict verdict, ConnectionCause cause)
    {
        var addresses = resolved.Split(' ', StringSplitOptions.RemoveEmptyEntries);

        var result = await new WildcardDnsCheck(Lookup("ai.example.org", traefik, Resolving(addresses))).OneAsync();

        result.Is(verdict, cause);
        Assert.Equal("*.ai.example.org", result.Facts.Host);
        Assert.Equal(addresses.Order(StringComparer.Ordinal), result.Facts.Addresses ?? []);
        Assert.NotNull(result.Latency);
    }

    [Theory]
    [InlineData(SocketError.HostNotFound, ConnectionCause.WildcardUnresolved)]
    [InlineData(SocketError.NoData, ConnectionCause.WildcardUnresolved)]
    [InlineData(SocketError.TryAgain, ConnectionCause.WildcardResolverFailed)]
    [InlineData(SocketError.NoRecovery, ConnectionCause.WildcardResolverFailed)]
    [InlineData(SocketError.TimedOut, ConnectionCause.WildcardResolverFailed)]
    public async Task A_resolver_that_fails_is_not_a_record_that_is_missing(SocketError error, ConnectionCause cause) =>
        Assert.Equal(cause, (await Lookup("ai.example.org", "203.0.113.9", (_, _) => throw new SocketException((int)error)).LookAsync(Stop)).Cause);

    [Fact]
    public async Task A_resolver_that_never_answers_times_out()
    {
        var time = new WatchedTime(DateTimeOffset.UnixEpoch);
        var never = new TaskCompletionSource<IPAddress[]>();

        var look = new WildcardLookup("ai.example.org", null, new Ids(time), time, (_, _) => never.Task).LookAsync(Stop);
        await time.TimerAsync(due => due == HostLookup.Timeout, Stop);
        Assert.False(look.IsCompleted);
        time.Advance(HostLookup.Timeout);

        Assert.Equal(ConnectionCause.WildcardResolverFailed, (await look).Cause);
    }

    [Fact]
    public async Task Each_look_asks_for_another_name_that_is_nobodys()
    {
        var asked = new List<string>();
        var lookup = Lookup("ai.example.org", null, (name, _) =>
        {
            asked.Add(name);
            return Task.FromResult(Array.Empty<IPAddress>());
        });

        await lookup.LookAsync(Stop);
        await lookup.LookAsync(Stop);

        Assert.Equal(2, asked.Distinct().Count());
        Assert.All(asked, name => Assert.Matches(@"^wildcard-check-[2-9b-z]{16}\.ai\.example\.org\.$", name));
    }

    [Theory]
    [InlineData("ai.localhost")]
    [InlineData("localhost")]
    public async Task Below_localhost_the_resolver_is_not_asked(string suffix)
    {
        var result = await Lookup(suffix, "127.0.0.1:3101", (_, _) => throw new InvalidOperationException()).LookAsync(Stop);

        result.Is(ConnectionVerdict.NotConfigured, ConnectionCause.WildcardLocal);
        Assert.Null(result.Latency);
    }

    [Theory]
    [InlineData("10.0.0.5", true)]
    [InlineData("172.16.0.1", true)]
    [InlineData("172.32.0.1", false)]
    [InlineData("192.168.1.1", true)]
    [InlineData("100.64.0.1", true)]
    [InlineData("100.128.0.1", false)]
    [InlineData("169.254.1.1", true)]
    [InlineData("127.0.0.1", true)]
    [InlineData("fd00::5", true)]
    [InlineData("fe80::1", true)]
    [InlineData("2001:db8::1", false)]
    [InlineData("203.0.113.9", false)]
    public void Addresses_that_are_not_reachable_from_everywhere_are_internal(string address, bool isInternal) =>
        Assert.Equal(isInternal, WildcardLookup.IsInternal(IPAddress.Parse(address)));

    internal static WildcardLookup Lookup(string suffix, string? traefik, Func<string, CancellationToken, Task<IPAddress[]>> resolve)
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch);
        return new WildcardLookup(suffix, traefik, new Ids(time), time, resolve);
    }

    internal static Func<string, CancellationToken, Task<IPAddress[]>> Resolving(params string[] addresses) =>
        (_, _) => Task.FromResult(addresses.Select(IPAddress.Parse).ToArray());
}
