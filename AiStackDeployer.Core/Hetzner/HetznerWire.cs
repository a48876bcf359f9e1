using System.Text.Json.Serialization;

namespace AiStackDeployer.Core.Hetzner;

// Envelopes as they go over the wire.
internal sealed record ZonePageWire(IReadOnlyList<HetznerZone> Zones, MetaWire? Meta = null);

internal sealed record ZoneWire(HetznerZone Zone);

internal sealed record RRSetPageWire([property: JsonPropertyName("rrsets")] IReadOnlyList<HetznerRRSet> RRSets);

internal sealed record RRSetWire([property: JsonPropertyName("rrset")] HetznerRRSet RRSet);

internal sealed record CreatedRRSetWire([property: JsonPropertyName("rrset")] HetznerRRSet RRSet, ActionWire Action);

internal sealed record ActionEnvelopeWire(ActionWire Action);

/// <summary>A change that runs after it was accepted. Status is <c>running</c>, <c>success</c> or <c>error</c>.</summary>
internal sealed record ActionWire(long Id, string? Status = null, ActionErrorWire? Error = null);

internal sealed record ActionErrorWire(string? Code = null);

internal sealed record MetaWire(PaginationWire? Pagination = null);

/// <summary>The next page is null on the last one.</summary>
internal sealed record PaginationWire(int? NextPage = null);

internal sealed record CreateRRSetBody(string Name, string Type, int? Ttl, IReadOnlyList<HetznerRecord> Records);

internal sealed record SetRecordsBody(IReadOnlyList<HetznerRecord> Records);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ZonePageWire))]
[JsonSerializable(typeof(ZoneWire))]
[JsonSerializable(typeof(RRSetPageWire))]
[JsonSerializable(typeof(RRSetWire))]
[JsonSerializable(typeof(CreatedRRSetWire))]
[JsonSerializable(typeof(ActionEnvelopeWire))]
[JsonSerializable(typeof(CreateRRSetBody))]
[JsonSerializable(typeof(SetRecordsBody))]
internal sealed partial class HetznerJsonContext : JsonSerializerContext;
