using System.Globalization;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.Web.Presentation;
using AiStackDeployer.Web.Resources;
using Microsoft.Extensions.Localization;

namespace AiStackDeployer.Web.Components.Deploy;

/// <summary>What the page of one operation says above and below the address, from its facts and the moment.</summary>
public sealed class ViewText(
    IStringLocalizer<PageTexts> texts, DeploymentText text, HealthText health, DurationText durations, DeploymentLimits limits, IDokployState dokploy,
    TimeProvider time)
{
    /// <summary>After this long people ask themselves whether it will ever end.</summary>
    private static readonly TimeSpan LongWait = TimeSpan.FromMinutes(1);

    private const int LinesInReport = 12;

    /// <summary>Volumes are left of what this operation removed, and no later one has taken them up.</summary>
    public static bool VolumesStay(DeploymentSnapshot now) =>
        now is { IsTerminal: true, KeptVolumes.Count: > 0 } && (now.StackReleasedAt is not null || now.LastDeploymentId == now.Id);

    /// <param name="isOwn">The reader may see how to sign in.</param>
    public string Heading(DeploymentSnapshot now, bool isOwn = true) => now switch
    {
        _ when !isOwn && IsReady(now) && !now.IsFailing => texts["dep-foreign"],
        { Phase: DeploymentPhase.Completed } when now.IsSuperseded() => Superseded(now),
        { Phase: DeploymentPhase.Running, CancelRequested: true } or { Phase: DeploymentPhase.Unwinding, Failure: null } => texts["dep-stopping"],
        { Phase: DeploymentPhase.Queued } => Word(now, "queued"),
        { Phase: DeploymentPhase.Running } => Word(now, "running"),
        { Phase: DeploymentPhase.Completed, IsFailing: true } => health.Heading(now.Name),
        { Phase: DeploymentPhase.Completed, IsNewest: false } when IsAway(now) => texts["dep-away", now.Name],
        { Phase: DeploymentPhase.Completed } => Word(now, "completed"),
        { Phase: DeploymentPhase.Unwinding or DeploymentPhase.Failed } => Word(now, "failed"),
        { Phase: DeploymentPhase.Cancelled, Operation.MakesStack: false } => texts["dep-left-queue"],
        { Phase: DeploymentPhase.Cancelled } => Word(now, "cancelled"),
        _ => throw new ArgumentOutOfRangeException(nameof(now), now.Phase, null),
    };

    /// <param name="isSomethingLeft">The log names something that could not be removed.</param>
    /// <param name="isOwn">The reader may see how to sign in.</param>
    public string Lead(DeploymentSnapshot now, bool isSomethingLeft, bool isOwn = true) => now switch
    {
        _ when !isOwn && IsReady(now) && !now.IsFailing => texts["dep-foreign-text"],
        { StackDeletedAt: { } at } when now.IsSuperseded() => texts["dep-stack-deleted-text", Day(at)],
        _ when now.IsSuperseded() => texts["dep-stack-deleting-text"],
        _ when now.HasLaterTry() => texts[now.StackState == StackState.Ready ? "dep-later-ready" : "dep-later-running"],
        { Phase: DeploymentPhase.Queued } => Word(now, "queued-lead"),
        { Phase: DeploymentPhase.Running, CancelRequested: true } or { Phase: DeploymentPhase.Unwinding, Failure: null } => texts["dep-stopping-text"],
        { Phase: DeploymentPhase.Running } => Word(now, "running-lead"),
        { Phase: DeploymentPhase.Unwinding, Failure.Code: FailureCode.NameTakenUpstream } => texts["dep-failed-cleaning-taken"],
        { Phase: DeploymentPhase.Unwinding } => texts["dep-failed-cleaning"],
        { Phase: DeploymentPhase.Completed, IsFailing: true } => $"{health.Cause(now.Health)} {health.Advice(now.Health)}",
        { Phase: DeploymentPhase.Completed, IsNewest: false } when IsAway(now) => texts["dep-away-lead"],
        { Phase: DeploymentPhase.Completed } => Word(now, "completed-lead"),
        { Phase: DeploymentPhase.Failed, Operation.MakesStack: false } => Word(now, "failed-lead"),
        { Phase: DeploymentPhase.Failed, Failure.LeftBehind.Count: > 0 } => texts["dep-failed-left"],
        { Phase: DeploymentPhase.Failed } => Failed(now),
        { Phase: DeploymentPhase.Cancelled, Operation.MakesStack: false } => texts["dep-left-queue-text"],
        // A cancelled deployment has no failure to carry the list; its log names what stayed.
        { Phase: DeploymentPhase.Cancelled } when isSomethingLeft => texts["dep-cancelled-left"],
        // It had failed before and is that again.
        { Phase: DeploymentPhase.Cancelled, StackState: StackState.Failed } => Failed(now),
        { Phase: DeploymentPhase.Cancelled } => texts[now.KeptVolumes.Count > 0 ? "dep-cancelled-volumes" : "dep-cancelled-text"],
        _ => throw new ArgumentOutOfRangeException(nameof(now), now.Phase, null),
    };

    /// <summary>What the button says that begins the operation once more.</summary>
    public static string RetryKey(Operation operation) => $"op-{operation.Name}-retry";

    /// <summary>Said once for each step and each end, never for a tick.</summary>
    public string Announcement(DeploymentSnapshot now, bool isOwn = true) => now.Phase switch
    {
        DeploymentPhase.Completed or DeploymentPhase.Cancelled => Heading(now, isOwn),
        _ when now.Failure is { } failure => texts["dep-said", Heading(now), text.Failure(failure.Code, failure.Subject)],
        _ when IsHeldUp(now) => texts["dep-held-up"],
        _ => text.CurrentStep(now),
    };

    /// <summary>There is a stack that people can open.</summary>
    public static bool IsReady(DeploymentSnapshot now) =>
        now is { Phase: DeploymentPhase.Completed, Operation.RemovesStack: false } && !now.IsSuperseded() && !IsAway(now);

    /// <summary>Its container does not run, or not yet, because somebody wanted it so.</summary>
    public static bool IsAway(DeploymentSnapshot now) =>
        now.StackState is StackState.Stopping or StackState.Stopped or StackState.Starting or StackState.ToBeDeleted;

    /// <summary>Nothing moves until Dokploy responds again.</summary>
    public bool IsHeldUp(DeploymentSnapshot now) =>
        now is { Phase: DeploymentPhase.Running, CancelRequested: false, CurrentStep: not DeploymentStep.AwaitReadiness } && dokploy.Current == DokployState.Silent;

    /// <param name="log">Its newest lines.</param>
    public string Strip(DeploymentSnapshot now, int percent, IEnumerable<DeploymentEvent> log) => now switch
    {
        _ when IsHeldUp(now) => texts["dep-held-up"],
        { Phase: DeploymentPhase.Running, CurrentStep: DeploymentStep.AwaitDokploy, CancelRequested: false, DokployQueuePosition: null }
            when ImageLayers.Of(log) is var (done, all) => text.WithPercent(texts["dep-layers", done, all], percent),
        { Phase: DeploymentPhase.Running } => text.WithPercent(text.CurrentStep(now), percent),
        { Phase: DeploymentPhase.Unwinding, Failure: { } failure } => text.Failure(failure.Code, failure.Subject),
        _ => text.CurrentStep(now),
    };

    /// <summary>It takes longer than nineteen of twenty did.</summary>
    public bool IsSlow(DeploymentSnapshot now) =>
        now is { Phase: DeploymentPhase.Running, StartedAt: { } start, ExpectedAtMost: { } most } && time.GetUtcNow() - start > most;

    /// <summary>How long it waits or runs, and how long it may still take; null when it has ended.</summary>
    public string? Time(DeploymentSnapshot now)
    {
        if (now is { Phase: DeploymentPhase.Queued, QueuePosition: { } place, ExpectedTotal: { } each })
        {
            return texts["dep-wait", durations.Rough(each * place / limits.Parallel)];
        }
        if (now is not { Phase: DeploymentPhase.Running, StartedAt: { } start })
        {
            return null;
        }
        var soFar = time.GetUtcNow() - start;
        var said = durations.Rough(soFar);
        return now switch
        {
            _ when IsSlow(now) => GivesUpAfter(now, start) is { } most ? texts["dep-slower-until", said, most] : texts["dep-slower", said],
            _ when soFar >= LongWait && GivesUpAfter(now, start) is { } most => texts["dep-so-far-until", said, most],
            _ when IsHeldUp(now) || now.DokployQueuePosition is not null => texts["dep-so-far", said],
            { ExpectedTotal: { } total } when total - soFar >= TimeSpan.FromSeconds(1) => texts["dep-to-go", said, durations.Rough(total - soFar)],
            { ExpectedTotal: not null } => texts["dep-any-moment", said],
            _ => texts["dep-so-far", said],
        };
    }

    /// <summary>When the step that runs ends at the latest, counted from the start of the whole.</summary>
    private string? GivesUpAfter(DeploymentSnapshot now, DateTimeOffset start) =>
        now.Steps.FirstOrDefault(s => s.Outcome == StepOutcome.Running) is { StartedAt: { } began, Step: var step }
            ? durations.Rough(began - start + limits.TimeoutOf(step))
            : null;

    /// <summary>What an administrator needs to know of a failure, as plain text.</summary>
    /// <param name="page">The address of its page.</param>
    public string Report(DeploymentSnapshot now, DeploymentFailure failure, string page) => string.Join('\n',
    [
        texts["dep-said", now.Name, text.Failure(failure.Code, failure.Subject)],
        page,
        texts["dep-trace", now.TraceId],
        .. failure.LeftBehind is [_, ..] left ? left.Prepend(texts["dep-left-title"].Value) : [],
        .. (failure.RawLines ?? []).TakeLast(LinesInReport).Prepend(""),
    ]);

    private string Failed(DeploymentSnapshot now) => (now.StackReleasedAt is null, now.KeptVolumes.Count > 0) switch
    {
        (true, false) => texts["dep-failed-clean"],
        (true, true) => texts["dep-failed-volumes"],
        (false, false) => texts["dep-failed-clean-released"],
        (false, true) => texts["dep-failed-volumes-released"],
    };

    private string Superseded(DeploymentSnapshot now) => now.StackState switch
    {
        StackState.Deleting => texts["dep-stack-deleting"],
        StackState.DeleteFailed => texts["dep-stack-delete-failed"],
        _ => texts["dep-stack-deleted"],
    };

    /// <summary>The operation's own words: <c>{0}</c> is the stack's name, <c>{1}</c> how long it took.</summary>
    private string Word(DeploymentSnapshot now, string what) => texts[$"op-{now.Operation.Name}-{what}", now.Name, Took(now)];

    private string Took(DeploymentSnapshot now) => durations.ExactWords((now.FinishedAt ?? now.CreatedAt) - now.CreatedAt);

    private string Day(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, time.LocalTimeZone).ToString("d MMMM yyyy", CultureInfo.CurrentCulture);
}
