namespace AiStackDeployer.Core.Deployments;

/// <summary>How one step of one deployment went.</summary>
public sealed class DeploymentStepRecord
{
    /// <summary>The index of <see cref="DeploymentStep.CleanUp"/>, which is in no plan.</summary>
    public const int CleanUpIndex = -1;

    public required string DeploymentId { get; init; }

    /// <summary>The position in the operation's plan; a step may have several.</summary>
    public required int Index { get; init; }

    public required DeploymentStep Step { get; init; }

    public required DateTimeOffset StartedAt { get; set; }

    public DateTimeOffset? EndedAt { get; set; }

    public StepOutcome Outcome { get; set; } = StepOutcome.Running;

    /// <summary>How many runs began it; more than one means a run died inside it.</summary>
    public int Attempts { get; set; }
}
