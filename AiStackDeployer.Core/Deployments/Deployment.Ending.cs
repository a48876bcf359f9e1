using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Core.Deployments;

/// <summary>How a deployment that was cancelled or failed ends, and what becomes of its stack.</summary>
public sealed partial class Deployment
{
    /// <summary>
    /// What was made is gone, or named in <paramref name="leftBehind"/> where it could not be removed. A failed stack keeps its
    /// name for its owner; a cancelled one lets it go; one of which something is left does neither until it is deleted.
    /// </summary>
    public void FinishUnwinding(int run, IReadOnlyList<string> leftBehind, DateTimeOffset now)
    {
        Require(run, DeploymentPhase.Unwinding);
        RequireNoOpenStep();
        FinishedAt = now;
        Phase = Failure is null ? DeploymentPhase.Cancelled : DeploymentPhase.Failed;
        if (leftBehind.Count > 0)
        {
            // It may still run, so nobody is given its name, not even by time, and nobody builds on it.
            Failure = Failure is { } reason ? reason with { LeftBehind = leftBehind } : null;
            Stack.State = StackState.DeleteFailed;
            Stack.FailedAt = now;
        }
        else if (Failure is not null)
        {
            Stack.State = StackState.Failed;
            Stack.FailedAt = now;
            if (Failure.Code == FailureCode.NameTakenUpstream)
            {
                // It never was free: keeping it would only bar its owner from another try.
                Stack.ReleasedAt = now;
            }
        }
        else
        {
            Stack.ReleasedAt = now;
        }
        Emit(DeploymentEventKind.Error, now);
    }

    /// <summary>
    /// Somebody wants it stopped. While it still waits for its turn, nothing was made and it ends here; a stack that had failed before
    /// is that again. A deletion goes on: half a stack is of no use to anybody.
    /// </summary>
    public CancelResult RequestCancel(DateTimeOffset now)
    {
        switch (Phase)
        {
            case DeploymentPhase.Queued or DeploymentPhase.Running when Kind == DeploymentKind.Delete:
                return CancelResult.CannotBeCancelled;
            case DeploymentPhase.Queued:
                CancelRequestedAt = now;
                Phase = DeploymentPhase.Cancelled;
                FinishedAt = now;
                if (Stack.FailedAt is null)
                {
                    Stack.ReleasedAt = now;
                }
                else
                {
                    Stack.State = StackState.Failed;
                }
                Log(LogCode.CancelRequested, null, now);
                Emit(DeploymentEventKind.Error, now);
                return CancelResult.Cancelled;
            case DeploymentPhase.Running when CancelRequestedAt is null:
                CancelRequestedAt = now;
                Log(LogCode.CancelRequested, null, now);
                return CancelResult.Requested;
            case DeploymentPhase.Running:
            case DeploymentPhase.Unwinding:
                return CancelResult.AlreadyEnding;
            default:
                return CancelResult.AlreadyEnded;
        }
    }
}
