using System.Net;
using AiStackDeployer.Core.Connections.Checks;
using AiStackDeployer.Core.Http;

namespace AiStackDeployer.Core.Connections;

/// <summary>Looks at the certificate that the address of one stack shows.</summary>
/// <param name="traefikAddress">TRAEFIK_IP: where to connect instead of where the name leads; null = where it leads.</param>
public sealed class HostCertificates(string? traefikAddress, TimeProvider time)
{
    /// <summary>Null = none was shown: the name leads nowhere, nobody answers, or without TLS.</summary>
    public async Task<ConnectionCause?> LookAsync(Uri address, CancellationToken cancellationToken)
    {
        using var deadline = new Deadline(TlsVisit.ConnectTimeout + TimeSpan.FromSeconds(2), time, cancellationToken);
        var asked = new DnsEndPoint(address.IdnHost, address.Port);
        EndPoint at = traefikAddress is { } instead ? ConnectAddress.Instead(instead, asked) : asked;
        if (at is DnsEndPoint name)
        {
            var lookup = await HostLookup.OfAsync(name.Host, Dns.GetHostAddressesAsync, time, deadline.Token);
            if (lookup.Addresses is not [var first, ..])
            {
                return null;
            }
            at = new IPEndPoint(first, name.Port);
        }
        if ((await TlsVisit.MakeAsync((IPEndPoint)at, address.IdnHost, null, time, deadline)).Shown is not { } shown)
        {
            return null;
        }
        using (shown.Leaf)
        {
            return CertificateJudge.Judge(shown, time.GetUtcNow());
        }
    }
}
