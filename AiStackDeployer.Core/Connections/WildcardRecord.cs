using System.Net;
using System.Net.Sockets;
using AiStackDeployer.Core.Connections.Checks;
using AiStackDeployer.Core.Hetzner;

namespace AiStackDeployer.Core.Connections;

/// <summary>The wildcard record in its zone at Hetzner. Remembers nothing, so every look is a new one.</summary>
/// <param name="hetzner">Null = no token is set.</param>
internal sealed class WildcardRecord(WildcardLookup lookup, HetznerDnsClient? hetzner) : IWildcardRecord
{
    /// <summary>Of a record created here, in seconds: short, because a record that needed repair may need it again.</summary>
    public const int Ttl = 300;

    public async Task<WildcardState> LookAsync(CancellationToken cancellationToken)
    {
        var reading = ReadZoneAsync(cancellationToken);
        var world = await lookup.LookAsync(cancellationToken);
        var (zone, entry) = await reading;
        if (zone.Cause == ConnectionCause.WildcardAliasInTheWay && world.Cause == ConnectionCause.WildcardPointsThere)
        {
            zone = zone with { Cause = ConnectionCause.WildcardRecordFound };
        }
        return new WildcardState
        {
            Name = lookup.Wildcard, World = world, Zone = zone, Entry = IsEmpty(entry) ? null : entry, Plan = Decide(world, zone, entry),
        };
    }

    public async Task<WildcardChange> RepairAsync(CancellationToken cancellationToken)
    {
        var state = await LookAsync(cancellationToken);
        return state.Plan is WildcardChange.Write write ? await WriteAsync(hetzner!, write, cancellationToken) : state.Plan;
    }

    /// <summary>Relative to the zone: <c>*</c> when the suffix is the zone, <c>*.ai</c> for <c>ai.example.org</c> in <c>example.org</c>.</summary>
    private static string NameIn(string zone, string suffix) =>
        suffix.Length == zone.Length ? "*" : $"*.{suffix[..(suffix.Length - zone.Length - 1)].ToLowerInvariant()}";

    private static bool IsEmpty(WildcardEntry? entry) => entry is { Addresses: [], Ipv6Addresses: [], Alias: null };

    private static bool IsOnly(IReadOnlyList<string> values, IPAddress target) =>
        values is [var value] && IPAddress.TryParse(value, out var address) && address.Equals(target);

    private static bool IsPublic(string value) => IPAddress.TryParse(value, out var address) && !WildcardLookup.IsInternal(address);

    private WildcardChange Decide(ConnectionResult world, ConnectionResult zone, WildcardEntry? entry)
    {
        return lookup.Target switch
        {
            _ when zone.Cause is ConnectionCause.WildcardLocal => new WildcardChange.NotPossible(zone),
            _ when zone.Cause is ConnectionCause.HetznerTokenNotSet => UnlessRight(zone),
            null or { AddressFamily: not AddressFamily.InterNetwork } => UnlessRight(Why(ConnectionCause.WildcardWithoutTarget)),
            var target when WildcardLookup.IsThisMachine(target) => UnlessRight(Why(ConnectionCause.WildcardWithoutTarget)),
            _ when entry is null => zone.Cause is ConnectionCause.HetznerZoneMissing
                ? new WildcardChange.NotPossible(zone)
                : new WildcardChange.Failed(zone, MayHaveHappened: false),
            _ when zone.Cause is ConnectionCause.HetznerZoneNotDelegated or ConnectionCause.WildcardAliasInTheWay => UnlessRight(zone),
            _ when entry.Alias is not null => new WildcardChange.None(),
            var target when IsOnly(entry.Addresses, target) => new WildcardChange.None(),
            // TRAEFIK_IP may be the way in from inside only; all stacks would then disappear from outside.
            var target when WildcardLookup.IsInternal(target) && entry.Addresses.Concat(world.Facts.Addresses ?? []).Any(IsPublic) =>
                new WildcardChange.NotPossible(Why(ConnectionCause.WildcardTargetIsInside)),
            var target => new WildcardChange.Write(entry.Zone, entry.Name, entry.Addresses, target.ToString(), entry.Addresses.Count == 0 ? Ttl : null),
        };

        // The resolver's view decides where the zone cannot tell, or cannot be changed.
        WildcardChange UnlessRight(ConnectionResult why) =>
            world.Cause == ConnectionCause.WildcardPointsThere ? new WildcardChange.None() : new WildcardChange.NotPossible(why);
    }

