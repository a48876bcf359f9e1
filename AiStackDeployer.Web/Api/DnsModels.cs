using AiStackDeployer.Core.Connections;

namespace AiStackDeployer.Web.Api;

/// <summary>The wildcard record that leads every name below the stacks' suffix to Traefik.</summary>
public sealed record DnsAnswer
{
    /// <summary>E.g. *.ai.example.org.</summary>
    public required string Name { get; init; }

    /// <summary>Where it leads as seen from the portal, against TRAEFIK_IP.</summary>
    public required ConnectionAnswer World { get; init; }

    /// <summary>What could be learnt at Hetzner.</summary>
    public required ConnectionAnswer Zone { get; init; }

    /// <summary>The record at Hetzner; absent when there is none, or it could not be read.</summary>
    public DnsRecordAnswer? Record { get; init; }

    /// <summary>What a repair would do now.</summary>
    public required DnsRepairPlanAnswer Repair { get; init; }
}

/// <summary>The record at Hetzner.</summary>
/// <param name="Zone">The zone it stands in.</param>
/// <param name="Name">Relative to the zone, e.g. * or *.ai.</param>
/// <param name="Addresses">The A records' values.</param>
/// <param name="Ipv6Addresses">The AAAA records' values.</param>
/// <param name="Alias">The CNAME record's value.</param>
/// <param name="Ttl">Seconds; absent = the zone's.</param>
public sealed record DnsRecordAnswer(
    string Zone, string Name, IReadOnlyList<string> Addresses, IReadOnlyList<string> Ipv6Addresses, string? Alias, int? Ttl);

/// <summary>What POST /api/dns/repair would do now.</summary>
/// <param name="Plan">`nothing`, `create`, `change` or `not-possible`.</param>
/// <param name="Message">The same as a sentence.</param>
/// <param name="Cause">Why it is not possible; stable.</param>
public sealed record DnsRepairPlanAnswer(
    string Plan,
    string Message,
    ConnectionCause? Cause);

/// <summary>What a repair did.</summary>
public sealed record DnsRepairAnswer
{
    /// <summary>`already-right`, `created` or `changed`.</summary>
    public required string Outcome { get; init; }

    /// <summary>The same as a sentence.</summary>
    public required string Message { get; init; }

    /// <summary>The zone at Hetzner.</summary>
    public string? Zone { get; init; }

    /// <summary>Relative to the zone.</summary>
    public string? Name { get; init; }

    /// <summary>What the record said before, where it was changed.</summary>
    public IReadOnlyList<string>? From { get; init; }

    /// <summary>What it says now.</summary>
    public string? To { get; init; }
}
