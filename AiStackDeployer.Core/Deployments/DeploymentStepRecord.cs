namespace AiStackDeployer.Core.Deployments;

/// <summary>How one step of one deployment went.</summary>
public sealed class DeploymentStepRecord
{
    public required string DeploymentId { get; init; }

    public required DeploymentStep Step { get; init; }

    public required DateTimeOffset StartedAt { get; set; }

    public DateTimeOffset? EndedAt { get; set; }

    public StepOutcome Outcome { get; set; } = StepOutcome.Running;

    /// <summary>How many runs began it; more than one means a run died inside it.</summary>
    public int Attempts { get; set; }
}
