using System.Text.Json.Serialization;

namespace AiStackDeployer.Core.Dokploy;

/// <summary>A swarm task's state, wanted or observed (Docker's names).</summary>
public enum SwarmTaskState
{
    Unknown,
    New,
    Allocated,
    Pending,
    Assigned,
    Accepted,
    Preparing,
    Ready,
    Starting,
    Running,
    Complete,
    Shutdown,
    Failed,
    Rejected,
    Remove,
    Orphaned,
}

/// <summary>One attempt of the swarm to run a container of a service, newest first in the list.</summary>
internal sealed record SwarmTask
{
    public required string TaskId { get; init; }

    public required SwarmTaskState DesiredState { get; init; }

    public required SwarmTaskState CurrentState { get; init; }

    /// <summary>As Docker words it: <c>Running 2 minutes ago</c>.</summary>
    public required string CurrentStateText { get; init; }

    /// <summary>Docker's reason, such as <c>task: non-zero exit (3)</c>; null when there is none.</summary>
    public required string? Error { get; init; }

    /// <summary>It came as far as a container, or may have: that is made at the end of preparing.</summary>
    public bool MayHaveContainer => CurrentState is not (SwarmTaskState.New or SwarmTaskState.Allocated or SwarmTaskState.Pending
        or SwarmTaskState.Assigned or SwarmTaskState.Accepted or SwarmTaskState.Rejected);

    internal static SwarmTask From(SwarmTaskWire wire)
    {
        var text = wire.CurrentState?.Trim() ?? "";
        return new SwarmTask
        {
            TaskId = wire.ContainerId,
            DesiredState = wire.State,
            CurrentState = TolerantEnumConverter<SwarmTaskState>.Parse(text.Split(' ', 2)[0]),
            CurrentStateText = text,
            Error = CleanError(wire.Error),
        };
    }

    // Dokploy cuts this column out of a line of text: no error may read "Error:", a real one comes in quotes.
    private static string? CleanError(string? raw)
    {
        var text = (raw ?? "").Trim();
        if (text.StartsWith("Error:", StringComparison.Ordinal))
        {
            text = text["Error:".Length..].Trim();
        }
        if (text.Length >= 2 && text[0] == '"' && text[^1] == '"')
        {
            text = text[1..^1].Trim();
        }
        return text.Length == 0 ? null : text;
    }
}

internal sealed record SwarmTaskWire
{
    public required string ContainerId { get; init; }

    [JsonConverter(typeof(TolerantEnumConverter<SwarmTaskState>))]
    public SwarmTaskState State { get; init; }

    public string? CurrentState { get; init; }

    public string? Error { get; init; }
}

/// <param name="MemoryBytes">Null = it does not tell.</param>
/// <param name="TakesTasks">It is there, and nobody has set it aside.</param>
internal sealed record SwarmNode(long? MemoryBytes, bool TakesTasks);

internal sealed record NodeWire
{
    [JsonPropertyName("Status")]
    public NodeStatusWire? Status { get; init; }

    [JsonPropertyName("Spec")]
    public NodeSpecWire? Spec { get; init; }

    [JsonPropertyName("Description")]
    public NodeDescriptionWire? Description { get; init; }
}

internal sealed record NodeStatusWire
{
    [JsonPropertyName("State")]
    public string? State { get; init; }
}

internal sealed record NodeSpecWire
{
    [JsonPropertyName("Availability")]
    public string? Availability { get; init; }
}

internal sealed record NodeDescriptionWire
{
    [JsonPropertyName("Resources")]
    public NodeResourcesWire? Resources { get; init; }
}

internal sealed record NodeResourcesWire
{
    [JsonPropertyName("MemoryBytes")]
    public long? MemoryBytes { get; init; }
}

internal enum DockerContainerState
{
    Unknown,
    Created,
    Running,
    Paused,
    Restarting,
    Removing,
    Exited,
    Dead,
}

/// <summary>A container on Dokploy's own server; also visible to keys that may not see swarm tasks.</summary>
internal sealed record DockerContainer
{
    public required string ContainerId { get; init; }

    public string? Name { get; init; }

    [JsonConverter(typeof(TolerantEnumConverter<DockerContainerState>))]
    public DockerContainerState State { get; init; }

    /// <summary>As Docker words it: <c>Up 2 minutes</c>, <c>Exited (3) 4 seconds ago</c>.</summary>
    public string? Status { get; init; }
}
