using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Core.Deployments;

/// <content>What is seen of the stack after its newest operation has ended.</content>
public sealed partial class Deployment
{
    /// <summary>
    /// A look at the stack. False when there is nothing to store: it found what is known, or something works, or has worked, on the
    /// stack since, and then the look says nothing.
    /// </summary>
    /// <param name="known">The health as it was known at the look, with the newest time it was seen.</param>
    /// <param name="at">When the look began.</param>
    public bool RecordLook(StackHealth known, HealthFinding finding, DateTimeOffset at)
    {
        if (!Phase.IsTerminal() || Stack.State != StackState.Ready || Stack.LastDeploymentId != Id || Stack.Health.IsNews(known))
        {
            return false;
        }
        var (before, next) = (Stack.Health, known.After(finding, at));
        var isStored = next.IsNews(before);
        if (isStored)
        {
            Stack.Health = next;
        }
        if (finding.Layer is null && (Stack.OpenCodeVersion != finding.Version || Stack.HealthPath != finding.Path))
        {
            (Stack.OpenCodeVersion, Stack.HealthPath) = (finding.Version, finding.Path);
            isStored = true;
        }
        // That a stack answers of which nothing was known is no news to anybody.
        if (next.IsNews(before) && (next.IsFailing() || before.IsFailing()))
        {
            LogHealth(next, at);
        }
        return isStored;
    }

    private void LogHealth(StackHealth health, DateTimeOffset at)
    {
        switch (health)
        {
            case { Missing: { } part }:
                Log(LogCode.StackMissing, part.ToString(), at);
                break;
            case { Layer: { } layer }:
                Log(LogCode.StackSilent, layer.ToString(), at);
                break;
            default:
                Log(LogCode.StackAnswers, null, at);
                break;
        }
    }
}
