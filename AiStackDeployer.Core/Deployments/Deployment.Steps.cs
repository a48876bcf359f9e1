namespace AiStackDeployer.Core.Deployments;

/// <content>The steps of the plan, one at a time, and what happens within them.</content>
public sealed partial class Deployment
{
    /// <summary>The record of the step that runs now; null between steps.</summary>
    public DeploymentStepRecord? OpenStep => Steps.SingleOrDefault(s => s.Outcome == StepOutcome.Running);

    /// <summary>The position in the plan of the step that has not ended yet and comes first; null = all have ended.</summary>
    public int? NextIndex =>
        Enumerable.Range(0, Operation.Plan.Count).Cast<int?>().FirstOrDefault(index => RecordAt(index!.Value) is not { Outcome: not StepOutcome.Running });

    /// <summary>
    /// A step begins, or begins again in a later run. One at a time, only of this operation's plan, and never one that has ended or
    /// lies before one that has begun: the status on the wire would go back. Where a step occurs twice, its next place is meant.
    /// </summary>
    public DeploymentStepRecord BeginStep(int run, DeploymentStep step, DateTimeOffset now)
    {
        Require(run, step == DeploymentStep.CleanUp ? DeploymentPhase.Unwinding : DeploymentPhase.Running);
        var record = OpenStep;
        if (record is null)
        {
            if (IndexToBegin(step) is not { } index)
            {
                throw new InvalidTransitionException(Id, Phase, $"{nameof(BeginStep)} {step}");
            }
            record = new DeploymentStepRecord { DeploymentId = Id, Index = index, Step = step, StartedAt = now };
            Steps.Add(record);
        }
        else if (record.Step != step)
        {
            throw new InvalidTransitionException(Id, Phase, $"{nameof(BeginStep)} {step}");
        }
        record.Attempts++;
        if (step != DeploymentStep.CleanUp)
        {
            // While unwinding the coarse status stays where the run ended.
            CurrentStep = step;
            Progress = Math.Max(Progress, Operation.Plan[record.Index].ProgressAtStart);
        }
        Emit(DeploymentEventKind.Progress, now);
        return record;
    }

    /// <summary>The step that runs ends well, or turns out not to be needed (<see cref="StepOutcome.Skipped"/>).</summary>
    public void EndStep(int run, DeploymentStep step, DateTimeOffset now, StepOutcome outcome = StepOutcome.Done)
    {
        Require(run, step == DeploymentStep.CleanUp ? DeploymentPhase.Unwinding : DeploymentPhase.Running);
        if (outcome is not (StepOutcome.Done or StepOutcome.Skipped) || OpenStep is not { } record || record.Step != step)
        {
            throw new InvalidTransitionException(Id, Phase, $"{nameof(EndStep)} {step} {outcome}");
        }
        Close(record, outcome, now);
        DokployQueuePosition = null;
    }

    /// <summary>Something worth a line happened.</summary>
    public void Note(int run, LogCode code, string? detail, DateTimeOffset now)
    {
        RequireAtWork(run);
        Log(code, detail, now);
    }

    /// <summary>The place in Dokploy's own queue; null when it is our turn.</summary>
    /// <param name="busySince">When Dokploy began with the deployment at its head, where that is news too.</param>
    public void WaitInDokploy(int run, int? place, DateTimeOffset now, DateTimeOffset? busySince = null)
    {
        Require(run, DeploymentPhase.Running);
        if (DokployQueuePosition == place && busySince is null)
        {
            return;
        }
        DokployQueuePosition = place;
        if (place is { } n)
        {
            Log(LogCode.WaitingInDokploy, new DokployWait(n, busySince).ToString(), now);
        }
        else
        {
            Emit(DeploymentEventKind.Progress, now);
        }
    }

    /// <summary>A call that makes something is about to be sent: from now on an end must look for what it made.</summary>
    public void IntendToCreate(int run)
    {
        RequireAtWork(run);
        TouchedDokploy = true;
    }

    /// <summary>The deploy job is about to be given to Dokploy once more; returns the attempt, from 1.</summary>
    public int CountDeployAttempt(int run)
    {
        Require(run, DeploymentPhase.Running);
        return ++DeployAttempts;
    }

    /// <summary>These volumes stay; each gets its line once, however often it is found.</summary>
    public void KeepVolumes(int run, IEnumerable<string> volumes, DateTimeOffset now)
    {
        RequireAtWork(run);
        string[] known = [.. KeptVolumes ?? []];
        string[] news = [.. volumes.Distinct().Except(known)];
        KeptVolumes = [.. known, .. news];
        foreach (var volume in news)
        {
            Log(LogCode.VolumeKept, volume, now);
        }
    }

    internal void ForgetRemainingVolumes() => KeptVolumes = null;

    private DeploymentStepRecord? RecordAt(int index) => Steps.SingleOrDefault(s => s.Index == index);

    /// <summary>The first place of this step behind all that have begun; null = it has no further one.</summary>
    private int? IndexToBegin(DeploymentStep step)
    {
        if (step == DeploymentStep.CleanUp)
        {
            return RecordAt(DeploymentStepRecord.CleanUpIndex) is null ? DeploymentStepRecord.CleanUpIndex : null;
        }
        var first = Steps.Select(s => s.Index).DefaultIfEmpty(-1).Max() + 1;
        return Enumerable.Range(first, Math.Max(0, Operation.Plan.Count - first)).Cast<int?>()
            .FirstOrDefault(index => Operation.Plan[index!.Value].Step == step);
    }

    private void CloseOpenSteps(StepOutcome outcome, DateTimeOffset now)
    {
        if (OpenStep is { } open)
        {
            Close(open, outcome, now);
        }
    }

    private static void Close(DeploymentStepRecord record, StepOutcome outcome, DateTimeOffset now)
    {
        record.Outcome = outcome;
        record.EndedAt = now;
    }
}
