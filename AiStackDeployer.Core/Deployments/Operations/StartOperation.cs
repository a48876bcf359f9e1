using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Core.Deployments.Operations;

/// <summary>
/// Starts a stopped stack, or brings one back that was to be deleted. When it fails after the container was told to start, it may still
/// come up: then it counts as ready, and its health says that it does not answer.
/// </summary>
public sealed class StartOperation() : Operation("start",
[
    new(DeploymentStep.StartContainer, 0),
    new(DeploymentStep.AwaitContainer, 20),
    // With a container behind it, so that nobody meets a proxy's error meanwhile.
    new(DeploymentStep.EnsureDomain, 40),
    new(DeploymentStep.AwaitReadiness, 45),
])
{
    public override StackState? During => StackState.Starting;

    public override bool CanBeCancelled => false;

    public override bool MayBeginIn(StackState state) => state is StackState.Stopped or StackState.ToBeDeleted;

    public override void OnCompleted(Deployment deployment, DateTimeOffset now)
    {
        Runs(deployment.Stack);
        deployment.Stack.Health = StackHealth.AnsweringSince(now);
    }

    public override void OnFailed(Deployment deployment, IReadOnlyList<string> leftBehind, DateTimeOffset now)
    {
        if (deployment.TouchedDokploy)
        {
            Runs(deployment.Stack);
            deployment.Stack.Health = StackHealth.Unknown;
        }
        else
        {
            deployment.RestoreStack();
        }
    }

    private static void Runs(Stack stack)
    {
        stack.State = StackState.Ready;
        stack.StoppedAt = stack.RemoveAt = stack.IdleWarnedAt = null;
    }
}
