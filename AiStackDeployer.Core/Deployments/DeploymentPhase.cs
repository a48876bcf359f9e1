namespace AiStackDeployer.Core.Deployments;

/// <summary>Where a deployment is in its life. The last three are terminal and final.</summary>
public enum DeploymentPhase
{
    /// <summary>Claimed, waiting for its turn; nothing is made yet.</summary>
    Queued,

    /// <summary>A worker goes through the steps.</summary>
    Running,

    /// <summary>It will not succeed: what it made is being removed. The reason is already known and shown.</summary>
    Unwinding,

    Completed,
    Failed,
    Cancelled,
}

public static class DeploymentPhaseExtensions
{
    public static bool IsTerminal(this DeploymentPhase phase) =>
        phase is DeploymentPhase.Completed or DeploymentPhase.Failed or DeploymentPhase.Cancelled;
}
