using System.Globalization;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.Web.Presentation;
using AiStackDeployer.Web.Resources;
using Microsoft.Extensions.Localization;

namespace AiStackDeployer.Web.Components.Deploy;

/// <summary>What the page of one operation says above and below the address, from its facts and the moment.</summary>
public sealed class ViewText(IStringLocalizer<PageTexts> texts, DeploymentText text, DurationText durations, TimeProvider time)
{
    /// <summary>Volumes are left of what this operation removed, and no later one has taken them up.</summary>
    public static bool VolumesStay(DeploymentSnapshot now) =>
        now is { IsTerminal: true, KeptVolumes.Count: > 0 } && (now.StackReleasedAt is not null || now.LastDeploymentId == now.Id);

    public string Heading(DeploymentSnapshot now) => now switch
    {
        { Phase: DeploymentPhase.Completed } when now.IsOvertaken() => Overtaken(now),
        { Phase: DeploymentPhase.Queued or DeploymentPhase.Running, Kind: DeploymentKind.Delete } => texts["dep-deleting", now.Name],
        { Phase: DeploymentPhase.Completed, Kind: DeploymentKind.Delete } => texts["dep-deleted", now.Name],
        { Phase: DeploymentPhase.Queued } => texts["dep-queued"],
        { Phase: DeploymentPhase.Running } => texts[now.CancelRequested ? "dep-stopping" : "dep-building"],
        { Phase: DeploymentPhase.Unwinding } => texts[now.Failure is null ? "dep-stopping" : "dep-failed"],
        { Phase: DeploymentPhase.Completed } => texts["dep-ready"],
        { Phase: DeploymentPhase.Failed, Kind: DeploymentKind.Delete } => texts["dep-delete-failed"],
        { Phase: DeploymentPhase.Failed } => texts["dep-failed"],
        { Phase: DeploymentPhase.Cancelled } => texts["dep-cancelled"],
        _ => throw new ArgumentOutOfRangeException(nameof(now), now.Phase, null),
    };

    /// <param name="isSomethingLeft">The log names something that could not be removed.</param>
    public string Lead(DeploymentSnapshot now, bool isSomethingLeft) => now switch
    {
        { StackDeletedAt: { } at } when now.IsOvertaken() => texts["dep-stack-deleted-text", Day(at)],
        _ when now.IsOvertaken() => texts["dep-stack-deleting-text"],
        _ when now.HasLaterTry() => texts[now.StackState == StackState.Ready ? "dep-later-ready" : "dep-later-running"],
        { Kind: DeploymentKind.Delete } => OfDeletion(now),
        { Phase: DeploymentPhase.Queued } => texts["dep-queued-text"],
        { Phase: DeploymentPhase.Running } => texts[now.CancelRequested ? "dep-stopping-text" : "dep-building-text"],
        { Phase: DeploymentPhase.Unwinding, Failure: null } => texts["dep-stopping-text"],
        { Phase: DeploymentPhase.Unwinding, Failure.Code: FailureCode.NameTakenUpstream } => texts["dep-failed-cleaning-taken"],
        { Phase: DeploymentPhase.Unwinding } => texts["dep-failed-cleaning"],
        { Phase: DeploymentPhase.Completed } => texts["dep-ready-text", Took(now)],
        { Phase: DeploymentPhase.Failed, Failure.LeftBehind.Count: > 0 } => texts["dep-failed-left"],
        { Phase: DeploymentPhase.Failed } => Failed(now),
        // A cancelled deployment has no failure to carry the list; its log names what stayed.
        { Phase: DeploymentPhase.Cancelled } when isSomethingLeft => texts["dep-cancelled-left"],
        // It had failed before and is that again.
        { Phase: DeploymentPhase.Cancelled, StackState: StackState.Failed } => Failed(now),
        { Phase: DeploymentPhase.Cancelled } => texts[now.KeptVolumes.Count > 0 ? "dep-cancelled-volumes" : "dep-cancelled-text"],
        _ => throw new ArgumentOutOfRangeException(nameof(now), now.Phase, null),
    };

    /// <summary>Said once for each step and each end, never for a tick.</summary>
    public string Announcement(DeploymentSnapshot now) => now.Phase switch
    {
        DeploymentPhase.Completed or DeploymentPhase.Cancelled => Heading(now),
        _ when now.Failure is { } failure => texts["dep-said", Heading(now), text.Failure(failure.Code, failure.Subject)],
        _ => text.CurrentStep(now),
    };

    public string Strip(DeploymentSnapshot now, int percent) => now switch
    {
        { Phase: DeploymentPhase.Running } => text.WithPercent(text.CurrentStep(now), percent),
        { Phase: DeploymentPhase.Unwinding, Failure: { } failure } => text.Failure(failure.Code, failure.Subject),
        _ => text.CurrentStep(now),
    };

    /// <summary>It takes longer than nineteen of twenty did.</summary>
    public bool IsSlow(DeploymentSnapshot now) =>
        now is { Phase: DeploymentPhase.Running, StartedAt: { } start, ExpectedAtMost: { } most } && time.GetUtcNow() - start > most;

    /// <summary>How long it runs, and how long it may still take; null when it does not run.</summary>
    public string? Time(DeploymentSnapshot now)
    {
        if (now is not { Phase: DeploymentPhase.Running, StartedAt: { } start })
        {
            return null;
        }
        var soFar = time.GetUtcNow() - start;
        var said = durations.Rough(soFar);
        return now switch
        {
            _ when IsSlow(now) => texts["dep-slower", said],
            { ExpectedTotal: { } total } when total - soFar >= TimeSpan.FromSeconds(1) => texts["dep-to-go", said, durations.Rough(total - soFar)],
            { ExpectedTotal: not null } => texts["dep-any-moment", said],
            _ => texts["dep-so-far", said],
        };
    }

    private string Failed(DeploymentSnapshot now) => (now.StackReleasedAt is null, now.KeptVolumes.Count > 0) switch
    {
        (true, false) => texts["dep-failed-clean"],
        (true, true) => texts["dep-failed-volumes"],
        (false, false) => texts["dep-failed-clean-released"],
        (false, true) => texts["dep-failed-volumes-released"],
    };

    private string Overtaken(DeploymentSnapshot now) => now.StackState switch
    {
        StackState.Deleting => texts["dep-stack-deleting"],
        StackState.DeleteFailed => texts["dep-stack-delete-failed"],
        _ => texts["dep-stack-deleted"],
    };

    private string OfDeletion(DeploymentSnapshot now) => now.Phase switch
    {
        DeploymentPhase.Queued => texts["dep-delete-queued-text"],
        DeploymentPhase.Running => texts["dep-building-text"],
        DeploymentPhase.Completed => texts["dep-deleted-text", Took(now)],
        DeploymentPhase.Failed => texts["dep-delete-failed-text"],
        _ => throw new ArgumentOutOfRangeException(nameof(now), now.Phase, null),
    };

    private string Took(DeploymentSnapshot now) => durations.ExactWords((now.FinishedAt ?? now.CreatedAt) - now.CreatedAt);

    private string Day(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, time.LocalTimeZone).ToString("d MMMM yyyy", CultureInfo.CurrentCulture);
}
