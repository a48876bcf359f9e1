using System.Globalization;
using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Core.Naming;
using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Core.Deployments;

/// <summary>
/// One durable operation on a stack, of which a deployment was the first kind: its facts, and every change they may undergo. A
/// change is made only from a state it is allowed in; every change that a watcher can see writes its own line of the log, but for
/// the end of a step, which is stored together with what comes next. Writes of a run that is no longer the newest are refused (the
/// fencing number). What differs between kinds is asked of <see cref="Operation"/>. Nothing here knows the clock, the database or
/// Dokploy.
/// </summary>
public sealed partial class Deployment
{
    private readonly List<DeploymentEvent> _newEvents = [];

    /// <summary><c>dep_{unix ms}_{random}</c>; also the title of the deploy job in Dokploy.</summary>
    public required string Id { get; init; }

    /// <summary>What is done to the stack.</summary>
    public required Operation Operation { get; init; }

    public required string StackId { get; init; }

    public required Stack Stack { get; init; }

    public required StackName Name { get; init; }

    public required string OwnerId { get; init; }

    /// <summary>The form's or caller's own id of the request; the same one again is the same deployment.</summary>
    public required string RequestId { get; init; }

    public required string TraceId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public OperationCause Cause { get; init; }

    /// <summary>What the stack gets when this has completed; null = nothing new. Its secrets are forgotten at the end.</summary>
    public StackChange? Change { get; set; }

    /// <summary>The image that is being deployed: the new one, until what there was before is put back.</summary>
    internal string Image => Given?.Image ?? Stack.Image;

    /// <summary>The password that the container is given, encrypted.</summary>
    internal string ProtectedPassword => Given?.ProtectedPassword ?? Stack.ProtectedPassword;

    /// <summary>The owner's own variables that the container is given, encrypted; null = none.</summary>
    internal string? ProtectedEnvironment => Given?.ProtectedEnvironment is { } given ? (given.Length == 0 ? null : given) : Stack.ProtectedEnvironment;

    private StackChange? Given => Phase is DeploymentPhase.Queued or DeploymentPhase.Running ? Change : null;

    /// <summary>The stack's state when this was accepted; null = this made the stack, or began before that was recorded.</summary>
    public StackState? StateBefore { get; private set; }

    public DeploymentPhase Phase { get; private set; } = DeploymentPhase.Queued;

    public DeploymentStep CurrentStep { get; private set; }

    public int Progress { get; private set; }

    /// <summary>The fencing number: raised by each run, required by every write of it.</summary>
    public int Run { get; private set; }

    public DateTimeOffset? StartedAt { get; private set; }

    public DateTimeOffset? FinishedAt { get; private set; }

    public DateTimeOffset? CancelRequestedAt { get; private set; }

    public DeploymentFailure? Failure { get; private set; }

    /// <summary>1 = next; null when Dokploy is not working on others first.</summary>
    public int? DokployQueuePosition { get; private set; }

    /// <summary>How often the deploy job was given to Dokploy. Raised before the call, so a title is never used twice unknowingly.</summary>
    public int DeployAttempts { get; private set; }

    /// <summary>Set before the first call that makes something in Dokploy; while false there is nothing to remove.</summary>
    public bool TouchedDokploy { get; private set; }

    /// <summary>The run before released its worker to look again later: the next one follows no crash and no restart.</summary>
    public bool IsPaused { get; private set; }

    /// <summary>
    /// The named volumes that stay on the server, because Dokploy removes none, after a deletion and after the removal of what a
    /// deployment had made; null until they have been looked up. Recorded before the application goes, which is what knows them.
    /// An operation inherits those of the one before it on the same stack.
    /// </summary>
    public IReadOnlyList<string>? KeptVolumes { get; private set; }

    public long LastSequence { get; private set; }

    /// <summary>The span of the newest run that was traced: what the next run, in another process perhaps, links to. 16 hex digits.</summary>
    public string? RunSpan { get; private set; }

    /// <summary>Raised by every write (optimistic concurrency between a worker and a person who cancels).</summary>
    public int Version { get; set; }

    public List<DeploymentStepRecord> Steps { get; init; } = [];

    /// <summary>Log lines not yet stored; the store takes them in the same transaction as the facts.</summary>
    public IReadOnlyList<DeploymentEvent> TakeNewEvents()
    {
        DeploymentEvent[] taken = [.. _newEvents];
        _newEvents.Clear();
        return taken;
    }

