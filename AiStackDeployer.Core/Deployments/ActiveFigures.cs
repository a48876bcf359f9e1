namespace AiStackDeployer.Core.Deployments;

/// <summary>How many deployments wait, run and unwind, and since when the first one waits (null = none does).</summary>
public sealed record ActiveFigures(IReadOnlyList<ActiveCount> Counts, DateTimeOffset? OldestQueued);

public sealed record ActiveCount(DeploymentKind Kind, DeploymentPhase Phase, int Count);
