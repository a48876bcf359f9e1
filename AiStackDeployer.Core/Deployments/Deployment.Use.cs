using System.Globalization;
using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Core.Deployments;

/// <content>What is seen, and told, of a stack's use after its newest operation has ended.</content>
public sealed partial class Deployment
{
    /// <summary>A person or an agent was at work. False when there is nothing to store.</summary>
    public bool RecordUse(DateTimeOffset at)
    {
        if (!MayTell() || at <= Stack.UsedAt)
        {
            return false;
        }
        (Stack.UsedAt, Stack.IdleWarnedAt, Stack.ExpiryWarnedAt) = (at, null, null);
        return true;
    }

    /// <summary>The owner is told that the stack will be stopped because nobody uses it.</summary>
    /// <param name="at">When.</param>
    public bool WarnOfStop(DateTimeOffset at, DateTimeOffset now)
    {
        if (!MayTell())
        {
            return false;
        }
        Stack.IdleWarnedAt = now;
        Log(LogCode.StopAnnounced, Moment(at), now);
        return true;
    }

    /// <summary>The owner is told that the stack will be deleted because nobody uses it.</summary>
    /// <inheritdoc cref="WarnOfStop"/>
    public bool WarnOfDeletion(DateTimeOffset at, DateTimeOffset now)
    {
        if (!MayTell())
        {
            return false;
        }
        Stack.ExpiryWarnedAt = now;
        Log(LogCode.DeletionAnnounced, Moment(at), now);
        return true;
    }

    /// <summary>The stack is neither stopped nor deleted for being unused until then.</summary>
    public bool KeepRunning(DateTimeOffset until, DateTimeOffset now)
    {
        if (!MayTell())
        {
            return false;
        }
        (Stack.KeepUntil, Stack.IdleWarnedAt, Stack.ExpiryWarnedAt) = (until, null, null);
        Log(LogCode.KeptRunning, Moment(until), now);
        return true;
    }

    private bool MayTell() => Phase.IsTerminal() && Stack.LastDeploymentId == Id && Stack.ReleasedAt is null
        && Stack.State is StackState.Ready or StackState.Stopped;

    private static string Moment(DateTimeOffset at) => at.ToString("O", CultureInfo.InvariantCulture);
}
