using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Core.Deployments;

/// <summary>
/// One durable operation on a stack, of which a deployment was the first kind: its facts, and every change they may undergo. A
/// change is made only from a state it is allowed in; every change that a watcher can see writes its own line of the log, but for
/// the end of a step, which is stored together with what comes next. Writes of a run that is no longer the newest are refused (the
/// fencing number). Nothing here knows the clock, the database or Dokploy.
/// </summary>
public sealed partial class Deployment
{
    private readonly List<DeploymentEvent> _newEvents = [];

    /// <summary><c>dep_{unix ms}_{random}</c>; also the title of the deploy job in Dokploy.</summary>
    public required string Id { get; init; }

    /// <summary>What is done to the stack.</summary>
    public DeploymentKind Kind { get; init; }

    public required string StackId { get; init; }

    public required Stack Stack { get; init; }

    public required string Name { get; init; }

    public required string OwnerId { get; init; }

    /// <summary>The form's or caller's own id of the request; the same one again is the same deployment.</summary>
    public required string RequestId { get; init; }

    public required string TraceId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DeploymentPhase Phase { get; private set; } = DeploymentPhase.Queued;

    public DeploymentStep CurrentStep { get; private set; } = DeploymentStep.ClaimName;

    public int Progress { get; private set; }

    /// <summary>The fencing number: raised by each run, required by every write of it.</summary>
    public int Run { get; private set; }

    public DateTimeOffset? StartedAt { get; private set; }

    public DateTimeOffset? FinishedAt { get; private set; }

    public DateTimeOffset? CancelRequestedAt { get; private set; }

    public DeploymentFailure? Failure { get; private set; }

    /// <summary>1 = next; null when Dokploy is not working on others first.</summary>
    public int? PlaceInDokploy { get; private set; }

    /// <summary>How often the deploy job was given to Dokploy. Raised before the call, so a title is never used twice unknowingly.</summary>
    public int DeployAttempts { get; private set; }

    /// <summary>Set before the first call that makes something in Dokploy; while false there is nothing to remove.</summary>
    public bool TouchedDokploy { get; private set; }

    /// <summary>The run before let its worker go to look again later: the next one follows no crash and no restart.</summary>
    public bool IsPaused { get; private set; }

    public long LastSequence { get; private set; }

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

