using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Core.Diagnoses;

/// <summary>What is the matter with a deployment. Each has a sentence and advice in every language.</summary>
public enum DiagnosisCode
{
    /// <summary>In progress, as fast as earlier ones.</summary>
    OnItsWay,

    /// <summary>In progress, but slower than nearly all earlier ones.</summary>
    SlowerThanUsual,

    /// <summary>Others have their turn in the portal first.</summary>
    WaitingInLine,

    /// <summary>Dokploy works on others first.</summary>
    WaitingInDokploy,

    /// <summary>One that Dokploy has worked on for very long keeps everything behind it waiting.</summary>
    BlockedInDokploy,

    /// <summary>A call to Dokploy failed in a way that passes; the portal tries again by itself.</summary>
    Retrying,

    /// <summary>Somebody asked it to stop; it does so at the next safe point and removes what it made.</summary>
    Stopping,

    /// <summary>What it made, or the stack that it deletes, is to be removed, and that takes far longer than it should.</summary>
    RemovalStuck,

    /// <summary>The reason is the failure's own; also while what it made is still being removed.</summary>
    Failed,

    Cancelled,

    /// <summary>The stack is gone, as was wished.</summary>
    Deleted,

    /// <summary>The stack was made; since then it is deleted, or a deletion of it has begun.</summary>
    DeletedSince,

    /// <summary>The stack is stopped, or to be deleted, because somebody or a policy wanted it so.</summary>
    Stopped,

    /// <summary>Something else is done to the stack since.</summary>
    BusySince,

    /// <summary>The stack answers.</summary>
    Ready,

    /// <summary>The stack answers, its web terminal did not.</summary>
    ReadyWithoutTerminal,

    /// <summary>The stack was made; now it does not answer.</summary>
    NotAnswering,

    /// <summary>The stack was made; now it does not answer, and something of it is gone in Dokploy.</summary>
    Missing,
}

/// <summary>
/// Why a deployment is where it is: rules over its facts, its log and what the portal knows of Dokploy. The same facts at the
/// same moment always give the same diagnosis; nothing is asked of anybody for it.
/// </summary>
public sealed record DeploymentDiagnosis
{
    /// <summary>Removing what a deployment made takes a second or two; a job of Dokploy's that still runs, half a minute.</summary>
    public static readonly TimeSpan MaxRemovalTime = TimeSpan.FromSeconds(45);

    /// <summary>A step may take this many times its median before it counts as slow...</summary>
    private const int SlowFactor = 3;

    /// <summary>...and never counts as slow before this: a step of 0.1 s that takes 0.5 s is no news.</summary>
    private static readonly TimeSpan SlowAtLeast = TimeSpan.FromSeconds(10);

    /// <summary>Without earlier runs to compare with, a step that has taken this long is slow.</summary>
    private static readonly TimeSpan SlowWithoutHistory = TimeSpan.FromMinutes(2);

    /// <summary>Log lines that are evidence; more would bury the last ones, which tell most.</summary>
    public const int LogLines = 15;

    public required DiagnosisCode Code { get; init; }

    /// <summary>The reason, when <see cref="Code"/> is <see cref="DiagnosisCode.Failed"/> or the removal after a failure is stuck.</summary>
    public DeploymentFailure? Failure { get; init; }

    /// <summary>What stands in the way while it is tried again.</summary>
    public FailureCode? Obstacle { get; init; }

    /// <summary>The step that runs, or the one it ended in.</summary>
    public required StepSnapshot Step { get; init; }

    /// <summary>How long that step ran, or has run by now; null when it never began.</summary>
    public TimeSpan? StepTook { get; init; }

    /// <summary>From the moment a worker took it; null while it is queued.</summary>
    public TimeSpan? Took { get; init; }

    public TimeSpan? UsualMaxTime { get; init; }

    public required bool IsSlow { get; init; }

    public int? QueuePosition { get; init; }

    public int? DokployQueuePosition { get; init; }

    public DateTimeOffset? DokployBusySince { get; init; }

    /// <summary>Whether Dokploy answered the portal's latest call; null = none was made yet.</summary>
    public bool? DokployAnswers { get; init; }

    /// <summary>What could not be removed, by name.</summary>
    public required IReadOnlyList<string> LeftBehind { get; init; }

