using System.Net;
using System.Net.Sockets;

namespace AiStackDeployer.Core.Connections.Checks;

/// <summary>Where a host's name leads, as this machine's resolver knows it.</summary>
/// <param name="Addresses">IPv4 and IPv6; none when the name does not resolve, and when the resolver gave no answer.</param>
/// <param name="IsAnswered">False = the resolver gave no answer, which says nothing about the name.</param>
internal sealed record HostLookup(IReadOnlyList<IPAddress> Addresses, bool IsAnswered)
{
    /// <summary>More than the five seconds after which most resolvers try their second server.</summary>
    internal static readonly TimeSpan Timeout = TimeSpan.FromSeconds(6);

    /// <summary>
    /// Of a fully qualified name. Without the dot at its end the resolver might append its search domains, where somebody else's
    /// wildcard answers.
    /// </summary>
    /// <param name="resolve">The addresses of a host name; fails as <see cref="Dns"/> does.</param>
    public static Task<HostLookup> OfWholeAsync(
        string host, Func<string, CancellationToken, Task<IPAddress[]>> resolve, TimeProvider time, CancellationToken cancellationToken) =>
        OfAsync(host + ".", resolve, time, cancellationToken);

    /// <summary>Of a name as an operator wrote it, which may be one of this network's own.</summary>
    /// <param name="resolve">The addresses of a host name; fails as <see cref="Dns"/> does.</param>
    public static async Task<HostLookup> OfAsync(
        string host, Func<string, CancellationToken, Task<IPAddress[]>> resolve, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            // The system's resolver cannot be cancelled on every platform; waiting for it can.
            var addresses = await resolve(host, cancellationToken).WaitAsync(Timeout, time, cancellationToken);
            return new HostLookup(addresses, IsAnswered: true);
        }
        catch (SocketException e)
        {
            return new HostLookup([], e.SocketErrorCode is SocketError.HostNotFound or SocketError.NoData);
        }
        catch (TimeoutException)
        {
            return new HostLookup([], IsAnswered: false);
        }
    }
}
