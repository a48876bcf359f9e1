using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using AiStackDeployer.Core;
using AiStackDeployer.Core.Connections;
using AiStackDeployer.Core.Dokploy;
using AiStackDeployer.Core.Connections.Checks;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.Tests.TestKit;
using Microsoft.Extensions.Time.Testing;
using static AiStackDeployer.Tests.Connections.WildcardLookupTests;

namespace AiStackDeployer.Tests.Connections;

/// <summary>Real handshakes with certificates made here. Names resolve as a test says: as a rule to the listener, as TRAEFIK_IP leads to it.</summary>
public sealed class StackCertificateTests : IDisposable
{
    private const string Suffix = "ai.example.org";
    private const string Wildcard = "*." + Suffix;

    private static readonly TimeSpan Year = TimeSpan.FromDays(365);

    private readonly TestAuthority _authority = new();

    public void Dispose() => _authority.Dispose();

    [Fact]
    public async Task A_trusted_certificate_for_the_wildcard_is_good_and_told_with_its_end()
    {
        var result = await LookAsync(_authority.Issue(-Year, Year, Wildcard));

        result.Is(ConnectionVerdict.Good, ConnectionCause.CertificateGood);
        Assert.Equal("Root of a test", result.Facts.Issuer);
        Assert.Equal([Wildcard], result.Facts.Names!);
        Assert.Equal(["127.0.0.1"], result.Facts.Addresses!);
        Assert.InRange(result.Facts.Expires!.Value - TimeProvider.System.GetUtcNow(), Year - TimeSpan.FromMinutes(5), Year);
        Assert.EndsWith("." + Suffix, result.Facts.Host, StringComparison.Ordinal);
        Assert.NotNull(result.Latency);
    }

    [Fact]
    public async Task A_shorter_certificate_is_renewed_later_and_only_then_counts_as_ending_soon()
    {
        var week = TimeSpan.FromDays(7);
        (await LookAsync(_authority.Issue(TimeSpan.FromDays(2) - week, TimeSpan.FromDays(2), Wildcard)))
            .Is(ConnectionVerdict.Good, ConnectionCause.CertificateGood);
        (await LookAsync(_authority.Issue(TimeSpan.FromDays(1) - week, TimeSpan.FromDays(1), Wildcard)))
            .Is(ConnectionVerdict.Doubtful, ConnectionCause.CertificateExpiresSoon);
    }

    [Theory]
    [InlineData(30, true, ConnectionVerdict.Good, ConnectionCause.CertificateGood)]
    [InlineData(-1, true, ConnectionVerdict.Bad, ConnectionCause.CertificateUntrusted)]
    [InlineData(30, false, ConnectionVerdict.Bad, ConnectionCause.CertificateUntrusted)]
    public async Task What_stands_between_certificate_and_root_must_be_shown_and_be_good_too(
        int days, bool isShown, ConnectionVerdict verdict, ConnectionCause cause)
    {
        var (leaf, intermediate) = _authority.IssueBelow(-Year, TimeSpan.FromDays(days), Wildcard);
        using var own = intermediate;
        using var shown = leaf;
        await using var site = isShown ? await TlsSite.StartAsync(shown, intermediate) : await TlsSite.StartAsync(shown);

        (await Check(site.Address, site.Port, _authority.Roots).OneAsync()).Is(verdict, cause);
    }

    [Fact]
    public async Task Names_that_whoever_answers_has_chosen_are_told_readably_and_not_at_any_length()
    {
        var result = await LookAsync(TestAuthority.SelfSigned("a\u202eb\u0007" + new string('x', 100), Wildcard));

        Assert.Equal("ab" + new string('x', 62), result.Facts.Issuer);
    }

    [Theory]
    [InlineData(13, ConnectionVerdict.Doubtful, ConnectionCause.CertificateExpiresSoon)]
    [InlineData(15, ConnectionVerdict.Good, ConnectionCause.CertificateGood)]
    [InlineData(-1, ConnectionVerdict.Bad, ConnectionCause.CertificateExpired)]
    public async Task A_certificate_counts_by_the_days_it_has_left(int days, ConnectionVerdict verdict, ConnectionCause cause) =>
        (await LookAsync(_authority.Issue(-Year, TimeSpan.FromDays(days), Wildcard))).Is(verdict, cause);

    [Fact]
    public async Task A_certificate_of_tomorrow_is_bad() =>
        (await LookAsync(_authority.Issue(TimeSpan.FromDays(1), Year, Wildcard))).Is(ConnectionVerdict.Bad, ConnectionCause.CertificateNotYetValid);

