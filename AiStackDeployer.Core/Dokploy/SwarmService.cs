using System.Text.Json.Serialization;

namespace AiStackDeployer.Core.Dokploy;

/// <summary>How the last update of a service went (Docker's <c>UpdateStatus.State</c>).</summary>
public enum SwarmUpdateState
{
    Unknown,
    Updating,
    Paused,
    Completed,
    RollbackStarted,
    RollbackPaused,
    RollbackCompleted,
}

/// <summary>A swarm service as Docker inspects it: what really runs, whatever Dokploy's status says.</summary>
internal sealed record SwarmService
{
    /// <summary>Null when the service was never updated since it was made.</summary>
    public required SwarmUpdateState? UpdateState { get; init; }

    /// <summary>Docker's sentence on the update.</summary>
    public required string? UpdateMessage { get; init; }
}

internal sealed record ServiceWire
{
    [JsonPropertyName("Spec")]
    public ServiceSpecWire? Spec { get; init; }

    [JsonPropertyName("UpdateStatus")]
    public UpdateStatusWire? UpdateStatus { get; init; }
}

internal sealed record ServiceSpecWire
{
    [JsonPropertyName("Name")]
    public string? Name { get; init; }
}

internal sealed record UpdateStatusWire
{
    [JsonPropertyName("State")]
    public string? State { get; init; }

    [JsonPropertyName("Message")]
    public string? Message { get; init; }
}
