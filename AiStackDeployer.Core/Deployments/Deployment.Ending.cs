using AiStackDeployer.Core.Deployments.Operations;

namespace AiStackDeployer.Core.Deployments;

/// <content>How an operation ends. What becomes of its stack is the operation's rule.</content>
public sealed partial class Deployment
{
    /// <summary>It will not succeed. The reason is known from here on; what has to be undone is undone next, else it ends here.</summary>
    public void Fail(int run, DeploymentFailure failure, DateTimeOffset now)
    {
        Require(run, DeploymentPhase.Running);
        Failure = failure;
        Undo(StepOutcome.Failed, now);
    }

    /// <summary>The worker has seen the wish to cancel and stops going forward.</summary>
    public void AcceptCancel(int run, DateTimeOffset now)
    {
        Require(run, DeploymentPhase.Running);
        if (CancelRequestedAt is null)
        {
            throw new InvalidTransitionException(Id, Phase, nameof(AcceptCancel));
        }
        Undo(StepOutcome.Skipped, now);
    }

    /// <summary>
    /// What the operation promises is verified. False when somebody asked to cancel before this was written: then the cancel holds.
    /// </summary>
    public bool Complete(int run, DateTimeOffset now)
    {
        Require(run, DeploymentPhase.Running);
        RequireNoOpenStep();
        if (CancelRequestedAt is not null)
        {
            return false;
        }
        Phase = DeploymentPhase.Completed;
        Progress = 100;
        FinishedAt = now;
        DokployQueuePosition = null;
        Operation.OnCompleted(this, now);
        ForgetSecrets();
        Emit(DeploymentEventKind.Complete, now);
        return true;
    }

    /// <summary>All is undone, or what could not be removed is named in <paramref name="leftBehind"/>.</summary>
    public void FinishUnwinding(int run, IReadOnlyList<string> leftBehind, DateTimeOffset now)
    {
        Require(run, DeploymentPhase.Unwinding);
        RequireNoOpenStep();
        if (leftBehind.Count > 0 && Failure is { } reason)
        {
            Failure = reason with { LeftBehind = leftBehind };
        }
        End(leftBehind, now);
    }

    /// <summary>
    /// Somebody gave up on it: it ends as failed, from any phase. The run is raised, so that a worker that comes back after all is refused,
    /// and nothing is undone, so that what it may have made counts as left behind.
    /// </summary>
    public void ForceEnd(DateTimeOffset now)
    {
        if (Phase.IsTerminal())
        {
            throw new InvalidTransitionException(Id, Phase, nameof(ForceEnd));
        }
        Run++;
        IsPaused = false;
        DokployQueuePosition = null;
        Failure ??= new DeploymentFailure(FailureCode.Internal, CurrentStep);
        CloseOpenSteps(StepOutcome.Failed, now);
        Log(LogCode.ForceEnded, null, now);
        IReadOnlyList<string> leftBehind = TouchedDokploy && Operation.Undo == Operations.Undo.RemoveAllMade ? [Stack.AppName ?? Name.Value] : [];
        if (leftBehind.Count > 0)
        {
            Failure = Failure with { LeftBehind = leftBehind };
        }
        End(leftBehind, now);
    }

    /// <summary>Somebody wants it stopped. While it still waits for its turn nothing was made, and it ends here.</summary>
    public CancelResult RequestCancel(DateTimeOffset now)
    {
        switch (Phase)
        {
            case DeploymentPhase.Queued or DeploymentPhase.Running when !Operation.MayBeCancelledIn(Phase):
                return CancelResult.CannotBeCancelled;
            case DeploymentPhase.Queued:
                CancelRequestedAt = now;
                Log(LogCode.CancelRequested, null, now);
                End([], now);
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

    /// <summary>The stack is in the state again that it had before this operation.</summary>
    internal void RestoreStack() => Stack.State = StateBefore ?? Stack.State;

    private void Undo(StepOutcome outcome, DateTimeOffset now)
    {
        DokployQueuePosition = null;
        CloseOpenSteps(outcome, now);
        if (Operation.Undo == Operations.Undo.Nothing)
        {
            End(Failure?.LeftBehind ?? [], now);
            return;
        }
        Phase = DeploymentPhase.Unwinding;
        Log(LogCode.CleaningUp, null, now);
    }

    private void End(IReadOnlyList<string> leftBehind, DateTimeOffset now)
    {
        FinishedAt = now;
        if (Failure is null)
        {
            Phase = DeploymentPhase.Cancelled;
            Operation.OnCancelled(this, leftBehind, now);
        }
        else
        {
            Phase = DeploymentPhase.Failed;
            Operation.OnFailed(this, leftBehind, now);
        }
        ForgetSecrets();
        Emit(DeploymentEventKind.Error, now);
    }

    private void ForgetSecrets() => Change = Change is null ? null : Change with { ProtectedPassword = null, ProtectedEnvironment = null };
}
