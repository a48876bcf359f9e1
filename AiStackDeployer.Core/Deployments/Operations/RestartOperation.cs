using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Core.Deployments.Operations;

/// <summary>Stops the container and starts it again, as it is. The route stays, so that who reloads the page meets it again.</summary>
public sealed class RestartOperation() : Operation("restart",
[
    new(DeploymentStep.StopContainer, 0),
    new(DeploymentStep.StartContainer, 35),
    new(DeploymentStep.AwaitContainer, 50),
    new(DeploymentStep.EnsureDomain, 65),
    new(DeploymentStep.AwaitReadiness, 70),
])
{
    public override StackState? During => StackState.Starting;

    public override bool CanBeCancelled => false;

    public override void OnCompleted(Deployment deployment, DateTimeOffset now)
    {
        deployment.Stack.State = StackState.Ready;
        deployment.Stack.Health = StackHealth.AnsweringSince(now);
    }

    public override void OnFailed(Deployment deployment, IReadOnlyList<string> leftBehind, DateTimeOffset now)
    {
        deployment.RestoreStack();
        deployment.Stack.Health = StackHealth.Unknown;
    }
}
