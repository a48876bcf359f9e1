using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using AiStackDeployer.Core;
using AiStackDeployer.Core.Connections;
using AiStackDeployer.Core.Dokploy;
using AiStackDeployer.Core.Provisioning;
using AiStackDeployer.Core.Provisioning.Checks;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.Tests.Connections;
using AiStackDeployer.Tests.TestKit;

namespace AiStackDeployer.Tests.Provisioning;

/// <summary>Real handshakes with certificates made here. The name resolves nowhere: TRAEFIK_IP leads to the listener.</summary>
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
        (await LookAsync(TestAuthority.SelfSigned(Wildcard, Wildcard))).Is(ConnectionVerdict.Bad, ConnectionCause.CertificateSelfSigned);

    [Fact]
    public async Task Traefiks_own_certificate_is_told_apart_from_any_other_self_signed_one() => (await LookAsync(
        TestAuthority.SelfSigned("TRAEFIK DEFAULT CERT", "0a1b.traefik.default"))).Is(ConnectionVerdict.Bad, ConnectionCause.CertificateTraefikDefault);

    [Fact]
    public async Task Where_each_stack_gets_its_own_Traefiks_certificate_is_what_an_unused_host_has() => (await LookAsync(
        TestAuthority.SelfSigned("TRAEFIK DEFAULT CERT", "0a1b.traefik.default"),
        change: o => o with { CertificateType = DokployCertificateType.LetsEncrypt })).Is(ConnectionVerdict.Good, ConnectionCause.CertificatePerStack);

    [Fact]
    public async Task A_listener_that_speaks_plain_http_is_told_as_that() =>
        (await LookAsync(null)).Is(ConnectionVerdict.Bad, ConnectionCause.StackHostWithoutTls);

    [Fact]
    public async Task A_port_nobody_listens_on_is_told_as_that()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = listener.LocalEndpoint.ToString();
        listener.Stop();

        (await Check(o => o with { Readiness = new ReadinessOptions { ConnectAddress = address } }).OneAsync())
            .Is(ConnectionVerdict.Bad, ConnectionCause.StackHostUnreachable);
    }

    [Fact]
    public async Task A_suffix_that_does_not_resolve_is_told_as_that() =>
        (await Check(o => o, "stacks.invalid").OneAsync()).Is(ConnectionVerdict.Bad, ConnectionCause.StackHostUnresolved);

    [Theory]
    [InlineData("ai.localhost", ConnectionCause.CertificateLocal)]
    [InlineData(Suffix, ConnectionCause.CertificateNotNeeded)]
    public async Task Over_plain_http_nothing_is_asked(string suffix, ConnectionCause cause)
    {
        var result = await Check(o => o, suffix, "http").OneAsync();

        result.Is(ConnectionVerdict.NotConfigured, cause);
        Assert.Null(result.Latency);
    }

    private async Task<ConnectionResult> LookAsync(
        X509Certificate2? certificate, bool isTrusted = true, Func<ProvisioningOptions, ProvisioningOptions>? change = null)
    {
        using var shown = certificate;
        await using var site = await TlsSite.StartAsync(shown);
        var address = site.Address;
        var check = Check(
            o => (change ?? (x => x))(o with { Readiness = new ReadinessOptions { ConnectAddress = address } }),
            roots: isTrusted ? _authority.Roots : null);
        return await check.OneAsync();
    }

    private static StackCertificateCheck Check(
        Func<ProvisioningOptions, ProvisioningOptions> change, string suffix = Suffix, string scheme = "https", X509Certificate2Collection? roots = null) =>
        new(
            new StackDefaults { DomainSuffix = suffix, Image = "registry.test/stack:1", Port = 8080, Scheme = scheme },
            change(new ProvisioningOptions()),
            new Ids(TimeProvider.System),
            TimeProvider.System)
        {
            TrustedRoots = roots,
        };
}
