using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Core.Deployments.Operations;

/// <summary>
/// Removes a stack and lets its name go. It cannot be cancelled and undoes nothing: half a stack is of no use, and what is removed
/// cannot be put back. When it fails something of the stack may still run, so the name is kept until another deletion succeeds.
/// </summary>
public sealed class DeleteOperation() : Operation("delete",
[
    // When deleting, the calls take half a second and the container's end seconds.
    new(DeploymentStep.AcceptDelete, 0) { IsDoneWhenAccepted = true },
    new(DeploymentStep.RemoveApplication, 5),
    new(DeploymentStep.RemoveDomain, 35),
    new(DeploymentStep.RemoveProject, 45),
    new(DeploymentStep.ProveGone, 60),
])
{
    public override StackState? During => StackState.Deleting;

    public override bool RemovesStack => true;

    public override bool NeedsConfirmation => true;

    public override bool CanBeCancelled => false;

    public override bool CanLeaveQueue => false;

    public override LogCode? AcceptedLog => LogCode.DeleteAccepted;

    public override bool MayBeginIn(StackState state) => state is
        StackState.Ready or StackState.Failed or StackState.DeleteFailed or StackState.Stopped or StackState.ToBeDeleted;

    public override DeploymentStatus StatusAt(DeploymentStep current) => DeploymentStatus.Deleting;

    public override void OnCompleted(Deployment deployment, DateTimeOffset now)
    {
        deployment.Stack.State = StackState.Deleted;
        deployment.Stack.ReleasedAt = now;
        deployment.Stack.ForgetUpstream();
    }

    public override void OnFailed(Deployment deployment, IReadOnlyList<string> leftBehind, DateTimeOffset now)
    {
        deployment.Stack.State = StackState.DeleteFailed;
        deployment.Stack.FailedAt = now;
    }
}
