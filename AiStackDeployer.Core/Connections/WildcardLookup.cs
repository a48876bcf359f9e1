using System.Net;
using AiStackDeployer.Core.Connections.Checks;
using AiStackDeployer.Core.Hetzner;

namespace AiStackDeployer.Core.Connections;

/// <summary>
/// Whether <c>*.{suffix}</c> leads to TRAEFIK_IP, as this machine's resolver sees it. Every look asks for a new random name, so
/// that neither somebody's own record nor a cache answers.
/// </summary>
/// <param name="traefikAddress">TRAEFIK_IP: <c>host</c> or <c>host:port</c>, or null.</param>
/// <param name="resolve">The addresses of a host name; fails as <see cref="Dns"/> does. Null = this machine's resolver.</param>
internal sealed class WildcardLookup(
    string suffix, string? traefikAddress, Ids ids, TimeProvider time, Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null)
{
    private readonly Func<string, CancellationToken, Task<IPAddress[]>> _resolve = resolve ?? Dns.GetHostAddressesAsync;

    /// <summary>STACK_DOMAIN_SUFFIX.</summary>
    public string Suffix => suffix;

    public string Wildcard => "*." + suffix;

    /// <summary>Browsers take names below <c>localhost</c> for their own machine without asking anybody.</summary>
    public bool IsLocal { get; } = HetznerDnsClient.Holds("localhost", suffix);

    /// <summary>The address in TRAEFIK_IP; null when it is not set or a host name.</summary>
    public IPAddress? Target { get; } = IPEndPoint.TryParse(traefikAddress ?? "", out var end)
        ? end.Address.IsIPv4MappedToIPv6 ? end.Address.MapToIPv4() : end.Address
        : null;

    public async Task<ConnectionResult> LookAsync(CancellationToken cancellationToken)
    {
        var facts = new ConnectionFacts { Host = Wildcard, ExpectedAddresses = Target is null ? null : [Target.ToString()] };
        if (IsLocal)
        {
            return new ConnectionResult(ConnectionTarget.WildcardDns, ConnectionCause.WildcardLocal) { Facts = facts };
        }
        var started = time.GetTimestamp();
        var lookup = await HostLookup.OfWholeAsync($"{ids.NewUnusedLabel()}.{suffix}", _resolve, time, cancellationToken);
        return new ConnectionResult(ConnectionTarget.WildcardDns, lookup.IsAnswered ? Judge(lookup.Addresses) : ConnectionCause.WildcardResolverFailed)
        {
            Facts = facts with
            {
                Addresses = lookup.Addresses.Count == 0 ? null : [.. lookup.Addresses.Select(a => a.ToString()).Order(StringComparer.Ordinal)],
            },
            Latency = time.GetElapsedTime(started),
        };
    }

    /// <summary>Private (RFC 1918, RFC 4193), shared (RFC 6598), link-local or this machine's: not reachable from everywhere.</summary>
    public static bool IsInternal(IPAddress address)
    {
        if (IsThisMachine(address) || address.IsIPv6LinkLocal || address.IsIPv6UniqueLocal)
        {
            return true;
        }
        var bytes = address.GetAddressBytes();
        return bytes.Length == 4 && (bytes[0], bytes[1]) is (10, _) or (172, >= 16 and <= 31) or (192, 168) or (169, 254) or (100, >= 64 and <= 127);
    }

    public static bool IsThisMachine(IPAddress address) =>
        IPAddress.IsLoopback(address) || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);

    private ConnectionCause Judge(IReadOnlyList<IPAddress> addresses)
    {
        if (addresses.Count == 0)
        {
            return ConnectionCause.WildcardUnresolved;
        }
        if (Target is null)
        {
            return ConnectionCause.WildcardResolves;
        }
        // TRAEFIK_IP is of one family and says nothing about the other. Within its own family every address must be right: of two,
        // a browser takes either.
        var comparable = addresses.Where(address => address.AddressFamily == Target.AddressFamily).ToList();
        return comparable.Count > 0 && comparable.All(Target.Equals) ? ConnectionCause.WildcardPointsThere
            : IsInternal(Target) ? ConnectionCause.WildcardDiffersInside
            : ConnectionCause.WildcardPointsElsewhere;
    }
}