    /// <summary>
    /// The first facts. From here on nothing else works on the stack until this has ended; the store has made sure that it may begin.
    /// </summary>
    /// <param name="isNew">The stack is made by this operation.</param>
    /// <param name="keptBefore">The volumes that the operation before left, where this one goes on with its stack.</param>
    public void RecordAcceptance(bool isNew, IReadOnlyList<string>? keptBefore, DateTimeOffset now)
    {
        if (Steps.Count > 0 || (!isNew && !Operation.MayBeginOn(Stack)))
        {
            throw new InvalidTransitionException(Id, Phase, nameof(RecordAcceptance));
        }
        // That none were left says nothing about what this operation makes.
        KeptVolumes = keptBefore is { Count: > 0 } || Operation.RemovesStack ? keptBefore : null;
        StateBefore = isNew ? null : Stack.State;
        Stack.State = Operation.During ?? Stack.State;
        Stack.LastDeploymentId = Id;
        Operation.OnAccepted(Stack);
        CurrentStep = Operation.Plan[0].Step;
        for (var index = 0; Operation.Plan[index].IsDoneWhenAccepted; index++)
        {
            Steps.Add(new DeploymentStepRecord
            {
                DeploymentId = Id, Index = index, Step = Operation.Plan[index].Step, StartedAt = now, EndedAt = now, Outcome = StepOutcome.Done,
            });
        }
        if (Operation.AcceptedLog is { } line)
        {
            Log(line, Name.Value, now);
        }
        else
        {
            Emit(DeploymentEventKind.Progress, now);
        }
    }

    /// <summary>
    /// A worker takes the deployment, for the first time or again after the one before died. Returns the run's fencing number,
    /// or null when there is nothing left to do.
    /// </summary>
    public int? BeginRun(DateTimeOffset now)
    {
        if (Phase.IsTerminal())
        {
            return null;
        }
        Run++;
        if (Phase == DeploymentPhase.Queued)
        {
            Phase = DeploymentPhase.Running;
            StartedAt = now;
            Emit(DeploymentEventKind.Progress, now);
        }
        else if (!IsPaused)
        {
            Log(LogCode.Resumed, Run.ToString(CultureInfo.InvariantCulture), now);
        }
        IsPaused = false;
        return Run;
    }

    /// <summary>What is in the way may take minutes: the run ends here, and the next one looks again.</summary>
    public void Pause(int run)
    {
        RequireAtWork(run);
        IsPaused = true;
    }

    /// <summary>This run is traced under this span. Written along with whatever the run writes anyway.</summary>
    public void TraceRun(int run, string span)
    {
        RequireRun(run);
        RunSpan = span;
    }

    private void Log(LogCode code, string? detail, DateTimeOffset now) => Emit(DeploymentEventKind.Log, now, code, detail);

    private void Emit(DeploymentEventKind kind, DateTimeOffset now, LogCode? log = null, string? detail = null) =>
        _newEvents.Add(new DeploymentEvent
        {
            DeploymentId = Id,
            Sequence = ++LastSequence,
            At = now,
            Kind = kind,
            Phase = Phase,
            Step = CurrentStep,
            Progress = Progress,
            Log = log,
            Detail = detail,
            Failure = Failure,
        });

    private void Require(int run, DeploymentPhase phase, [System.Runtime.CompilerServices.CallerMemberName] string change = "")
    {
        RequireRun(run);
        if (Phase != phase)
        {
            throw new InvalidTransitionException(Id, Phase, change);
        }
    }

    private void RequireAtWork(int run, [System.Runtime.CompilerServices.CallerMemberName] string change = "")
    {
        RequireRun(run);
        if (Phase is not (DeploymentPhase.Running or DeploymentPhase.Unwinding))
        {
            throw new InvalidTransitionException(Id, Phase, change);
        }
    }

    private void RequireNoOpenStep([System.Runtime.CompilerServices.CallerMemberName] string change = "")
    {
        if (OpenStep is not null)
        {
            throw new InvalidTransitionException(Id, Phase, change);
        }
    }

    private void RequireRun(int run)
    {
        if (run != Run)
        {
            throw new StaleRunException(Id, run, Run);
        }
    }
}
