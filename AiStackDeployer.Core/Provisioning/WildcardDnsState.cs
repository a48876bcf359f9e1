using System.Net;
using AiStackDeployer.Core.Hetzner;

namespace AiStackDeployer.Core.Provisioning;

public enum WildcardVerdict
{
    /// <summary>Every name below the suffix leads to TRAEFIK_IP.</summary>
    PointsThere,

    /// <summary>It leads to another address, or to another one beside it.</summary>
    PointsElsewhere,

    /// <summary>There is no wildcard record, as far as this machine's resolver knows.</summary>
    DoesNotResolve,

    /// <summary>The resolver gave no answer, which says nothing about the record.</summary>
    ResolverFailed,

    /// <summary>It resolves, and TRAEFIK_IP is not set or is a host name.</summary>
    NothingToCompareWith,

    /// <summary>A suffix below <c>localhost</c>, which browsers take for this machine without asking anybody.</summary>
    LocalOnly,
}

/// <summary>How the wildcard of the stacks' suffix stands: in the world, and in Hetzner's zone where one is configured.</summary>
public sealed record WildcardDnsState
{
    /// <summary>STACK_DOMAIN_SUFFIX.</summary>
    public required string Suffix { get; init; }

    public string Wildcard => $"*.{Suffix}";

    /// <summary>The name that was asked for: a random label, so that nobody's own record, and no cache, answers. Null when nothing was asked.</summary>
    public required string? AskedName { get; init; }

    /// <summary>What it resolves to, IPv4 and IPv6.</summary>
    public required IReadOnlyList<IPAddress> Addresses { get; init; }

    /// <summary>What it should be: the address in TRAEFIK_IP; null when that is not set or a host name.</summary>
    public required IPAddress? Expected { get; init; }

    public required WildcardVerdict Verdict { get; init; }

    public required WildcardZoneRecord Zone { get; init; }

    /// <summary>
    /// TRAEFIK_IP is an address of an internal network. It may then be the inside of what the world knows by another address,
    /// and "points elsewhere" need not be wrong.
    /// </summary>
    public bool ExpectedIsInternal => Expected is { } expected && WildcardDns.IsInternal(expected);
}

/// <summary>What the zone at Hetzner says about the wildcard.</summary>
public abstract record WildcardZoneRecord
{
    private WildcardZoneRecord()
    {
    }

    /// <summary>There is no HETZNER_API_TOKEN, or nothing to ask about.</summary>
    public sealed record NotAsked : WildcardZoneRecord;

    /// <summary>The token's project has no zone for the suffix, or not the configured one.</summary>
    public sealed record NoZone : WildcardZoneRecord;

    /// <summary>The suffix does not lie in the configured zone.</summary>
    public sealed record OtherZone(HetznerZone Zone) : WildcardZoneRecord;

    /// <param name="Name">Of the record sets, relative to the zone: <c>*</c> or <c>*.ai</c>.</param>
    /// <param name="Addresses">The A records' values.</param>
    public abstract record InZone(HetznerZone Zone, string Name, IReadOnlyList<string> Addresses) : WildcardZoneRecord;

    public sealed record Absent(HetznerZone Zone, string Name) : InZone(Zone, Name, []);

    /// <param name="Ttl">Of the A records, in seconds; null = the zone's, or there are none.</param>
    /// <param name="Ipv6Addresses">The AAAA records' values.</param>
    /// <param name="Alias">The CNAME record's value.</param>
    public sealed record Present(
        HetznerZone Zone, string Name, IReadOnlyList<string> Addresses, int? Ttl, IReadOnlyList<string> Ipv6Addresses, string? Alias)
        : InZone(Zone, Name, Addresses);

    public sealed record CouldNotRead(HetznerFault Fault) : WildcardZoneRecord;
}

/// <summary>How <see cref="WildcardDns.RepairAsync"/> ends.</summary>
public abstract record WildcardRepair
{
    private WildcardRepair()
    {
    }

    /// <summary>Nothing was written.</summary>
    public sealed record AlreadyRight : WildcardRepair;

    /// <summary>The record was made, and read back.</summary>
    public sealed record Created(string Zone, string Name, IPAddress Address) : WildcardRepair;

    /// <summary>The record had other values; it was changed, and read back.</summary>
    public sealed record Changed(string Zone, string Name, IReadOnlyList<string> From, IPAddress Address) : WildcardRepair;

    /// <param name="Zone">The zone that stands in the way, where one does.</param>
    public sealed record NotPossible(WildcardObstacle Obstacle, string? Zone = null) : WildcardRepair;

    /// <param name="MayHaveHappened">The record may have been written all the same: look again.</param>
    public sealed record Failed(HetznerFault Fault, bool MayHaveHappened) : WildcardRepair;
}

/// <summary>Why the portal does not even try.</summary>
public enum WildcardObstacle
{
    /// <summary>A suffix below <c>localhost</c> needs no record.</summary>
    LocalSuffix,

    /// <summary>HETZNER_API_TOKEN is not set.</summary>
    NoToken,

    /// <summary>TRAEFIK_IP is not set, is a host name, or is not an IPv4 address.</summary>
    NoTarget,

    /// <summary>TRAEFIK_IP is an address no other machine can reach, such as 127.0.0.1.</summary>
    TargetIsThisMachine,

    /// <summary>
    /// TRAEFIK_IP is internal and the wildcard is public: it may be the way in from here only, and the repair would hide all
    /// stacks from outside.
    /// </summary>
    TargetIsInternal,

    /// <summary>The token's project has no zone for the suffix, or not the configured one.</summary>
    NoZone,

    /// <summary>The suffix does not lie in the zone of HETZNER_ZONE_ID.</summary>
    OtherZone,

    /// <summary>Hetzner has the zone and says that the world does not ask it: a record made there would be seen by nobody.</summary>
    ZoneNotDelegated,

    /// <summary>A CNAME record stands there that leads elsewhere. It excludes an A record, and is not ours to remove.</summary>
    AliasInTheWay,

    /// <summary>Hetzner said it was done, and reads back something else.</summary>
    ReadsBackDifferently,
}
