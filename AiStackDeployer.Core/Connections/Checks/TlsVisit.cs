using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace AiStackDeployer.Core.Connections.Checks;

internal enum TlsVisitEnd
{
    Shown,

    /// <summary>This machine has no route to the address, e.g. has no IPv6: that says nothing about the other side.</summary>
    NoRoute,

    /// <summary>No connection, or one on which nothing comes in time.</summary>
    Unreachable,
    WithoutTls,
}

/// <summary>A certificate as a server showed it, and how this machine validated it.</summary>
internal sealed record ShownCertificate(X509Certificate2 Leaf, X509ChainStatusFlags Chain, SslPolicyErrors Errors)
{
    public bool IsSameAs(ShownCertificate other) => Leaf.RawDataMemory.Span.SequenceEqual(other.Leaf.RawDataMemory.Span);
}

/// <summary>A TLS handshake with one address up to the certificate; nothing is sent after it.</summary>
/// <param name="Shown">Not null when <paramref name="End"/> says so; the caller disposes of it.</param>
internal sealed record TlsVisit(IPEndPoint At, TlsVisitEnd End, ShownCertificate? Shown = null)
{
    /// <summary>A round trip to the other side of the world takes a third of a second, a lost packet is sent again after one and three.</summary>
    internal static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(4);

    /// <param name="host">The name that is asked for there.</param>
    /// <param name="roots">Roots to trust instead of the machine's own; null = those.</param>
    public static async Task<TlsVisit> MakeAsync(
        IPEndPoint at, string host, X509Certificate2Collection? roots, TimeProvider time, Deadline deadline)
    {
        using var socket = new Socket(at.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using (var connecting = new Deadline(ConnectTimeout, time, deadline.Token))
        {
            try
            {
                await socket.ConnectAsync(at, connecting.Token);
            }
            catch (SocketException e)
            {
                return new TlsVisit(at, IsWithoutRoute(e) ? TlsVisitEnd.NoRoute : TlsVisitEnd.Unreachable);
            }
            catch (OperationCanceledException) when (connecting.HasPassed || deadline.HasPassed)
            {
                return new TlsVisit(at, TlsVisitEnd.Unreachable);
            }
        }
        ShownCertificate? shown = null;
        await using var tls = new SslStream(new NetworkStream(socket, ownsSocket: false));
        try
        {
            await tls.AuthenticateAsClientAsync(Handshake(host, roots, time, s => shown = s), deadline.Token);
        }
        catch (Exception e) when (e is AuthenticationException or IOException)
        {
            // Broken off after the certificate was shown: that is all that is asked here.
        }
        catch (OperationCanceledException) when (deadline.HasPassed)
        {
            return shown is null ? new TlsVisit(at, TlsVisitEnd.Unreachable) : new TlsVisit(at, TlsVisitEnd.Shown, shown);
        }
        return shown is null ? new TlsVisit(at, TlsVisitEnd.WithoutTls) : new TlsVisit(at, TlsVisitEnd.Shown, shown);
    }

    private static bool IsWithoutRoute(SocketException e) => e.SocketErrorCode is
        SocketError.NetworkUnreachable or SocketError.NetworkDown or SocketError.AddressNotAvailable or SocketError.AddressFamilyNotSupported;

    /// <summary>Lets any certificate pass, to see it. Nothing is sent over the connection.</summary>
    private static SslClientAuthenticationOptions Handshake(
        string host, X509Certificate2Collection? roots, TimeProvider time, Action<ShownCertificate> see) => new()
    {
        TargetHost = host,
        CertificateChainPolicy = PolicyOf(roots, time),
        RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
        {
            if (certificate is not null)
            {
                see(new ShownCertificate(
                    X509CertificateLoader.LoadCertificate(certificate.GetRawCertData()),
                    chain?.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, one) => all | one.Status) ?? X509ChainStatusFlags.NoError,
                    errors));
            }
            return true;
        },
    };

    private static X509ChainPolicy PolicyOf(X509Certificate2Collection? roots, TimeProvider time)
    {
        var policy = new X509ChainPolicy
        {
            // Not every browser fetches missing intermediates, and a certificate must not make this machine call any address.
            DisableCertificateDownloads = true,
            RevocationMode = X509RevocationMode.NoCheck,
            VerificationTime = time.GetUtcNow().UtcDateTime,
        };
        if (roots is not null)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(roots);
        }
        return policy;
    }
}
