using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using AiStackDeployer.Core.Connections;

namespace AiStackDeployer.Core.Provisioning.Checks;

/// <summary>What is wrong with a certificate, the fault first that explains the others.</summary>
internal static class CertificateJudge
{
    /// <summary>By then a renewal that works by itself would have come: Let's Encrypt's comes 30 days before the end.</summary>
    internal static readonly TimeSpan ExpirySoon = TimeSpan.FromDays(14);

    /// <summary>What Traefik shows for a host it has no certificate for. It makes a new one at each of its starts.</summary>
    private const string TraefikDefault = "TRAEFIK DEFAULT CERT";

    public static ConnectionCause Judge(X509Certificate2 certificate, X509ChainStatusFlags chain, SslPolicyErrors errors, DateTimeOffset now) => 0 switch
    {
        _ when certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false) == TraefikDefault => ConnectionCause.CertificateTraefikDefault,
        _ when certificate.NotAfter.ToUniversalTime() <= now => ConnectionCause.CertificateExpired,
        _ when certificate.NotBefore.ToUniversalTime() > now => ConnectionCause.CertificateNotYetValid,
        _ when errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) => ConnectionCause.CertificateWrongName,
        _ when IsUntrusted(chain, errors) && IsSelfSigned(certificate) => ConnectionCause.CertificateSelfSigned,
        _ when IsUntrusted(chain, errors) => ConnectionCause.CertificateUntrusted,
        _ when certificate.NotAfter.ToUniversalTime() - now < ExpirySoon => ConnectionCause.CertificateExpiresSoon,
        _ => ConnectionCause.CertificateGood,
    };

    // An expiry has been told by then; whatever else the chain lacks keeps a browser away.
    private static bool IsUntrusted(X509ChainStatusFlags chain, SslPolicyErrors errors) =>
        errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors) && (chain & ~X509ChainStatusFlags.NotTimeValid) != X509ChainStatusFlags.NoError;

    private static bool IsSelfSigned(X509Certificate2 certificate) =>
        certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData);
}