    private async Task<(ConnectionResult Result, WildcardEntry? Entry)> ReadZoneAsync(CancellationToken cancellationToken)
    {
        if (lookup.IsLocal || hetzner is null)
        {
            return (Zone(lookup.IsLocal ? ConnectionCause.WildcardLocal : ConnectionCause.HetznerTokenNotSet), null);
        }
        try
        {
            var zone = await hetzner.FindZoneOfAsync(lookup.Suffix, retry: true, cancellationToken);
            var facts = HetznerCauses.FactsOf(zone, lookup.Suffix);
            if (zone is null || !HetznerDnsClient.Holds(zone.Name, lookup.Suffix))
            {
                return (Zone(ConnectionCause.HetznerZoneMissing, facts), null);
            }
            var entry = await ReadEntryAsync(hetzner, zone, cancellationToken);
            facts = facts with { Host = lookup.Wildcard, Addresses = [.. entry.Addresses, .. entry.Ipv6Addresses, .. entry.Alias is { } alias ? [alias] : (string[])[]] };
            return (Zone(zone.IsDelegated is false ? ConnectionCause.HetznerZoneNotDelegated
                : IsEmpty(entry) ? ConnectionCause.WildcardRecordAbsent
                : entry.Alias is null ? ConnectionCause.WildcardRecordFound
                : ConnectionCause.WildcardAliasInTheWay, facts), entry);
        }
        catch (HetznerException e)
        {
            return (Zone(HetznerCauses.Of(e.Kind)), null);
        }
    }

    private async Task<WildcardEntry> ReadEntryAsync(HetznerDnsClient client, HetznerZone zone, CancellationToken cancellationToken)
    {
        var name = NameIn(zone.Name, lookup.Suffix);
        var sets = await client.ListRRSetsAsync(
            zone.Name, name, [HetznerRecordType.A, HetznerRecordType.Aaaa, HetznerRecordType.Cname], cancellationToken);
        HetznerRRSet? Of(string type) => sets.FirstOrDefault(set => set.Type == type);
        return new WildcardEntry(
            zone.Name, name, Of(HetznerRecordType.A)?.Values ?? [], Of(HetznerRecordType.Aaaa)?.Values ?? [],
            Of(HetznerRecordType.Cname)?.Values is [var alias, ..] ? alias : null, Of(HetznerRecordType.A)?.Ttl);
    }

    private async Task<WildcardChange> WriteAsync(HetznerDnsClient client, WildcardChange.Write write, CancellationToken cancellationToken)
    {
        var target = IPAddress.Parse(write.To);
        var isWritten = false;
        try
        {
            if (write.IsNew)
            {
                await client.CreateARecordAsync(write.Zone, write.Name, target, Ttl, cancellationToken);
            }
            else
            {
                await client.SetARecordAsync(write.Zone, write.Name, target, cancellationToken);
            }
            isWritten = true;
            var set = await client.FindRRSetByNameAsync(write.Zone, write.Name, HetznerRecordType.A, cancellationToken);
            return set is not null && IsOnly(set.Values, target)
                ? write
                : new WildcardChange.Failed(Why(ConnectionCause.HetznerRejected), MayHaveHappened: true);
        }
        catch (HetznerException e)
        {
            return new WildcardChange.Failed(Why(HetznerCauses.Of(e.Kind)), isWritten || e.MayHaveHappened);
        }
    }

    private ConnectionResult Why(ConnectionCause cause) =>
        new(ConnectionTarget.WildcardDns, cause) { Facts = new ConnectionFacts { Host = lookup.Wildcard } };

    private ConnectionResult Zone(ConnectionCause cause, ConnectionFacts? facts = null) =>
        new(ConnectionTarget.HetznerZone, cause) { Facts = facts ?? new ConnectionFacts { Host = lookup.Wildcard } };
}
