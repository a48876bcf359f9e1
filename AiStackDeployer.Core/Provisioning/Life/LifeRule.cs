using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Core.Provisioning.Life;

/// <summary>What is to be done with a stack for being unused, or not.</summary>
internal abstract record LifeVerdict
{
    private LifeVerdict()
    {
    }

    /// <summary>Nothing, also because not enough is known of it.</summary>
    public sealed record Leave : LifeVerdict;

    /// <summary>Somebody or an agent used it since this was last stored.</summary>
    public sealed record Used(DateTimeOffset At) : LifeVerdict;

    /// <param name="At">When it will be stopped.</param>
    public sealed record WarnOfStop(DateTimeOffset At) : LifeVerdict;

    public sealed record Stop : LifeVerdict;

    /// <param name="At">When it will be deleted.</param>
    public sealed record WarnOfDeletion(DateTimeOffset At) : LifeVerdict;

    public sealed record Delete : LifeVerdict;
}

/// <summary>
/// Decides by the gate's word and the policy. An agent at work, or one that waits for a person's answer, is use; an open page is none. A stack
/// of which nothing fresh is known is left alone: silence is no proof that nobody works there.
/// </summary>
internal static class LifeRule
{
    /// <summary>The last use is stored this coarsely: a write for each stack and look would be most of what the database does.</summary>
    internal static readonly TimeSpan Grain = TimeSpan.FromMinutes(15);

    /// <summary>A stop or deletion that has not come about this long after it was due, because it failed, is announced and tried again.</summary>
    internal static readonly TimeSpan AgainAfter = TimeSpan.FromHours(1);

    /// <param name="told">What its gate told last; null = it has told nothing.</param>
    /// <param name="freshFor">What was told longer ago says nothing of now.</param>
    public static LifeVerdict Judge(Stack stack, StackActivity? told, LifePolicy policy, TimeSpan freshFor, DateTimeOffset now)
    {
        var isFresh = told is not null && now - told.ToldAt <= freshFor;
        var seen = told?.LastAtWorkAt;
        if (stack.State == StackState.Ready && seen is { } at && !(at - stack.UsedAt < Grain))
        {
            return new LifeVerdict.Used(at);
        }
        var last = Latest(stack.ReadyAt ?? stack.CreatedAt, seen, stack.UsedAt, stack.StoppedAt);
        if (policy.DeleteAfter is { } deleteAfter && JudgeDeletion(stack, policy, Latest(last, stack.KeepUntil), deleteAfter, now) is { } verdict)
        {
            return stack.State != StackState.Ready || isFresh ? verdict : new LifeVerdict.Leave();
        }
        if (stack.State != StackState.Ready || !isFresh || policy.StopAfter is not { } stopAfter || stack.KeepUntil > now)
        {
            return new LifeVerdict.Leave();
        }
        // A container that was started a moment ago is given the same time.
        var since = Latest(last, told!.ToldAt - (told.Now - told.StartedAt), stack.KeepUntil);
        if (now - since < stopAfter - policy.StopNotice)
        {
            return new LifeVerdict.Leave();
        }
        if (stack.IdleWarnedAt is not { } warned || warned < since || now - warned >= policy.StopNotice + AgainAfter)
        {
            return new LifeVerdict.WarnOfStop(now + policy.StopNotice);
        }
        return now - since >= stopAfter && now - warned >= policy.StopNotice ? new LifeVerdict.Stop() : new LifeVerdict.Leave();
    }

    private static LifeVerdict? JudgeDeletion(Stack stack, LifePolicy policy, DateTimeOffset last, TimeSpan deleteAfter, DateTimeOffset now)
    {
        if (now - last < deleteAfter - policy.DeleteNotice)
        {
            return null;
        }
        if (stack.ExpiryWarnedAt is not { } warned || warned < last || now - warned >= policy.DeleteNotice + AgainAfter)
        {
            return new LifeVerdict.WarnOfDeletion(now + policy.DeleteNotice);
        }
        return now - last >= deleteAfter && now - warned >= policy.DeleteNotice ? new LifeVerdict.Delete() : null;
    }

    private static DateTimeOffset Latest(DateTimeOffset first, params ReadOnlySpan<DateTimeOffset?> others)
    {
        foreach (var other in others)
        {
            first = other > first ? other.Value : first;
        }
        return first;
    }
}