    /// <summary>The first facts of a claimed name.</summary>
    /// <param name="keptBefore">The volumes that the try before left, where this one goes on with its stack.</param>
    public void RecordClaim(IReadOnlyList<string>? keptBefore, DateTimeOffset now)
    {
        // That none were left is no knowledge about what this try makes.
        KeptVolumes = keptBefore is { Count: > 0 } ? keptBefore : null;
        Steps.Add(new DeploymentStepRecord
        {
            DeploymentId = Id, Step = DeploymentStep.ClaimName, StartedAt = now, EndedAt = now, Outcome = StepOutcome.Done,
        });
        Log(LogCode.NameClaimed, Name, now);
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
            Log(LogCode.Resumed, Run.ToString(System.Globalization.CultureInfo.InvariantCulture), now);
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

    /// <summary>
    /// A step begins, or begins again in a later run. One at a time, only of this kind's plan, and never one that has ended or
    /// lies behind the current one: the status on the wire would go back.
    /// </summary>
    public DeploymentStepRecord BeginStep(int run, DeploymentStep step, DateTimeOffset now)
    {
        Require(run, step == DeploymentStep.CleanUp ? DeploymentPhase.Unwinding : DeploymentPhase.Running);
        var record = Steps.SingleOrDefault(s => s.Step == step);
        if (record is { Outcome: not StepOutcome.Running } || step < CurrentStep || HasOpenStep(except: step)
            || (step != DeploymentStep.CleanUp && !DeploymentPlan.Of(Kind).Contains(step)))
        {
            throw new InvalidTransitionException(Id, Phase, $"{nameof(BeginStep)} {step}");
        }
        if (record is null)
        {
            record = new DeploymentStepRecord { DeploymentId = Id, Step = step, StartedAt = now };
            Steps.Add(record);
        }
        record.Outcome = StepOutcome.Running;
        record.EndedAt = null;
        record.Attempts++;
        if (step != DeploymentStep.CleanUp)
        {
            // While unwinding the coarse status stays where the run ended.
            CurrentStep = step;
            Progress = Math.Max(Progress, DeploymentPlan.ProgressAtStart(step));
        }
        Emit(DeploymentEventKind.Progress, now);
        return record;
    }

    /// <summary>The step that runs ends well, or turns out not to be needed (<see cref="StepOutcome.Skipped"/>).</summary>
    public void EndStep(int run, DeploymentStep step, DateTimeOffset now, StepOutcome outcome = StepOutcome.Done)
    {
        Require(run, step == DeploymentStep.CleanUp ? DeploymentPhase.Unwinding : DeploymentPhase.Running);
        if (outcome is not (StepOutcome.Done or StepOutcome.Skipped)
            || Steps.SingleOrDefault(s => s.Step == step) is not { Outcome: StepOutcome.Running } record)
        {
            throw new InvalidTransitionException(Id, Phase, $"{nameof(EndStep)} {step} {outcome}");
        }
        Close(record, outcome, now);
        PlaceInDokploy = null;
    }

    /// <summary>Something worth a line happened.</summary>
    public void Note(int run, LogCode code, string? detail, DateTimeOffset now)
    {
        RequireAtWork(run);
        Log(code, detail, now);
    }

    /// <summary>Where Dokploy's own line stands; null when it is our turn.</summary>
    public void WaitInDokploy(int run, int? place, DateTimeOffset now)
    {
        Require(run, DeploymentPhase.Running);
        if (PlaceInDokploy == place)
        {
            return;
        }
        PlaceInDokploy = place;
        if (place is { } n)
        {
            Log(LogCode.WaitingInDokploy, n.ToString(System.Globalization.CultureInfo.InvariantCulture), now);
        }
        else
        {
            Emit(DeploymentEventKind.Progress, now);
        }
    }

    /// <summary>A call that makes something is about to be sent: from now on an end must look for what it made.</summary>
    public void IntendToCreate(int run)
    {
        Require(run, DeploymentPhase.Running);
        TouchedDokploy = true;
    }

    /// <summary>The deploy job is about to be given to Dokploy once more; returns the attempt, from 1.</summary>
    public int CountDeployAttempt(int run)
    {
        Require(run, DeploymentPhase.Running);
        return ++DeployAttempts;
    }

    /// <summary>
    /// It will not succeed. The reason is known from here on; what a deployment made is removed next, a deletion ends here.
    /// </summary>
    public void Fail(int run, DeploymentFailure failure, DateTimeOffset now)
    {
        Require(run, DeploymentPhase.Running);
        Failure = failure;
        if (Kind == DeploymentKind.Delete)
        {
            FailDeletion(now);
            return;
        }
        Unwind(StepOutcome.Failed, now);
    }

    /// <summary>The worker has seen the wish to cancel and stops going forward.</summary>
    public void AcceptCancel(int run, DateTimeOffset now)
    {
        Require(run, DeploymentPhase.Running);
        if (CancelRequestedAt is null)
        {
            throw new InvalidTransitionException(Id, Phase, nameof(AcceptCancel));
        }
        Unwind(StepOutcome.Skipped, now);
    }

    /// <summary>
    /// The stack's own address answered, or what was to be removed is proven gone. False when somebody asked to cancel before this
    /// was written: then the cancel holds.
    /// </summary>
    public bool Complete(int run, DateTimeOffset now)
    {
        Require(run, DeploymentPhase.Running);
        RequireNoOpenStep();
        if (CancelRequestedAt is not null)
        {
            return false;
        }
        Phase = DeploymentPhase.Completed;
        Progress = 100;
        FinishedAt = now;
        PlaceInDokploy = null;
        if (Kind == DeploymentKind.Delete)
        {
            BuryStack(now);
        }
        else
        {
            Stack.State = StackState.Ready;
            // What stayed of an earlier try is in use again.
            KeptVolumes = null;
            Stack.ReadyAt = now;
            Stack.FailedAt = null;
        }
        Emit(DeploymentEventKind.Complete, now);
        return true;
    }

    private void Unwind(StepOutcome outcome, DateTimeOffset now)
    {
        Phase = DeploymentPhase.Unwinding;
        PlaceInDokploy = null;
        CloseOpenSteps(outcome, now);
        Log(LogCode.CleaningUp, null, now);
    }

    private void CloseOpenSteps(StepOutcome outcome, DateTimeOffset now)
    {
        foreach (var open in Steps.Where(s => s.Outcome == StepOutcome.Running))
        {
            Close(open, outcome, now);
        }
    }

    private static void Close(DeploymentStepRecord record, StepOutcome outcome, DateTimeOffset now)
    {
        record.Outcome = outcome;
        record.EndedAt = now;
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

    private bool HasOpenStep(DeploymentStep? except = null) => Steps.Any(s => s.Outcome == StepOutcome.Running && s.Step != except);

    private void RequireNoOpenStep([System.Runtime.CompilerServices.CallerMemberName] string change = "")
    {
        if (HasOpenStep())
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
