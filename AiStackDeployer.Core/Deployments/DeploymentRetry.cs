using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Core.Deployments;

/// <summary>Whether an operation can be tried again: the one rule of page, API and assistants.</summary>
public static class DeploymentRetry
{
    /// <summary>The stack was deleted, or is being, by a later operation than this deployment.</summary>
    public static bool IsOvertaken(this DeploymentSnapshot now) =>
        now is { Kind: DeploymentKind.Deploy, IsTerminal: true, StackState: StackState.Deleting or StackState.DeleteFailed or StackState.Deleted }
        && now.LastDeploymentId != now.Id;

    /// <summary>It came to nothing, and a later try is at the same stack or has made it.</summary>
    public static bool HasLaterTry(this DeploymentSnapshot now) =>
        now is
        {
            Kind: DeploymentKind.Deploy, Phase: DeploymentPhase.Failed or DeploymentPhase.Cancelled,
            StackState: StackState.Creating or StackState.Ready, StackReleasedAt: null,
        }
        && now.LastDeploymentId is { } last && last != now.Id;

    /// <summary>
    /// It failed or was cancelled, and its stack has neither been tried again nor deleted since: what somebody wished gone does not come back by itself. Of
    /// a deletion, the newest one of its stack.
    /// </summary>
    public static bool MayBeRetried(this DeploymentSnapshot now) => now switch
    {
        { Kind: DeploymentKind.Delete } => now is { Phase: DeploymentPhase.Failed, StackMayBeDeleted: true },
        // What is left of it has to be deleted first.
        { StackState: StackState.DeleteFailed } => false,
        _ => now.Phase is DeploymentPhase.Failed or DeploymentPhase.Cancelled && !now.IsOvertaken() && !now.HasLaterTry(),
    };
}
