using System.Net;
using System.Net.Sockets;

namespace AiStackDeployer.Core.Provisioning;

/// <summary>Where a host's name leads, as this machine's resolver knows it.</summary>
/// <param name="Addresses">IPv4 and IPv6; none when the name does not resolve, and when the resolver gave no answer.</param>
/// <param name="IsAnswered">False = the resolver gave no answer, which says nothing about the name.</param>
internal sealed record HostLookup(IReadOnlyList<IPAddress> Addresses, bool IsAnswered)
{
    /// <summary>More than the five seconds after which resolvers as a rule go on to their second server.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(6);

    /// <summary>
    /// Of a name that is whole, and asked for as one: otherwise the resolver might go on with the domains in its search list, where
    /// a wildcard of somebody else's answers.
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
            // The system's resolver does not let itself be cancelled everywhere; the waiting can be.
            var addresses = await resolve(host, cancellationToken).WaitAsync(Patience, time, cancellationToken);
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
