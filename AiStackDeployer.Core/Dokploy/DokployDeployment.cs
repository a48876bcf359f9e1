using System.Text.Json.Serialization;

namespace AiStackDeployer.Core.Dokploy;

public enum DokployDeploymentStatus
{
    Unknown,
    Running,

    /// <summary>The swarm took the service's specification; whether it runs is for the tasks to say.</summary>
    Done,
    Error,

    /// <summary>Dokploy restarted while the job ran (since v0.25.4).</summary>
    Cancelled,
}

/// <summary>One run of a deploy. Its title is what was given to <see cref="DokployClient.DeployApplicationAsync"/>.</summary>
public sealed record DokployDeployment
{
    public required string DeploymentId { get; init; }

    public string? Title { get; init; }

    public string? Description { get; init; }

    [JsonConverter(typeof(TolerantEnumConverter<DokployDeploymentStatus>))]
    public DokployDeploymentStatus Status { get; init; }

    [JsonConverter(typeof(TolerantTimeConverter))]
    public DateTimeOffset? CreatedAt { get; init; }

    [JsonConverter(typeof(TolerantTimeConverter))]
    public DateTimeOffset? StartedAt { get; init; }

    [JsonConverter(typeof(TolerantTimeConverter))]
    public DateTimeOffset? FinishedAt { get; init; }
}

public enum DokployQueueState
{
    Unknown,
    Waiting,
    Active,
}

/// <summary>A job that waits or runs; finished ones vanish. One runs at a time on each server.</summary>
public sealed record DokployQueueEntry
{
    /// <summary>Null for a job of another kind of service.</summary>
    public string? ApplicationId { get; init; }

    public string? Title { get; init; }

    public DokployQueueState State { get; init; }

    public DateTimeOffset? QueuedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }
}

internal sealed record QueueEntryWire
{
    public QueueDataWire? Data { get; init; }

    [JsonConverter(typeof(TolerantTimeConverter))]
    public DateTimeOffset? Timestamp { get; init; }

    [JsonConverter(typeof(TolerantTimeConverter))]
    public DateTimeOffset? ProcessedOn { get; init; }

    [JsonConverter(typeof(TolerantEnumConverter<DokployQueueState>))]
    public DokployQueueState State { get; init; }
}

internal sealed record QueueDataWire
{
    public string? ApplicationId { get; init; }

    public string? TitleLog { get; init; }
}
