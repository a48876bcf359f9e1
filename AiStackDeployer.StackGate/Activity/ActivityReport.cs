using System.Text.Json.Serialization;

namespace AiStackDeployer.StackGate.Activity;

/// <summary>What the portal reads at <c>/.stack/activity</c>.</summary>
internal sealed record ActivityReport
{
    public required string Gate { get; init; }

    public required DateTimeOffset Now { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset? LastHumanAt { get; init; }

    public required DateTimeOffset? LastTerminalInputAt { get; init; }

    public required int SessionsAtWork { get; init; }

    /// <summary>Of them or beside them: those that wait for a person. A stack is idle only when both are zero.</summary>
    public required int SessionsWaiting { get; init; }

    /// <summary>How many sessions OpenCode keeps, at work or not; null = nobody has asked for it, or OpenCode does not tell.</summary>
    public int? SessionsStored { get; init; }

    public required DateTimeOffset? LastAgentAt { get; init; }

    public required long? MemoryBytes { get; init; }

    public required long? MemoryLimitBytes { get; init; }

    [JsonPropertyName("opencode")]
    public required OpenCodeReport OpenCode { get; init; }

    public required EventsReport Events { get; init; }
}

internal sealed record OpenCodeReport(string? Version, int? Generation, string State, int Restarts);

internal sealed record EventsReport(long Sent, long Refused, long Dropped, int Waiting);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ActivityReport))]
internal sealed partial class ActivityJsonContext : JsonSerializerContext;
