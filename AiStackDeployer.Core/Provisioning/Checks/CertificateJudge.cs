using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using AiStackDeployer.Core.Connections;

namespace AiStackDeployer.Core.Provisioning.Checks;

/// <summary>What is wrong with a certificate, the fault first that explains the others.</summary>
internal static class CertificateJudge
{
    /// <summary>By then a renewal that works by itself would have come: Let's Encrypt's comes 30 days before the end of 90.</summary>
    private static readonly TimeSpan LongestNotice = TimeSpan.FromDays(14);

    /// <summary>What Traefik shows for a host it has no certificate for. It makes a new one at each of its starts.</summary>
    private const string TraefikDefault = "TRAEFIK DEFAULT CERT";

    public static ConnectionCause Judge(ShownCertificate shown, DateTimeOffset now) => shown.Leaf switch
    {
        var leaf when leaf.GetNameInfo(X509NameType.SimpleName, forIssuer: false) == TraefikDefault => ConnectionCause.CertificateTraefikDefault,
        var leaf when leaf.NotAfter.ToUniversalTime() <= now => ConnectionCause.CertificateExpired,
        var leaf when leaf.NotBefore.ToUniversalTime() > now => ConnectionCause.CertificateNotYetValid,
        _ when shown.Errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) => ConnectionCause.CertificateWrongName,
        var leaf when IsUntrusted(shown) => IsSelfSigned(leaf) ? ConnectionCause.CertificateSelfSigned : ConnectionCause.CertificateUntrusted,
        var leaf when leaf.NotAfter.ToUniversalTime() - now < NoticeOf(leaf) => ConnectionCause.CertificateExpiresSoon,
        _ => ConnectionCause.CertificateGood,
    };

    /// <summary>Certificates of a week, or of the 45 days that are coming, are renewed later than those of a year.</summary>
    private static TimeSpan NoticeOf(X509Certificate2 leaf)
    {
        var quarter = (leaf.NotAfter - leaf.NotBefore) / 4;
        return quarter < LongestNotice ? quarter : LongestNotice;
    }

    // The leaf's own dates have been told by then; those of the rest of the chain keep a browser away like whatever else it lacks.
    private static bool IsUntrusted(ShownCertificate shown) =>
        shown.Errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors) && shown.Chain != X509ChainStatusFlags.NoError;

    private static bool IsSelfSigned(X509Certificate2 certificate) =>
        certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData);
}
