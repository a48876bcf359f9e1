using System.Text.Json.Serialization;

namespace AiStackDeployer.Core.Hetzner;

/// <summary>A DNS zone of the token's project (reference, "Zones").</summary>
internal sealed record HetznerZone
{
    public required long Id { get; init; }

    /// <summary>Without a trailing dot.</summary>
    public required string Name { get; init; }

    /// <summary><c>primary</c>, or <c>secondary</c> for a copy of a zone managed elsewhere.</summary>
    public string? Mode { get; init; }

    /// <summary>Seconds, for record sets without a TTL of their own.</summary>
    public int? Ttl { get; init; }

    public HetznerNameservers? AuthoritativeNameservers { get; init; }

    /// <summary>
    /// Whether the zone is delegated to Hetzner, by Hetzner's own last look; null when it does not know. Nobody sees the records of a
    /// zone that is not.
    /// </summary>
    [JsonIgnore]
    public bool? IsDelegated => AuthoritativeNameservers?.DelegationStatus switch
    {
        "valid" or "partially-valid" => true,
        "invalid" or "lame" or "unregistered" => false,
        _ => null,
    };
}

internal sealed record HetznerNameservers
{
    /// <summary><c>valid</c>, <c>partially-valid</c>, <c>invalid</c>, <c>lame</c>, <c>unregistered</c> or <c>unknown</c>.</summary>
    public string? DelegationStatus { get; init; }
}

/// <summary>The record types the portal uses.</summary>
internal static class HetznerRecordType
{
    public const string A = "A";

    public const string Aaaa = "AAAA";

    public const string Cname = "CNAME";
}

/// <summary>All records of one name and type (reference, "Zone RRSets").</summary>
internal sealed record HetznerRRSet
{
    /// <summary>Relative to the zone, in lower case: <c>www</c>, <c>*.ai</c>, and <c>@</c> for the zone's own name.</summary>
    public required string Name { get; init; }

    public required string Type { get; init; }

    /// <summary>Seconds; null = the zone's.</summary>
    public int? Ttl { get; init; }

    /// <summary>In no particular order.</summary>
    public IReadOnlyList<HetznerRecord> Records { get => field ?? []; init; }

    [JsonIgnore]
    public IReadOnlyList<string> Values => [.. Records.Select(record => record.Value)];
}

/// <param name="Value">As in a zone file: an address, or a name with a trailing dot.</param>
internal sealed record HetznerRecord(string Value);