    [Theory]
    [InlineData("*.example.org")]
    [InlineData(Suffix)]
    [InlineData("jan." + Suffix)]
    public async Task A_certificate_for_another_name_is_bad_and_told_with_its_names(string name)
    {
        var result = await LookAsync(_authority.Issue(-Year, Year, name));

        result.Is(ConnectionVerdict.Bad, ConnectionCause.CertificateWrongName);
        Assert.Contains($"is for other names: {name}.", ConnectionAssert.Said(result), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_of_an_unknown_authority_is_bad() =>
        (await LookAsync(_authority.Issue(-Year, Year, Wildcard), isTrusted: false)).Is(ConnectionVerdict.Bad, ConnectionCause.CertificateUntrusted);

    [Fact]
    public async Task A_certificate_that_vouches_for_itself_is_told_as_that() =>
        (await LookAsync(TestAuthority.SelfSigned(Wildcard, Wildcard))).Is(ConnectionVerdict.Bad, ConnectionCause.CertificateUntrusted);

    [Fact]
    public async Task Traefiks_own_certificate_is_told_apart_from_any_other_self_signed_one() => (await LookAsync(
        TestAuthority.SelfSigned("TRAEFIK DEFAULT CERT", "0a1b.traefik.default"))).Is(ConnectionVerdict.Bad, ConnectionCause.CertificateTraefikDefault);

    [Fact]
    public async Task Where_each_stack_gets_its_own_Traefiks_certificate_is_what_an_unused_host_has() => (await LookAsync(
        TestAuthority.SelfSigned("TRAEFIK DEFAULT CERT", "0a1b.traefik.default"),
        type: DokployCertificateType.LetsEncrypt)).Is(ConnectionVerdict.Good, ConnectionCause.CertificatePerStack);

    [Fact]
    public async Task A_listener_that_speaks_plain_http_is_told_as_that() =>
        (await LookAsync(null)).Is(ConnectionVerdict.Bad, ConnectionCause.StackHostWithoutTls);

    [Fact]
    public async Task A_port_nobody_listens_on_is_told_as_that_with_its_address()
    {
        var result = await Check($"127.0.0.1:{Unused()}", Unused()).OneAsync();

        result.Is(ConnectionVerdict.Bad, ConnectionCause.StackHostUnreachable);
        Assert.Equal(["127.0.0.1"], result.Facts.Addresses!);
    }

    [Fact]
    public async Task A_listener_that_never_answers_is_reported_when_the_checks_own_time_is_over()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var look = Check(listener.LocalEndpoint.ToString(), Unused(), time: time).OneAsync();
        using var accepted = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        // The handshake's first bytes: it has begun.
        await accepted.GetStream().ReadExactlyAsync(new byte[5], TestContext.Current.CancellationToken);

        time.Advance(new ConnectionOptions().CheckTimeout);

        (await look).Is(ConnectionVerdict.Bad, ConnectionCause.StackHostUnreachable);
    }

    [Fact]
    public async Task Where_the_world_is_led_to_somebody_else_a_good_certificate_at_Traefik_is_not_enough()
    {
        using var ours = _authority.Issue(-Year, Year, Wildcard);
        using var theirs = _authority.Issue(-Year, Year, Wildcard);
        await using var traefik = await TlsSite.StartAsync(ours);
        await using var stranger = await TlsSite.StartAsync(theirs);

        var result = await Check($"traefik.test:{traefik.Port}", stranger.Port, _authority.Roots).OneAsync();

        result.Is(ConnectionVerdict.Bad, ConnectionCause.CertificateDiffersOutside);
        Assert.Equal(["127.0.0.1"], result.Facts.Addresses!);
        Assert.Equal([$"traefik.test:{traefik.Port}"], result.Facts.ExpectedAddresses!);
    }

    [Fact]
    public async Task The_same_certificate_inside_and_outside_is_the_same_Traefik()
    {
        using var ours = _authority.Issue(-Year, Year, Wildcard);
        await using var inside = await TlsSite.StartAsync(ours);
        await using var outside = await TlsSite.StartAsync(ours);

        (await Check($"traefik.test:{inside.Port}", outside.Port, _authority.Roots).OneAsync()).Is(ConnectionVerdict.Good, ConnectionCause.CertificateGood);
    }

    [Fact]
    public async Task An_outside_that_is_not_seen_from_here_is_doubtful()
    {
        using var ours = _authority.Issue(-Year, Year, Wildcard);
        await using var traefik = await TlsSite.StartAsync(ours);
        ConnectionResult[] results =
        [
            await Check(traefik.Address, Unused(), _authority.Roots).OneAsync(),
            await Check(traefik.Address, traefik.Port, _authority.Roots, Resolving()).OneAsync(),
            await Check(traefik.Address, traefik.Port, _authority.Roots, Failing(SocketError.TryAgain)).OneAsync(),
        ];

        Assert.All(results, r => Assert.Equal(ConnectionVerdict.Doubtful, r.Verdict));
        Assert.Equal(
            [ConnectionCause.StackHostUnseen, ConnectionCause.StackHostUnseen, ConnectionCause.WildcardResolverFailed], results.Select(r => r.Cause));
    }

    [Fact]
    public async Task Every_address_of_the_name_is_looked_at()
    {
        using var ours = _authority.Issue(-Year, Year, Wildcard);
        await using var site = await TlsSite.StartAsync(ours);

        (await Check(null, site.Port, _authority.Roots).OneAsync()).Is(ConnectionVerdict.Good, ConnectionCause.CertificateGood);
        var result = await Check(null, site.Port, _authority.Roots, Resolving("127.0.0.1", "127.0.0.2")).OneAsync();
        result.Is(ConnectionVerdict.Doubtful, ConnectionCause.StackHostUnseen);
        Assert.Equal(["127.0.0.2"], result.Facts.Addresses!);
    }

    [Theory]
    [InlineData(SocketError.HostNotFound, ConnectionVerdict.Bad, ConnectionCause.WildcardUnresolved)]
    [InlineData(SocketError.NoData, ConnectionVerdict.Bad, ConnectionCause.WildcardUnresolved)]
    [InlineData(SocketError.TryAgain, ConnectionVerdict.Doubtful, ConnectionCause.WildcardResolverFailed)]
    [InlineData(SocketError.NoRecovery, ConnectionVerdict.Doubtful, ConnectionCause.WildcardResolverFailed)]
    public async Task A_resolver_that_fails_is_not_a_name_that_is_missing(SocketError error, ConnectionVerdict verdict, ConnectionCause cause) =>
        (await Check(null, 443, resolve: Failing(error)).OneAsync()).Is(verdict, cause);

    [Fact]
    public async Task A_name_in_TRAEFIK_IP_that_does_not_resolve_is_blamed_on_that_and_the_hosts_own_is_asked_for_whole()
    {
        var asked = new ConcurrentQueue<string>();
        var result = await Check("traefic:443", 443, resolve: (name, _) =>
        {
            asked.Enqueue(name);
            throw new SocketException((int)SocketError.HostNotFound);
        }).OneAsync();

        result.Is(ConnectionVerdict.Bad, ConnectionCause.TraefikAddressUnresolved);
        Assert.Equal("traefic", result.Facts.Host);
        Assert.Equal(["traefic", "whole"], asked.Select(n => n.EndsWith($".{Suffix}.", StringComparison.Ordinal) ? "whole" : n));
    }

    [Fact]
    public async Task Over_plain_http_nothing_is_asked()
    {
        var result = await Check(null, null, scheme: "http").OneAsync();

        result.Is(ConnectionVerdict.NotConfigured, ConnectionCause.CertificateNotNeeded);
        Assert.Null(result.Latency);
    }

    /// <summary>TRAEFIK_IP and the name of the host both lead to a site that shows this one.</summary>
    private async Task<ConnectionResult> LookAsync(
        X509Certificate2? certificate, bool isTrusted = true, DokployCertificateType type = DokployCertificateType.None)
    {
        using var shown = certificate;
        await using var site = await TlsSite.StartAsync(shown);
        return await Check(site.Address, site.Port, isTrusted ? _authority.Roots : null, type: type).OneAsync();
    }

    private static int Unused()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static Func<string, CancellationToken, Task<IPAddress[]>> Failing(SocketError error) => (_, _) => throw new SocketException((int)error);

    private static StackCertificateCheck Check(
        string? traefik,
        int? publicPort,
        X509Certificate2Collection? roots = null,
        Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null,
        DokployCertificateType type = DokployCertificateType.None,
        string scheme = "https",
        TimeProvider? time = null) =>
        new(
            new StackDefaults { DomainSuffix = Suffix, Image = "registry.test/stack:1", Port = 8080, Scheme = scheme, PublicPort = publicPort },
            traefik,
            type,
            new Ids(TimeProvider.System),
            new ConnectionOptions().CheckTimeout,
            time ?? TimeProvider.System)
        {
            TrustedRoots = roots, Resolve = resolve ?? Resolving("127.0.0.1"),
        };
}
