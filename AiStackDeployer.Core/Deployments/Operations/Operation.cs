using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Core.Deployments.Operations;

/// <summary>
/// One kind of durable operation on a stack, and everything in which kinds differ: its plan, and what its beginning and each of its
/// ends do to the stack. All kinds share one table, log, feed, queue and page. What an operation does not override leaves the stack
/// as it was, so a new kind can fail without harm. Instances hold no state.
/// </summary>
/// <param name="name">Lower case and hyphens; stored with each operation and sent on the wire, so it never changes.</param>
/// <param name="plan">The steps of a run that goes well, in order. A step may occur more than once.</param>
public abstract class Operation(string name, IReadOnlyList<PlanStep> plan)
{
    public string Name { get; } = name;

    public IReadOnlyList<PlanStep> Plan { get; } = plan;

    /// <summary>The stack's state while the operation waits or runs; null = the state it had before.</summary>
    public virtual StackState? During => null;

    /// <summary>It begins by claiming a name, not on a stack that exists.</summary>
    public virtual bool MakesStack => false;

    /// <summary>When it completes there is no stack any more.</summary>
    public virtual bool RemovesStack => false;

    /// <summary>When it completes no container of the stack runs.</summary>
    public virtual bool LeavesStopped => RemovesStack;

    /// <summary>Whoever asks for it has to repeat the stack's name.</summary>
    public virtual bool NeedsConfirmation => false;

    /// <summary>While it runs; what it has done is undone then.</summary>
    public virtual bool CanBeCancelled => true;

    /// <summary>While it waits for its turn. Nothing was done yet.</summary>
    public virtual bool CanLeaveQueue => true;

    public bool MayBeCancelledIn(DeploymentPhase phase) => phase switch
    {
        DeploymentPhase.Queued => CanLeaveQueue,
        DeploymentPhase.Running => CanBeCancelled,
        _ => false,
    };

    /// <summary>What is undone when it fails or is cancelled.</summary>
    public virtual Undo Undo => Undo.Nothing;

    /// <summary>The line of the log with which it is accepted; its detail is the stack's name.</summary>
    public virtual LogCode? AcceptedLog => null;

    /// <summary>Whether it may begin on a stack in this state on which no other operation waits or runs.</summary>
    public virtual bool MayBeginIn(StackState state) => state == StackState.Ready;

    public bool MayBeginOn(Stack stack) => stack.ReleasedAt is null && MayBeginIn(stack.State);

    /// <summary>The coarse status on the wire while the operation is at this step.</summary>
    public virtual DeploymentStatus StatusAt(DeploymentStep current) => DeploymentStatus.InProgress;

    /// <summary>
    /// Whether it can be tried again: it came to nothing, it is still the newest operation on its stack, and it could begin now.
    /// </summary>
    public virtual bool MayBeRetried(DeploymentSnapshot now) =>
        now is { Phase: DeploymentPhase.Failed or DeploymentPhase.Cancelled, IsNewest: true, StackReleasedAt: null } && MayBeginIn(now.StackState);

    /// <summary>It takes the owner's own variables, which no list of operations can ask for.</summary>
    public virtual bool NeedsEnvironment => false;

    /// <summary>What it will give the stack, decided when it is asked for; null = nothing.</summary>
    public virtual StackChange? Prepare(OperationInput input) => null;

    /// <summary>Changes the stack when the operation is accepted, beyond <see cref="During"/>.</summary>
    public virtual void OnAccepted(Stack stack)
    {
    }

    public virtual void OnCompleted(Deployment deployment, DateTimeOffset now) => deployment.RestoreStack();

    /// <param name="leftBehind">What the undo could not remove, by name; empty = all is undone, or there was nothing to undo.</param>
    public virtual void OnFailed(Deployment deployment, IReadOnlyList<string> leftBehind, DateTimeOffset now) => deployment.RestoreStack();

    /// <inheritdoc cref="OnFailed"/>
    public virtual void OnCancelled(Deployment deployment, IReadOnlyList<string> leftBehind, DateTimeOffset now) => deployment.RestoreStack();

    /// <summary>The percentage that the step at this position works towards; the page moves inside this range with the learned duration.</summary>
    public int ProgressAtEnd(int index) => index + 1 < Plan.Count ? Plan[index + 1].ProgressAtStart : 99;

    public override string ToString() => Name;
}

/// <summary>One position in an operation's plan.</summary>
/// <param name="ProgressAtStart">Percentage shown when it begins; 100 is reserved for the verified end.</param>
public sealed record PlanStep(DeploymentStep Step, int ProgressAtStart)
{
    /// <summary>Accepting the operation is this step.</summary>
    public bool IsDoneWhenAccepted { get; init; }
}

/// <summary>What happens in Dokploy after an operation has failed or was cancelled.</summary>
public enum Undo
{
    /// <summary>It ends at once; nothing in Dokploy is touched.</summary>
    Nothing,

    /// <summary>Everything with the stack's marker is removed: before this operation there was nothing worth keeping.</summary>
    RemoveAllMade,

    /// <summary>The application gets its old settings again and, unless the swarm has rolled back by itself, the old container.</summary>
    PutBack,
}
