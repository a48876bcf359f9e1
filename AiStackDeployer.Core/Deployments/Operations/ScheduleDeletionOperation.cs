using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Core.Deployments.Operations;

/// <summary>
/// A deletion that can be taken back: the stack is stopped and keeps its name and volumes until its time is up. Starting it brings it
/// back; then a <see cref="DeleteOperation"/> removes it for good.
/// </summary>
public sealed class ScheduleDeletionOperation() : Operation("schedule-deletion", StopOperation.StopPlan)
{
    public override StackState? During => StackState.Stopping;

    public override bool CanBeCancelled => false;

    public override bool LeavesStopped => true;

    public override LogCode? AcceptedLog => LogCode.DeletionScheduled;

    public override bool MayBeginIn(StackState state) => state is StackState.Ready or StackState.Stopped;

    public override StackChange? Prepare(OperationInput input) => new(RemoveAt: input.Now + input.UndoWindow);

    public override void OnCompleted(Deployment deployment, DateTimeOffset now)
    {
        var stack = deployment.Stack;
        stack.State = StackState.ToBeDeleted;
        stack.StoppedAt ??= now;
        stack.RemoveAt = deployment.Change?.RemoveAt;
    }
}
