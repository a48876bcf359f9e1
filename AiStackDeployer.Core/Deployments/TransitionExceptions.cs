namespace AiStackDeployer.Core.Deployments;

/// <summary>A newer run has taken the deployment over: this one must stop without a further write.</summary>
public sealed class StaleRunException(string deploymentId, int run, int newest)
    : Exception($"Run {run} of {deploymentId} is not the newest ({newest}).");

/// <summary>A change that the deployment's phase does not allow: a fault of ours.</summary>
public sealed class InvalidTransitionException(string deploymentId, DeploymentPhase phase, string change)
    : Exception($"{change} is not possible for {deploymentId} while {phase}.");
