using AiStackDeployer.DokployEmulator.World;

namespace AiStackDeployer.DokployEmulator.Swarm;

/// <summary>A place in Dokploy's in-memory queue. Waiting until <see cref="Plan"/> is there, then active.</summary>
internal sealed class DeployJob
{
    public required string Id { get; init; }
    public required string ApplicationId { get; init; }
    public required string Title { get; init; }
    public required string Description { get; init; }
    public required bool IsRedeploy { get; init; }
    public required DateTimeOffset EnqueuedAt { get; init; }
    public JobPlan? Plan { get; set; }
    public string? DeploymentId { get; set; }
    public bool ServiceMade { get; set; }
}

/// <summary>
/// What an active job will do and when, fixed at its start: a later change of the application, even its
/// removal, does not reach it any more.
/// </summary>
internal sealed record JobPlan
{
    public required DateTimeOffset StartedAt { get; init; }
    public required DateTimeOffset RowAt { get; init; }

    /// <summary>When swarm gets the service; null = the job fails before.</summary>
    public DateTimeOffset? ServiceAt { get; init; }
    public required DateTimeOffset RowEndsAt { get; init; }
    public required DateTimeOffset EndsAt { get; init; }
    public required bool Succeeds { get; init; }
    public required string AppName { get; init; }
    public required string LogPath { get; init; }
    public required List<LogLine> Log { get; init; }
    public ServiceSpec? Spec { get; init; }
    public ImageOutcome Outcome { get; init; }
    public string? ContainerLog { get; init; }

    /// <summary>The registry a successful login leaves the node logged in to.</summary>
    public string? LoggedInTo { get; init; }
}
