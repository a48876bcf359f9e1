using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Core.Deployments.Operations;

/// <summary>
/// Ends a stack's container and keeps everything else. Its route goes first, so that the stack's address leads to the portal's waking page
/// (where the operator has a catch-all route) and not into a proxy's error.
/// </summary>
public sealed class StopOperation() : Operation("stop", StopPlan)
{
    internal static readonly PlanStep[] StopPlan = [new(DeploymentStep.CheckUnused, 0), new(DeploymentStep.RemoveDomain, 5), new(DeploymentStep.StopContainer, 20)];

    public override StackState? During => StackState.Stopping;

    public override bool CanBeCancelled => false;

    public override bool LeavesStopped => true;

    public override void OnCompleted(Deployment deployment, DateTimeOffset now)
    {
        deployment.Stack.State = StackState.Stopped;
        deployment.Stack.StoppedAt = now;
    }
}
