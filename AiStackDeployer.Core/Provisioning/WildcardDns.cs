using System.Net;
using AiStackDeployer.Core.Hetzner;
using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Core.Provisioning;

/// <summary>
/// Whether <c>*.{suffix}</c> leads to TRAEFIK_IP, and how to make it so in a zone at Hetzner. Not part of a deployment: the
/// wildcard exists once for all of them. Nothing here is remembered, so every look is a look.
/// </summary>
/// <param name="hetzner">Null = no token is set.</param>
/// <param name="resolve">The addresses of a host name; fails as <see cref="Dns"/> does. Null = this machine's resolver.</param>
public sealed class WildcardDns(
    StackDefaults stacks,
    ReadinessOptions readiness,
    HetznerDnsClient? hetzner,
    Ids ids,
    TimeProvider time,
    Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null)
{
    /// <summary>Of a record made here, in seconds: short, because a record that needed repair may need it again.</summary>
    public const int Ttl = 300;

    private readonly string _suffix = stacks.DomainSuffix;
    private readonly IPAddress? _expected = AddressIn(readiness.ConnectAddress);
    private readonly Func<string, CancellationToken, Task<IPAddress[]>> _resolve = resolve ?? Dns.GetHostAddressesAsync;

    private bool IsLocal => HetznerDnsClient.Holds("localhost", _suffix);

    public async Task<WildcardDnsState> LookAsync(CancellationToken cancellationToken)
    {
        if (IsLocal)
        {
            return State(null, [], WildcardVerdict.LocalOnly, new WildcardZoneRecord.NotAsked());
        }
        var zone = ReadZoneOrFaultAsync(cancellationToken);
        var (asked, addresses, verdict) = await AskAsync(cancellationToken);
        return State(asked, addresses, verdict, await zone);
    }

    /// <summary>
    /// Makes the wildcard's A record, or gives it its one right value, and waits until Hetzner has done it. It looks first, and
    /// touches no other record set. A record made here lives <see cref="Ttl"/> seconds; one that exists keeps its own TTL.
    /// </summary>
    public async Task<WildcardRepair> RepairAsync(CancellationToken cancellationToken)
    {
        return WildcardDecision.Of(await LookAsync(cancellationToken)) switch
        {
            WildcardDecision.NothingToDo => new WildcardRepair.AlreadyRight(),
            WildcardDecision.NotPossible not => new WildcardRepair.NotPossible(not.Obstacle, not.Zone),
            WildcardDecision.CouldNotRead unread => new WildcardRepair.Failed(unread.Fault, MayHaveHappened: false),
            WildcardDecision.Write write => await WriteAsync(hetzner!, write, cancellationToken),
            var other => throw new InvalidOperationException($"Unknown decision {other.GetType().Name}."),
        };
    }

    /// <summary>Of the wildcard's record set: <c>*</c> when the suffix is the zone, <c>*.ai</c> for <c>ai.example.org</c> in <c>example.org</c>.</summary>
    internal static string NameIn(string zone, string suffix) =>
        suffix.Length == zone.Length ? "*" : $"*.{suffix[..(suffix.Length - zone.Length - 1)].ToLowerInvariant()}";

    /// <summary>Private (RFC 1918, RFC 4193), shared (RFC 6598), link-local or this machine's: not reachable from everywhere.</summary>
    internal static bool IsInternal(IPAddress address)
    {
        if (IsThisMachine(address) || address.IsIPv6LinkLocal || address.IsIPv6UniqueLocal)
        {
            return true;
        }
        var bytes = address.GetAddressBytes();
        return bytes.Length == 4 && (bytes[0], bytes[1]) is (10, _) or (172, >= 16 and <= 31) or (192, 168) or (169, 254) or (100, >= 64 and <= 127);
    }

    internal static bool IsThisMachine(IPAddress address) =>
        IPAddress.IsLoopback(address) || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);

    internal static bool IsOnly(IReadOnlyList<string> values, IPAddress target) =>
        values is [var value] && IPAddress.TryParse(value, out var address) && address.Equals(target);

    private static IPAddress? AddressIn(string? connectAddress) =>
        IPEndPoint.TryParse(connectAddress ?? "", out var end)
            ? end.Address.IsIPv4MappedToIPv6 ? end.Address.MapToIPv4() : end.Address
            : null;

    private WildcardDnsState State(string? asked, IReadOnlyList<IPAddress> addresses, WildcardVerdict verdict, WildcardZoneRecord zone) => new()
    {
        Suffix = _suffix, AskedName = asked, Addresses = addresses, Expected = _expected, Verdict = verdict, Zone = zone,
    };

    private async Task<(string Asked, IReadOnlyList<IPAddress> Addresses, WildcardVerdict Verdict)> AskAsync(CancellationToken cancellationToken)
    {
        var name = $"{ids.NewUnusedLabel()}.{_suffix}";
        var lookup = await HostLookup.OfWholeAsync(name, _resolve, time, cancellationToken);
        return (name, lookup.Addresses, lookup.IsAnswered ? Judge(lookup.Addresses) : WildcardVerdict.ResolverFailed);
    }

    private WildcardVerdict Judge(IReadOnlyList<IPAddress> addresses)
    {
        if (addresses.Count == 0)
        {
            return WildcardVerdict.DoesNotResolve;
        }
        if (_expected is null)
        {
            return WildcardVerdict.NothingToCompareWith;
        }
        // TRAEFIK_IP is of one family and says nothing about the other. Among its own every address must be right: of two, a
        // browser takes either.
        var comparable = addresses.Where(address => address.AddressFamily == _expected.AddressFamily).ToList();
        return comparable.Count > 0 && comparable.All(_expected.Equals) ? WildcardVerdict.PointsThere : WildcardVerdict.PointsElsewhere;
    }

    private async Task<WildcardZoneRecord> ReadZoneOrFaultAsync(CancellationToken cancellationToken)
    {
        if (hetzner is null)
        {
            return new WildcardZoneRecord.NotAsked();
        }
        try
        {
            return await ReadZoneAsync(hetzner, cancellationToken);
        }
        catch (HetznerException e)
        {
            return new WildcardZoneRecord.CouldNotRead(e.Kind);
        }
    }

    private async Task<WildcardZoneRecord> ReadZoneAsync(HetznerDnsClient client, CancellationToken cancellationToken)
    {
        if (await client.FindZoneOfAsync(_suffix, cancellationToken) is not { } zone)
        {
            return new WildcardZoneRecord.NoZone();
        }
        if (!HetznerDnsClient.Holds(zone.Name, _suffix))
        {
            return new WildcardZoneRecord.OtherZone(zone);
        }
        var name = NameIn(zone.Name, _suffix);
        var sets = await client.ListRRSetsAsync(
            zone.Name, name, [HetznerRecordType.A, HetznerRecordType.Aaaa, HetznerRecordType.Cname], cancellationToken);
        var addresses = sets.FirstOrDefault(set => set.Type == HetznerRecordType.A);
        var ipv6 = sets.FirstOrDefault(set => set.Type == HetznerRecordType.Aaaa);
        var alias = sets.FirstOrDefault(set => set.Type == HetznerRecordType.Cname);
        return sets.Count == 0
            ? new WildcardZoneRecord.Absent(zone, name)
            : new WildcardZoneRecord.Present(zone, name, addresses?.Values ?? [], addresses?.Ttl, ipv6?.Values ?? [], alias?.Values is [var target, ..] ? target : null);
    }

    private static async Task<WildcardRepair> WriteAsync(HetznerDnsClient client, WildcardDecision.Write write, CancellationToken cancellationToken)
    {
        var (zone, name, from, target) = (write.Zone.Name, write.Name, write.From, write.Target);
        try
        {
            if (from.Count == 0)
            {
                await client.CreateARecordAsync(zone, name, target, Ttl, cancellationToken);
            }
            else
            {
                await client.SetRecordsAsync(zone, name, HetznerRecordType.A, [new HetznerRecord(target.ToString())], cancellationToken);
            }
        }
        catch (HetznerException e)
        {
            return new WildcardRepair.Failed(e.Kind, e.MayHaveHappened);
        }
        try
        {
            return await client.FindRRSetByNameAsync(zone, name, HetznerRecordType.A, cancellationToken) is not { } set || !IsOnly(set.Values, target)
                ? new WildcardRepair.NotPossible(WildcardObstacle.ReadsBackDifferently)
                : from.Count == 0 ? new WildcardRepair.Created(zone, name, target) : new WildcardRepair.Changed(zone, name, from, target);
        }
        catch (HetznerException e)
        {
            // It was written; only the proof is missing.
            return new WildcardRepair.Failed(e.Kind, MayHaveHappened: true);
        }
    }
}
