using System.Net;
using System.Net.Security;
using System.Net.Sockets;

namespace AiStackDeployer.Web.Security.OAuth;

/// <summary>How addresses that strangers name are called. Tests put their own in its place.</summary>
internal sealed record OutsideOptions
{
    public Func<string, CancellationToken, Task<IPAddress[]>> ResolveAsync { get; init; } = Dns.GetHostAddressesAsync;

    public Func<IPAddress, bool> MayConnect { get; init; } = OutsideHttp.IsPublic;

    public RemoteCertificateValidationCallback? Certificates { get; init; }

    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A person may have the portal ask other servers, but not many of them.</summary>
    public int PerMinute { get; init; } = 30;
}

/// <summary>HTTP to servers on the public internet alone: what a stranger names must lead to nothing inside the company's network.</summary>
internal static class OutsideHttp
{
    /// <summary>What is no server on the internet: this machine, private and shared networks, link-local (metadata of clouds), tests, multicast, reserved.</summary>
    private static readonly IPNetwork[] Inside =
    [
        .. ((string[])
        [
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24",
            "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3",
        ]).Select(network => IPNetwork.Parse(network)),
    ];

    /// <summary>Of IPv6 the range that is given out, without those in it that lead to an IPv4 address or are for documents.</summary>
    private static readonly IPNetwork Global = IPNetwork.Parse("2000::/3");

    private static readonly IPNetwork[] NotGlobal = [IPNetwork.Parse("2001::/23"), IPNetwork.Parse("2001:db8::/32"), IPNetwork.Parse("2002::/16"), IPNetwork.Parse("3fff::/20")];

    public static bool IsPublic(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return plain.AddressFamily == AddressFamily.InterNetwork
            ? !Inside.Any(network => network.Contains(plain))
            : Global.Contains(plain) && !NotGlobal.Any(network => network.Contains(plain));
    }

    public static HttpClient NewClient(OutsideOptions options) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        // A proxy would look the name up again, and connect to what it finds.
        UseProxy = false,
        ConnectTimeout = options.Timeout,
        PooledConnectionLifetime = TimeSpan.FromMinutes(1),
        SslOptions = { RemoteCertificateValidationCallback = options.Certificates },
        ConnectCallback = (context, cancellationToken) => ConnectAsync(options, context.DnsEndPoint, cancellationToken),
    })
    {
        Timeout = options.Timeout,
    };

    /// <summary>Nothing was connected to.</summary>
    public sealed class NotPublicException() : HttpRequestException("The address is not on the public internet.");

    /// <summary>To the very addresses that were checked: a second look-up could tell others.</summary>
    private static async ValueTask<Stream> ConnectAsync(OutsideOptions options, DnsEndPoint target, CancellationToken cancellationToken)
    {
        var addresses = IPAddress.TryParse(target.Host, out var literal) ? [literal] : await options.ResolveAsync(target.Host, cancellationToken);
        if (addresses.Length == 0 || !addresses.All(options.MayConnect))
        {
            throw new NotPublicException();
        }
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, target.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