    /// <summary>A later try is at the same stack, or has made it: whatever was the matter with this one is history.</summary>
    public bool HasLaterTry { get; init; }

    /// <summary>Nobody else can have the stack's name now.</summary>
    public bool IsNameKept { get; init; }

    /// <summary>Of a deletion: the named volumes that stay on the server.</summary>
    public IReadOnlyList<string> KeptVolumes { get; init; } = [];

    /// <summary>The stack's health, where that is what matters.</summary>
    public StackHealth? Health { get; init; }

    /// <summary>Of a ready stack, where it is known.</summary>
    public string? OpenCodeVersion { get; init; }

    /// <summary>The last lines of the log, oldest first.</summary>
    public required IReadOnlyList<DeploymentEvent> Log { get; init; }

    /// <summary>Whether waiting or trying again is of no use before an administrator did something.</summary>
    public required bool NeedsAdministrator { get; init; }

    /// <param name="log">The last log lines, oldest first.</param>
    /// <param name="dokployAnswers">Whether Dokploy answered the portal's latest call; null = none was made yet.</param>
    public static DeploymentDiagnosis Of(
        DeploymentSnapshot snapshot, IReadOnlyList<DeploymentEvent> log, bool? dokployAnswers, DateTimeOffset now)
    {
        var step = StepOf(snapshot);
        var stepTook = step.StartedAt is { } began ? (step.EndedAt ?? now) - began : (TimeSpan?)null;
        var took = snapshot.StartedAt is { } start ? (snapshot.FinishedAt ?? now) - start : (TimeSpan?)null;
        var isSlow = IsSlowerThanUsual(snapshot, step, stepTook, took);
        var obstacle = snapshot.IsTerminal ? null : ObstacleOf(log, dokployAnswers);
        var code = CodeOf(snapshot, stepTook, took, isSlow, obstacle, now);
        var leftBehind = LeftBehindOf(snapshot, log);
        return new DeploymentDiagnosis
        {
            Code = code,
            Failure = snapshot.Failure,
            Obstacle = obstacle,
            Step = step,
            StepTook = stepTook,
            Took = took,
            UsualMaxTime = snapshot.ExpectedAtMost,
            IsSlow = isSlow,
            QueuePosition = snapshot.QueuePosition,
            DokployQueuePosition = snapshot.DokployQueuePosition,
            DokployBusySince = snapshot.DokployBusySince,
            DokployAnswers = dokployAnswers,
            LeftBehind = leftBehind,
            HasLaterTry = snapshot.HasLaterTry(),
            IsNameKept = snapshot.StackReleasedAt is null,
            KeptVolumes = snapshot.KeptVolumes,
            OpenCodeVersion = snapshot.StackState == StackState.Ready ? snapshot.OpenCodeVersion : null,
            Health = code is DiagnosisCode.NotAnswering or DiagnosisCode.Missing ? snapshot.Health : null,
            Log = log.Count > LogLines ? [.. log.Skip(log.Count - LogLines)] : log,
            NeedsAdministrator = !snapshot.HasLaterTry() && code switch
            {
                DiagnosisCode.Failed => snapshot.Failure!.Code.NeedsAdministrator() || leftBehind.Count > 0,
                DiagnosisCode.Retrying => obstacle!.Value.NeedsAdministrator(),
                DiagnosisCode.RemovalStuck or DiagnosisCode.BlockedInDokploy or DiagnosisCode.NotAnswering or DiagnosisCode.Missing => true,
                DiagnosisCode.Cancelled => leftBehind.Count > 0,
                _ => false,
            },
        };
    }

