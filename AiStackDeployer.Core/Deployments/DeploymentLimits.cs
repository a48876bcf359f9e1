namespace AiStackDeployer.Core.Deployments;

/// <summary>What a page must know of the engine to say how long something may still take.</summary>
/// <param name="Parallel">Operations at the same time; the others wait in line.</param>
/// <param name="TimeoutOf">The longest a step may take.</param>
public sealed record DeploymentLimits(int Parallel, Func<DeploymentStep, TimeSpan> TimeoutOf);
