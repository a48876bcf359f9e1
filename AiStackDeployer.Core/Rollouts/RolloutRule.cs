using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Core.Rollouts;

/// <summary>What is seen of one stack at a moment.</summary>
/// <param name="State">Null = it is gone.</param>
/// <param name="Image">The one it has.</param>
/// <param name="IsBusy">An operation waits or runs on it, whoever began it.</param>
/// <param name="Own">The operation that the roll-out began on it for what it does now; null = there is none.</param>
/// <param name="IsInUse">Somebody works in it, or it does not tell.</param>
/// <param name="OpenCode">Its major version; null = not known.</param>
/// <param name="Sessions">How many it keeps; null = its gate does not tell.</param>
internal sealed record StackSight(StackState? State, string? Image, bool IsBusy = false, OwnOperation? Own = null, bool IsInUse = false, int? OpenCode = null, int? Sessions = null);

internal sealed record OwnOperation(string DeploymentId, DeploymentPhase Phase, FailureCode? Failure);

/// <summary>A redeploy to begin. The same step of the same roll-out has the same request id, so it begins one operation.</summary>
internal sealed record RolloutBegin(string StackId, string Image, string RequestId);

/// <param name="Next">To be stored before anything begins: whoever stores it has the turn.</param>
internal sealed record RolloutStep(Rollout Next, IReadOnlyList<RolloutBegin> Begin);

/// <summary>
/// The whole decision of one round, free of any clock or call. A wave ends when each of its updates has ended, verified or not; then the
/// next one takes those stacks that are not in use, so nobody's agent holds up the others.
/// </summary>
internal static class RolloutRule
{
    /// <summary>OpenCode may still migrate when it answers; beyond this it counts as a loss.</summary>
    internal static readonly TimeSpan SessionsTimeout = TimeSpan.FromMinutes(3);

    /// <param name="seen">By the stacks' ids. What was not looked at stays as it is.</param>
    public static RolloutStep Decide(Rollout before, IReadOnlyDictionary<string, StackSight> seen, DateTimeOffset now)
    {
        var next = before with { Stacks = [.. before.Stacks.Select(stack => seen.TryGetValue(stack.Id, out var sight) ? Advance(before, stack, sight, now) : stack)] };
        next = Halt(before, next);
        if (!next.Stacks.Any(stack => stack.IsUnderWay))
        {
            next = next.Phase switch
            {
                RolloutPhase.Running => End(Halt(before, NextWave(next, seen, now)), RolloutStackState.Waiting, RolloutPhase.Completed, now),
                RolloutPhase.GoingBack => End(NextWave(next, seen, now), RolloutStackState.Updated, RolloutPhase.WentBack, now),
                RolloutPhase.Cancelled => next with { EndedAt = next.EndedAt ?? now },
                _ => next,
            };
        }
        return new RolloutStep(next, [.. next.Stacks.Where(stack => MayBegin(stack, seen)).Select(stack => new RolloutBegin(
            stack.Id, stack.State == RolloutStackState.Returning ? stack.From : next.Plan.Image, RequestOf(next, stack)))]);
    }

    public static string RequestOf(Rollout rollout, RolloutStack stack) =>
        $"rollout:{rollout.Id}:{stack.Id}{(stack.State == RolloutStackState.Returning ? ":back" : "")}";

    /// <summary>Those among which the next wave is chosen, in order.</summary>
    public static IEnumerable<RolloutStack> Candidates(Rollout rollout) => rollout.Phase switch
    {
        RolloutPhase.Running when rollout.Canary.State != RolloutStackState.Updated => rollout.Stacks.Where(stack => stack.Id == rollout.Plan.CanaryId),
        RolloutPhase.Running => rollout.Stacks.Where(stack => stack.State == RolloutStackState.Waiting),
        // The newest first: who was updated last has had the least time to get used to it.
        RolloutPhase.GoingBack => rollout.Stacks.Where(stack => stack.State == RolloutStackState.Updated).OrderByDescending(stack => stack.Wave),
        _ => [],
    };

    private static bool MayBegin(RolloutStack stack, IReadOnlyDictionary<string, StackSight> seen) =>
        stack.State is RolloutStackState.Updating or RolloutStackState.Returning && seen.TryGetValue(stack.Id, out var sight) && sight is { Own: null, IsBusy: false, State: not null };

