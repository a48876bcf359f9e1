using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace AiStackDeployer.Core.Connections.Checks;

/// <summary>What is wrong with a certificate, the fault first that explains the others.</summary>
internal static class CertificateJudge
{
    /// <summary>An automatic renewal would have happened by then: Let's Encrypt renews 30 days before the end of 90.</summary>
    private static readonly TimeSpan LongestNotice = TimeSpan.FromDays(14);

    /// <summary>What Traefik shows for a host it has no certificate for; Traefik creates a new one at each start.</summary>
    private const string TraefikDefault = "TRAEFIK DEFAULT CERT";

    public static ConnectionCause Judge(ShownCertificate shown, DateTimeOffset now) => shown.Leaf switch
    {
        var leaf when leaf.GetNameInfo(X509NameType.SimpleName, forIssuer: false) == TraefikDefault => ConnectionCause.CertificateTraefikDefault,
        var leaf when leaf.NotAfter.ToUniversalTime() <= now => ConnectionCause.CertificateExpired,
        var leaf when leaf.NotBefore.ToUniversalTime() > now => ConnectionCause.CertificateNotYetValid,
        _ when shown.Errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) => ConnectionCause.CertificateWrongName,
        _ when IsUntrusted(shown) => ConnectionCause.CertificateUntrusted,
        var leaf when leaf.NotAfter.ToUniversalTime() - now < NoticeOf(leaf) => ConnectionCause.CertificateExpiresSoon,
        _ => ConnectionCause.CertificateGood,
    };

    /// <summary>Certificates of a week, or of the 45 days that are coming, are renewed later than those of a year.</summary>
    private static TimeSpan NoticeOf(X509Certificate2 leaf)
    {
        var quarter = (leaf.NotAfter - leaf.NotBefore) / 4;
        return quarter < LongestNotice ? quarter : LongestNotice;
    }

    // The leaf's own dates were judged before; an expired certificate elsewhere in the chain counts as untrusted.
    private static bool IsUntrusted(ShownCertificate shown) =>
        shown.Errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors) && shown.Chain != X509ChainStatusFlags.NoError;
}
