using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Core.Deployments;

/// <summary>
/// How many deployments wait, run and unwind, since when the first one waits (null = none does), and how many stacks there are whose
/// names are not let go. A group without anybody is left out.
/// </summary>
public sealed record ActiveFigures(IReadOnlyList<ActiveCount> Counts, DateTimeOffset? OldestQueued, IReadOnlyList<StackCount> Stacks);

public sealed record ActiveCount(Operation Operation, DeploymentPhase Phase, int Count);

/// <param name="Health">Of the ready ones; says nothing of the others.</param>
public sealed record StackCount(StackState State, HealthState Health, int Count);