    private static RolloutStack Advance(Rollout rollout, RolloutStack stack, StackSight sight, DateTimeOffset now) => stack.State switch
    {
        RolloutStackState.Updating when sight.Own is { } own => AfterUpdate(rollout, stack with { DeploymentId = own.DeploymentId }, own, sight, now),
        RolloutStackState.Updating => BeforeUpdate(rollout, stack, sight),
        RolloutStackState.Comparing => Compare(stack, sight, now),
        RolloutStackState.Returning when sight.Own is { } own => AfterReturn(stack with { DeploymentId = own.DeploymentId }, own),
        RolloutStackState.Returning => BeforeReturn(rollout, stack, sight),
        _ => stack,
    };

    /// <summary>It was stored that it begins, and nothing has begun: the portal died in between, or somebody else's operation was there first.</summary>
    private static RolloutStack BeforeUpdate(Rollout rollout, RolloutStack stack, StackSight sight)
    {
        if (sight.State is null)
        {
            return LeaveOut(stack, RolloutReason.Gone);
        }
        if (sight.IsBusy)
        {
            return stack;
        }
        if (sight.Image == rollout.Plan.Image)
        {
            return stack with { State = RolloutStackState.Updated };
        }
        return rollout.Phase != RolloutPhase.Running ? stack with { State = RolloutStackState.Waiting, Wave = null }
            : WhyNot(sight) is { } reason ? LeaveOut(stack, reason)
            : stack;
    }

    private static RolloutStack AfterUpdate(Rollout rollout, RolloutStack stack, OwnOperation own, StackSight sight, DateTimeOffset now)
    {
        if (!own.Phase.IsTerminal())
        {
            return stack;
        }
        if (own.Phase != DeploymentPhase.Completed)
        {
            return stack with { State = RolloutStackState.Failed, Failure = own.Failure };
        }
        if (!rollout.Plan.Migrates)
        {
            var hasChanged = stack.OpenCodeBefore == 1 && sight.OpenCode > 1;
            return stack with { State = RolloutStackState.Updated, Reason = hasChanged ? RolloutReason.OpenCodeChanged : null };
        }
        return stack.SessionsBefore is null
            ? stack with { State = RolloutStackState.Updated }
            : stack with { State = RolloutStackState.Comparing, ComparesSince = now };
    }

    private static RolloutStack Compare(RolloutStack stack, StackSight sight, DateTimeOffset now)
    {
        if (sight.State is null)
        {
            return LeaveOut(stack, RolloutReason.Gone);
        }
        if (sight.Sessions is null && now - stack.ComparesSince < SessionsTimeout)
        {
            return stack;
        }
        stack = stack with { SessionsAfter = sight.Sessions };
        return sight.Sessions >= stack.SessionsBefore
            ? stack with { State = RolloutStackState.Updated }
            : stack with { State = RolloutStackState.Returning, Reason = RolloutReason.SessionsLost };
    }

    private static RolloutStack BeforeReturn(Rollout rollout, RolloutStack stack, StackSight sight) =>
        sight.State is null ? LeaveOut(stack, RolloutReason.Gone)
        : sight.IsBusy ? stack
        : sight.Image == stack.From ? Returned(stack)
        : sight.Image != rollout.Plan.Image ? LeaveOut(stack, RolloutReason.ChangedSince)
        : stack;

    private static RolloutStack AfterReturn(RolloutStack stack, OwnOperation own) =>
        !own.Phase.IsTerminal() ? stack
        : own.Phase == DeploymentPhase.Completed ? Returned(stack)
        : stack with { State = RolloutStackState.ReturnFailed, Failure = own.Failure };

    /// <summary>An update that had to be taken back has failed, whoever asked for it.</summary>
    private static RolloutStack Returned(RolloutStack stack) =>
        stack with { State = stack.Reason == RolloutReason.SessionsLost ? RolloutStackState.Failed : RolloutStackState.Returned };

    /// <summary>Whether what has ended lets it go on.</summary>
    private static Rollout Halt(Rollout before, Rollout next)
    {
        if (next.Phase is not (RolloutPhase.Running or RolloutPhase.Paused))
        {
            return next;
        }
        var canary = next.Canary.State;
        RolloutStop? stop = canary is RolloutStackState.Failed or RolloutStackState.LeftOut or RolloutStackState.ReturnFailed ? RolloutStop.Canary
            : next.Stacks.Any(stack => stack.Reason == RolloutReason.OpenCodeChanged) ? RolloutStop.OpenCodeChanged
            : next.Stacks.Count(stack => stack.State is RolloutStackState.Failed or RolloutStackState.ReturnFailed) - next.Forgiven >= next.Plan.StopAfter ? RolloutStop.Failures
            : null;
        if (stop is not null)
        {
            return next with { Phase = RolloutPhase.Stopped, Stopped = stop };
        }
        return next.Plan.PauseAfterCanary && canary == RolloutStackState.Updated && before.Canary.State != RolloutStackState.Updated
            && next.Stacks.Any(stack => stack.State == RolloutStackState.Waiting)
            ? next with { Phase = RolloutPhase.Paused }
            : next;
    }

