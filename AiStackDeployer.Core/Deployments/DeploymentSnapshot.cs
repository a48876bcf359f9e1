using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Core.Naming;
using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Core.Deployments;

/// <summary>One step as a watcher sees it.</summary>
/// <param name="Usually">The median of past successful runs; null = none yet.</param>
public sealed record StepSnapshot(
    DeploymentStep Step,
    StepOutcome Outcome,
    DateTimeOffset? StartedAt,
    DateTimeOffset? EndedAt,
    TimeSpan? Usually);

/// <summary>A deployment's whole state at one moment: what every page, stream and answer is drawn from.</summary>
public sealed record DeploymentSnapshot
{
    public required string Id { get; init; }

    /// <summary>What is done to the stack.</summary>
    public required Operation Operation { get; init; }

    /// <summary>Why it was begun.</summary>
    public OperationCause Cause { get; init; }

    public required string StackId { get; init; }

    public required StackName Name { get; init; }

    public required string OwnerId { get; init; }

    /// <summary>By which one signs in to the stack; no secret.</summary>
    public string UserName { get; init; } = "";

    /// <summary>The stack's address, no trailing slash.</summary>
    public required string Url { get; init; }

    /// <summary>The web terminal's address; null when stacks have none.</summary>
    public string? TerminalUrl { get; init; }

    public required DeploymentPhase Phase { get; init; }

    public DeploymentStatus Status => DeploymentStatuses.Of(Operation, Phase, CurrentStep);

    /// <summary>The step that runs, or ran last.</summary>
    public required DeploymentStep CurrentStep { get; init; }

    /// <summary>0-100; 100 only when completed; never goes back.</summary>
    public required int Progress { get; init; }

    /// <summary>All planned steps in order, and the clean-up when there is one.</summary>
    public required IReadOnlyList<StepSnapshot> Steps { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When a worker first took it.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>1 = next; only while queued in the portal.</summary>
    public int? QueuePosition { get; init; }

    /// <summary>1 = next; only while Dokploy works on others first.</summary>
    public int? DokployQueuePosition { get; init; }

    /// <summary>Since when Dokploy works on the one at the head of its queue, while this one waits there; null = it does not say.</summary>
    public DateTimeOffset? DokployBusySince { get; init; }

    /// <summary>Known from the moment it happened, also while still cleaning up.</summary>
    public DeploymentFailure? Failure { get; init; }

    public bool CancelRequested { get; init; }

    /// <summary>Whether the web terminal answered; null = not probed (yet).</summary>
    public bool? TerminalAnswers { get; init; }

    /// <summary>The named volumes that stayed on the server when what had them was removed.</summary>
    public IReadOnlyList<string> KeptVolumes { get; init; } = [];

    /// <summary>How the stack is now, whatever this operation has done to it.</summary>
    public StackState StackState { get; init; }

    /// <summary>Whether the stack works now; says nothing unless it is ready.</summary>
    public StackHealth Health { get; init; } = StackHealth.Unknown;

    /// <summary>The version of the stack's OpenCode; null = not known.</summary>
    public string? OpenCodeVersion { get; init; }

    /// <summary>When the stack is removed for good, while it is to be deleted.</summary>
    public DateTimeOffset? StackRemoveAt { get; init; }

    /// <summary>When the last operation on the stack that failed did so; null once it is ready.</summary>
    public DateTimeOffset? StackFailedAt { get; init; }

    /// <summary>When the stack's name was let go, for whichever reason; null while it is not.</summary>
    public DateTimeOffset? StackReleasedAt { get; init; }

    /// <summary>When the stack was gone; null while it is not.</summary>
    public DateTimeOffset? StackDeletedAt { get; init; }

    /// <summary>The newest operation on the stack: this one, or the one after it.</summary>
    public string? LastDeploymentId { get; init; }

    public bool IsNewest => LastDeploymentId == Id;

    /// <summary>This is the newest operation on the stack, it has ended, and there is or may be something to remove.</summary>
    public bool StackMayBeDeleted => MayBegin(OperationCatalog.Delete);

    /// <summary>The last event this snapshot includes.</summary>
    public required long LastSequence { get; init; }

    /// <summary>One id through all logs of this deployment; 32 hex digits.</summary>
    public required string TraceId { get; init; }

    /// <summary>Median of the whole way, learned from past runs; null = none yet.</summary>
    public TimeSpan? ExpectedTotal { get; init; }

    /// <summary>95th percentile of the whole way: beyond it, "slower than usual".</summary>
    public TimeSpan? ExpectedAtMost { get; init; }

    public bool IsTerminal => Phase.IsTerminal();

    /// <summary>The stack is ready and known not to work now.</summary>
    public bool IsFailing => StackState == StackState.Ready && Health.IsFailing();

    /// <summary>Whether this operation may begin on the stack after this one, the newest.</summary>
    public bool MayBegin(Operation next) => IsNewest && IsTerminal && StackReleasedAt is null && next.MayBeginIn(StackState);
}

/// <summary>What a watcher receives: the newest state, and the log since what it had. Never loses an event.</summary>
public sealed record DeploymentUpdate(DeploymentSnapshot Snapshot, IReadOnlyList<DeploymentEvent> Events);
