using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using AiStackDeployer.Core.Connections;
using AiStackDeployer.Core.Dokploy;
using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Core.Provisioning.Checks;

/// <summary>
/// What a browser would meet at the address of a new stack: connects to a host below the suffix that nobody has, as the readiness
/// probe would, and looks at the certificate shown there.
/// </summary>
internal sealed class StackCertificateCheck(StackDefaults stacks, ProvisioningOptions options, Ids ids, TimeProvider time) : IConnectionCheck
{
    private const int HttpsPort = 443;

    /// <summary>Roots to trust instead of the machine's own; for tests, which have no certificate that the world trusts.</summary>
    internal X509Certificate2Collection? TrustedRoots { get; init; }

    public IReadOnlyList<ConnectionTarget> Targets { get; } = [ConnectionTarget.StackCertificate];

    public async IAsyncEnumerable<ConnectionResult> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (stacks.Scheme == Uri.UriSchemeHttp)
        {
            var isLocal = stacks.DomainSuffix is "localhost" || stacks.DomainSuffix.EndsWith(".localhost", StringComparison.Ordinal);
            yield return new ConnectionResult(
                ConnectionTarget.StackCertificate, isLocal ? ConnectionCause.CertificateLocal : ConnectionCause.CertificateNotNeeded)
            {
                Facts = new ConnectionFacts { Host = "*." + stacks.DomainSuffix },
            };
            yield break;
        }
        var started = time.GetTimestamp();
        var result = await LookAsync(stacks.HostOf(ids.NewUnusedLabel()), cancellationToken);
        yield return result with { Latency = time.GetElapsedTime(started) };
    }

    private async Task<ConnectionResult> LookAsync(string host, CancellationToken cancellationToken)
    {
        var facts = new ConnectionFacts { Host = host };
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            var target = ConnectAddress.Instead(options.Readiness.ConnectAddress, new DnsEndPoint(host, stacks.PublicPort ?? HttpsPort));
            await socket.ConnectAsync(target, cancellationToken);
        }
        catch (SocketException e)
        {
            return Of(DnsTrouble.Is(e) ? ConnectionCause.StackHostUnresolved : ConnectionCause.StackHostUnreachable, facts);
        }
        facts = facts with { Addresses = socket.RemoteEndPoint is IPEndPoint remote ? [Plain(remote.Address)] : null };

        Shown? shown = null;
        await using var tls = new SslStream(new NetworkStream(socket, ownsSocket: false));
        try
        {
            await tls.AuthenticateAsClientAsync(Handshake(host, s => shown = s), cancellationToken);
        }
        catch (Exception e) when (e is AuthenticationException or IOException && shown is null)
        {
            return Of(ConnectionCause.StackHostWithoutTls, facts);
        }
        catch (Exception e) when (e is AuthenticationException or IOException)
        {
            // Broken off after the certificate was shown: that is all that is asked here.
        }
        if (shown is null)
        {
            return Of(ConnectionCause.StackHostWithoutTls, facts);
        }
        using var certificate = shown.Certificate;
        return Judge(shown, facts with
        {
            Expires = certificate.NotAfter.ToUniversalTime(),
            Issuer = certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: true),
            Names = [.. certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(e => e.EnumerateDnsNames()).Take(10)],
        });
    }

    private ConnectionResult Judge(Shown shown, ConnectionFacts facts)
    {
        var cause = CertificateJudge.Judge(shown.Certificate, shown.Chain, shown.Errors, time.GetUtcNow());
        return Of(
            cause == ConnectionCause.CertificateTraefikDefault && options.CertificateType == DokployCertificateType.LetsEncrypt
                ? ConnectionCause.CertificatePerStack
                : cause,
            facts);
    }

    /// <summary>Lets any certificate pass, to see it. Nothing is sent over the connection.</summary>
    private SslClientAuthenticationOptions Handshake(string host, Action<Shown> see) => new()
    {
        TargetHost = host,
        CertificateChainPolicy = TrustedRoots is null ? null : OwnRoots(TrustedRoots),
        RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
        {
            if (certificate is not null)
            {
                see(new Shown(
                    X509CertificateLoader.LoadCertificate(certificate.GetRawCertData()),
                    chain?.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, one) => all | one.Status) ?? X509ChainStatusFlags.NoError,
                    errors));
            }
            return true;
        },
    };

    private static X509ChainPolicy OwnRoots(X509Certificate2Collection roots)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(roots);
        return policy;
    }

    private static string Plain(IPAddress address) => (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString();

    private static ConnectionResult Of(ConnectionCause cause, ConnectionFacts facts) => new(ConnectionTarget.StackCertificate, cause) { Facts = facts };

    private sealed record Shown(X509Certificate2 Certificate, X509ChainStatusFlags Chain, SslPolicyErrors Errors);
}
