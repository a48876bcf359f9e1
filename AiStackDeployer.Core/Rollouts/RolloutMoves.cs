namespace AiStackDeployer.Core.Rollouts;

/// <summary>What an administrator does with a roll-out.</summary>
public enum RolloutAct
{
    Pause,
    Resume,
    Cancel,
    GoBack,
}

public static class RolloutMoves
{
    public static bool MayDo(this Rollout rollout, RolloutAct act) => act switch
    {
        RolloutAct.Pause => rollout.Phase == RolloutPhase.Running,
        // After a canary that failed, or a migration that nobody has announced, the same again would do the same to more stacks.
        RolloutAct.Resume => rollout is { Phase: RolloutPhase.Paused } or { Phase: RolloutPhase.Stopped, Stopped: RolloutStop.Failures },
        RolloutAct.Cancel => rollout.Phase is RolloutPhase.Running or RolloutPhase.Paused or RolloutPhase.Stopped,
        RolloutAct.GoBack => rollout.Phase is not (RolloutPhase.GoingBack or RolloutPhase.WentBack)
            && rollout.Stacks.Any(stack => stack.State is RolloutStackState.Updated or RolloutStackState.Updating or RolloutStackState.Comparing),
        _ => throw new ArgumentOutOfRangeException(nameof(act), act, null),
    };

    /// <summary>What is under way when it is halted finishes.</summary>
    internal static Rollout After(this Rollout rollout, RolloutAct act) => act switch
    {
        RolloutAct.Pause => rollout with { Phase = RolloutPhase.Paused },
        RolloutAct.Resume => rollout with { Phase = RolloutPhase.Running, Stopped = null, Forgiven = rollout.Count(RolloutStackState.Failed) },
        RolloutAct.Cancel => rollout with { Phase = RolloutPhase.Cancelled, Stopped = null },
        RolloutAct.GoBack => rollout with { Phase = RolloutPhase.GoingBack, Stopped = null, EndedAt = null },
        _ => throw new ArgumentOutOfRangeException(nameof(act), act, null),
    };
}