    private static Rollout NextWave(Rollout rollout, IReadOnlyDictionary<string, StackSight> seen, DateTimeOffset now)
    {
        var isBack = rollout.Phase == RolloutPhase.GoingBack;
        var isCanary = !isBack && rollout.Canary.State != RolloutStackState.Updated;
        var room = isCanary ? 1 : rollout.Plan.WaveSize;
        var wave = isCanary ? 0 : (rollout.Stacks.Max(stack => stack.Wave) ?? 0) + 1;
        var changed = new Dictionary<string, RolloutStack>();
        foreach (var stack in Candidates(rollout).Where(stack => seen.ContainsKey(stack.Id)).TakeWhile(_ => room > 0))
        {
            var chosen = Choose(rollout, stack, seen[stack.Id], now);
            if (chosen.IsUnderWay)
            {
                room--;
                chosen = isBack ? chosen : chosen with { Wave = wave };
            }
            changed[stack.Id] = chosen;
        }
        return rollout with { Stacks = [.. rollout.Stacks.Select(stack => changed.GetValueOrDefault(stack.Id, stack))] };
    }

    /// <summary>What becomes of a stack whose turn has come.</summary>
    private static RolloutStack Choose(Rollout rollout, RolloutStack stack, StackSight sight, DateTimeOffset now)
    {
        var isBack = rollout.Phase == RolloutPhase.GoingBack;
        if (sight.State is null)
        {
            return LeaveOut(stack, RolloutReason.Gone);
        }
        if (sight.IsBusy)
        {
            return stack;
        }
        if (isBack && sight.Image != rollout.Plan.Image)
        {
            return sight.Image == stack.From ? stack with { State = RolloutStackState.Returned } : LeaveOut(stack, RolloutReason.ChangedSince);
        }
        if (!isBack && sight.Image == rollout.Plan.Image)
        {
            // Its owner was quicker.
            return stack with { State = RolloutStackState.Updated, Reason = null, WaitsSince = null };
        }
        if (WhyNot(sight) is { } reason)
        {
            return LeaveOut(stack, reason);
        }
        if (sight.IsInUse)
        {
            var since = stack.WaitsSince ?? now;
            if (rollout.Plan.WaitHours is not { } hours || now - since < TimeSpan.FromHours(hours))
            {
                return stack with { WaitsSince = since, Reason = RolloutReason.InUse };
            }
            if (rollout.Plan.AfterWait == AfterWait.LeaveOut)
            {
                return LeaveOut(stack, RolloutReason.InUse);
            }
        }
        if (isBack)
        {
            return stack with { State = RolloutStackState.Returning, WaitsSince = null, Reason = null, DeploymentId = null };
        }
        var migrates = rollout.Plan.Migrates && sight.OpenCode is not > 1;
        return migrates && sight.Sessions is null
            ? LeaveOut(stack, RolloutReason.SessionsUnknown)
            : stack with
            {
                State = RolloutStackState.Updating, WaitsSince = null, Reason = null, OpenCodeBefore = sight.OpenCode,
                SessionsBefore = migrates ? sight.Sessions : null,
            };
    }

    private static RolloutReason? WhyNot(StackSight sight) => sight.State switch
    {
        StackState.Ready => null,
        // A redeploy would start it, which nobody has asked for.
        StackState.Stopped => RolloutReason.Stopped,
        _ => RolloutReason.NotRunning,
    };

    private static RolloutStack LeaveOut(RolloutStack stack, RolloutReason reason) => stack with { State = RolloutStackState.LeftOut, Reason = reason };

    private static Rollout End(Rollout rollout, RolloutStackState left, RolloutPhase end, DateTimeOffset now) =>
        rollout.Phase is RolloutPhase.Running or RolloutPhase.GoingBack && !rollout.Stacks.Any(stack => stack.IsUnderWay || stack.State == left)
            ? rollout with { Phase = end, EndedAt = now }
            : rollout;
}
