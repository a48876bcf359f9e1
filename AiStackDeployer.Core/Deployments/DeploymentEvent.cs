namespace AiStackDeployer.Core.Deployments;

public enum DeploymentEventKind
{
    /// <summary>Status, step or progress changed.</summary>
    Progress,

    /// <summary>A line of what happens, for people.</summary>
    Log,

    /// <summary>Terminal: the stack answers.</summary>
    Complete,

    /// <summary>Terminal: failed or cancelled.</summary>
    Error,
}

/// <summary>
/// One line of a deployment's log, the single source of page, SSE and MCP. Sequence numbers start at 1 and have no gap.
/// Texts are codes; the watcher's language is chosen where it is shown.
/// </summary>
public sealed record DeploymentEvent
{
    public required string DeploymentId { get; init; }

    public required long Sequence { get; init; }

    public required DateTimeOffset At { get; init; }

    public required DeploymentEventKind Kind { get; init; }

    /// <summary>The facts as of this event.</summary>
    public required DeploymentPhase Phase { get; init; }

    public required DeploymentStep Step { get; init; }

    /// <summary>0-100, never lower than in the event before.</summary>
    public required int Progress { get; init; }

    /// <summary>On a log event: what happened; its arguments are <see cref="Detail"/>.</summary>
    public LogCode? Log { get; init; }

    /// <summary>On a log event: the argument, or the raw line of the log for <see cref="LogCode.Raw"/> (masked).</summary>
    public string? Detail { get; init; }

    /// <summary>From the moment it is known.</summary>
    public DeploymentFailure? Failure { get; init; }

    /// <summary>A line about the stack, written after the operation had ended; the operation's own last event came before it.</summary>
    public bool IsAfterEnd => Kind == DeploymentEventKind.Log && Phase.IsTerminal();
}

/// <summary>What a log event tells. Each has a sentence in every language; <c>{0}</c> is the event's detail.</summary>
public enum LogCode
{
    /// <summary>A line of Docker's or the container's own, shown as it is.</summary>
    Raw,
    NameClaimed,
    ProjectFound,
    ProjectCreated,
    ApplicationFound,
    ApplicationCreated,
    Configured,
    VolumeFound,
    VolumeCreated,
    DomainFound,
    DomainCreated,
    DeployAccepted,

    /// <summary>Dokploy is busy with others; the detail is a <see cref="DokployWait"/>.</summary>
    WaitingInDokploy,

    DokployStarted,
    DokployDone,

    /// <summary>The deploy job was lost and is given again; the detail is the attempt.</summary>
    DeployRepeated,

    /// <summary>The swarm task changed; the detail is Docker's word for its state.</summary>
    TaskState,

    /// <summary>The container ended by itself; the detail is Docker's reason.</summary>
    ContainerEnded,

    /// <summary>The tasks may not be read with this key; the address alone decides.</summary>
    TasksNotVisible,

    /// <summary>The address' layer that does not answer yet; the detail is the layer's wire name.</summary>
    AddressNotYet,

    /// <summary>One good answer of the address; the detail is <c>n/m</c>.</summary>
    AddressAnswered,

    TerminalAnswers,
    TerminalSilent,

    /// <summary>A new run of the portal took over in the middle; the detail is the run's number.</summary>
    Resumed,

    /// <summary>A call failed in a way that passes; it is tried again. The detail is the failure's wire name.</summary>
    Retrying,

    CancelRequested,

    /// <summary>An administrator ended it, because it did not move any more.</summary>
    ForceEnded,
    CleaningUp,
    ApplicationRemoved,
    ProjectRemoved,
    NothingLeft,

    /// <summary>Something could not be removed; the detail names it.</summary>
    LeftBehind,

    DeleteAccepted,

    /// <summary>A named volume that stays on the server; the detail is its name.</summary>
    VolumeKept,

    DomainRemoved,

    /// <summary>Dokploy still works on a job of the application; it is looked again.</summary>
    WaitingForJob,

    ProvenGone,

    /// <summary>Dokploy shows a deploy job that it no longer works on.</summary>
    DeployJobDead,

    /// <summary>Dokploy does not answer at all; the detail is the longest it is waited for, in minutes.</summary>
    DokployAway,

    /// <summary>Dokploy does not answer, but the stack's address does: its container runs.</summary>
    AddressAnswersMeanwhile,

    /// <summary>The stack's address answers again.</summary>
    StackAnswers,

    /// <summary>The stack's address does not answer any more; the detail is the layer's name.</summary>
    StackSilent,

    /// <summary>Something of the stack is gone in Dokploy; the detail is the part's name.</summary>
    StackMissing,

    /// <summary>It is stopped now and removed later; the detail is the stack's name.</summary>
    DeletionScheduled,

    /// <summary>Nobody uses the stack; the detail is the moment at which it will be stopped.</summary>
    StopAnnounced,

    /// <summary>Nobody uses the stack; the detail is the moment at which it will be deleted.</summary>
    DeletionAnnounced,

    /// <summary>Its owner wants it to run until the moment in the detail.</summary>
    KeptRunning,

    /// <summary>No container of the stack runs any more.</summary>
    ContainerStopped,

    /// <summary>The container is told to start.</summary>
    ContainerStarted,

    /// <summary>The application has its settings from before again.</summary>
    SettingsPutBack,

    /// <summary>The container from before is deployed again.</summary>
    ContainerPutBack,
}
