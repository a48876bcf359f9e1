using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Core.Deployments;

/// <summary>What later operations on the same stack mean for this one: the one rule of page, API and assistants.</summary>
public static class DeploymentRetry
{
    /// <summary>The stack was deleted, or is being, by a later operation than this one.</summary>
    public static bool IsSuperseded(this DeploymentSnapshot now) =>
        now is { IsTerminal: true, IsNewest: false, Operation.RemovesStack: false }
        && now.StackState is StackState.Deleting or StackState.DeleteFailed or StackState.Deleted;

    /// <summary>It came to nothing, and a later try is at the same stack or has made it.</summary>
    public static bool HasLaterTry(this DeploymentSnapshot now) =>
        now is
        {
            Operation.MakesStack: true, Phase: DeploymentPhase.Failed or DeploymentPhase.Cancelled,
            StackState: StackState.Creating or StackState.Ready, StackReleasedAt: null, LastDeploymentId: not null, IsNewest: false,
        };

    /// <summary>Whether it can be tried again. What somebody wished gone does not come back by itself.</summary>
    public static bool MayBeRetried(this DeploymentSnapshot now) => now.Operation.MayBeRetried(now);
}