    private static DiagnosisCode CodeOf(
        DeploymentSnapshot snapshot, TimeSpan? stepTook, TimeSpan? took, bool isSlow, FailureCode? obstacle, DateTimeOffset now) =>
        snapshot.Phase switch
        {
            DeploymentPhase.Completed when snapshot.Operation.RemovesStack => DiagnosisCode.Deleted,
            DeploymentPhase.Completed when snapshot.StackState is StackState.Deleting or StackState.DeleteFailed or StackState.Deleted =>
                DiagnosisCode.DeletedSince,
            DeploymentPhase.Completed when snapshot.StackState is StackState.Stopped or StackState.ToBeDeleted => DiagnosisCode.Stopped,
            DeploymentPhase.Completed when snapshot.StackState is StackState.Stopping or StackState.Starting or StackState.Updating => DiagnosisCode.BusySince,
            DeploymentPhase.Completed when snapshot.IsFailing =>
                snapshot.Health.State == HealthState.Missing ? DiagnosisCode.Missing : DiagnosisCode.NotAnswering,
            DeploymentPhase.Completed => snapshot.TerminalAnswers == false ? DiagnosisCode.ReadyWithoutTerminal : DiagnosisCode.Ready,
            DeploymentPhase.Failed => DiagnosisCode.Failed,
            DeploymentPhase.Cancelled => DiagnosisCode.Cancelled,
            DeploymentPhase.Queued => DiagnosisCode.WaitingInLine,
            // What the portal knows to be in the way comes before "look what is in the way".
            DeploymentPhase.Unwinding when obstacle is { } known && (known.NeedsAdministrator() || stepTook > MaxRemovalTime) => DiagnosisCode.Retrying,
            DeploymentPhase.Unwinding when stepTook > MaxRemovalTime => DiagnosisCode.RemovalStuck,
            DeploymentPhase.Unwinding => snapshot.Failure is null ? DiagnosisCode.Stopping : DiagnosisCode.Failed,
            DeploymentPhase.Running when snapshot.CancelRequested => DiagnosisCode.Stopping,
            DeploymentPhase.Running when obstacle is not null => DiagnosisCode.Retrying,
            DeploymentPhase.Running when snapshot.Operation.RemovesStack && took > MaxRemovalTime => DiagnosisCode.RemovalStuck,
            DeploymentPhase.Running when snapshot.DokployQueuePosition is not null =>
                now - snapshot.DokployBusySince > DokployWait.LongJob ? DiagnosisCode.BlockedInDokploy : DiagnosisCode.WaitingInDokploy,
            DeploymentPhase.Running => isSlow ? DiagnosisCode.SlowerThanUsual : DiagnosisCode.OnItsWay,
            _ => throw new ArgumentOutOfRangeException(nameof(snapshot), snapshot.Phase, null),
        };

    /// <summary>The clean-up is the current step only while it runs; a failure is reported with the step it happened in.</summary>
    private static StepSnapshot StepOf(DeploymentSnapshot snapshot)
    {
        var step = snapshot switch
        {
            { Phase: DeploymentPhase.Unwinding } => DeploymentStep.CleanUp,
            { Failure: { } failure } => failure.Step,
            _ => snapshot.CurrentStep,
        };
        return snapshot.Steps.FirstOrDefault(s => s.Step == step) ?? new StepSnapshot(step, StepOutcome.Pending, null, null, null);
    }

    private static bool IsSlowerThanUsual(DeploymentSnapshot snapshot, StepSnapshot step, TimeSpan? stepTook, TimeSpan? took) =>
        snapshot.Phase is DeploymentPhase.Running or DeploymentPhase.Completed
        && (took > snapshot.ExpectedAtMost
            || (snapshot.Phase == DeploymentPhase.Running && stepTook > SlowAtLeast
                && stepTook > (step.Usually is { } usual ? usual * SlowFactor : SlowWithoutHistory)));

    /// <summary>
    /// What the last line of the log says is tried again. A line that came after it, or a Dokploy that answers by now, means that
    /// it is over.
    /// </summary>
    private static FailureCode? ObstacleOf(IReadOnlyList<DeploymentEvent> log, bool? dokployAnswers)
    {
        var last = log.Count == 0 ? null : log[^1];
        var known = last?.Log switch
        {
            LogCode.Retrying => FailureCodes.FromWire(last.Detail),
            LogCode.DokployAway => FailureCode.DokployUnreachable,
            _ => null,
        };
        if (known is not { } code)
        {
            return null;
        }
        return code is FailureCode.DokployUnreachable or FailureCode.DokployKeyRefused && dokployAnswers == true ? null : code;
    }

    /// <summary>A failure carries it; of a cancelled one only the log tells. A stack that was deleted since was proven gone.</summary>
    private static IReadOnlyList<string> LeftBehindOf(DeploymentSnapshot snapshot, IReadOnlyList<DeploymentEvent> log) =>
        snapshot.StackState == StackState.Deleted
        ? []
        : snapshot.Failure?.LeftBehind
        ?? [.. log.Where(e => e is { Log: LogCode.LeftBehind, Detail: not null }).Select(e => e.Detail!).Distinct()];
}
