using System.Security.Claims;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.Web.Limits;
using AiStackDeployer.Web.Security;

namespace AiStackDeployer.Web.Components.Deploy;

/// <summary>How a press on cancel, retry or delete ended: where to go, and the key of what to say to who stays where he is.</summary>
public sealed record ActionOutcome(string? GoTo = null, string? Say = null);

/// <summary>
/// Cancel, retry and delete as a page offers them. The right is asked again at the press: the button may have been drawn long ago.
/// </summary>
internal sealed class DeploymentActions(StackActs acts, Allowances allowances, ILogger<DeploymentActions> log)
{
    public Task<ActionOutcome> CancelAsync(ClaimsPrincipal user, DeploymentSnapshot snapshot) =>
        TryAsync(snapshot, async () =>
            await acts.CancelAsync(Actor.Of(user), snapshot) switch
            {
                CancelResult.Cancelled or CancelResult.Requested or CancelResult.AlreadyEnding => new ActionOutcome(),
                CancelResult.AlreadyEnded => new ActionOutcome(Say: "dep-cancel-late"),
                CancelResult.CannotBeCancelled => new ActionOutcome(Say: "dep-cancel-too-late"),
                CancelResult.NotFound => new ActionOutcome(Say: "not-found-deployment"),
                CancelResult.NotAllowed => new ActionOutcome(Say: "dep-not-allowed"),
                var other => throw new InvalidOperationException($"Unknown result {other}."),
            });

    /// <param name="requestId">The same for every press on one page, so that a double click is one deployment.</param>
    public Task<ActionOutcome> RetryAsync(ClaimsPrincipal user, DeploymentSnapshot snapshot, string requestId) =>
        TryAsync(snapshot, async () =>
            await acts.RetryAsync(Actor.Of(user), snapshot, requestId, allowances.Of(user), CancellationToken.None) switch
            {
                BeginResult.Started started => new ActionOutcome(GoTo: PathOf(started.Deployment.Id)),
                // Somebody else, or another tab, was quicker: there it is.
                BeginResult.NameYours yours => new ActionOutcome(GoTo: PathOf(yours.DeploymentId), Say: "dep-retry-late"),
                BeginResult.NotNow { DeploymentId: var deletion } => new ActionOutcome(GoTo: PathOf(deletion), Say: "dep-retry-late"),
                BeginResult.NameTaken => new ActionOutcome(Say: "dep-retry-taken"),
                BeginResult.QuotaReached => new ActionOutcome(Say: "dep-quota"),
                BeginResult.TooMany => new ActionOutcome(Say: "dep-too-many"),
                BeginResult.UnderMaintenance => new ActionOutcome(Say: "dep-maintenance"),
                BeginResult.StorageUnavailable => new ActionOutcome(Say: "dep-action-failed"),
                // A name that became reserved after its first deployment, or a request id of another page.
                BeginResult.NameRefused or BeginResult.RequestIdReused => new ActionOutcome(Say: "dep-action-failed"),
                BeginResult.NotFound => new ActionOutcome(Say: "not-found-deployment"),
                BeginResult.NotAllowed => new ActionOutcome(Say: "dep-not-allowed"),
                var other => throw new InvalidOperationException($"Unknown result {other.GetType().Name}."),
            });

    /// <param name="snapshot">
    /// Of the newest operation on the stack when its deletion was asked about; its stack is the one that is deleted. After a newer one
    /// nothing is: who read that nothing of it answers may since have a stack that does.
    /// </param>
    /// <param name="typed">What the person typed to confirm.</param>
    /// <param name="requestId">The same for every press in one dialog, so that a double click is one deletion.</param>
    public Task<ActionOutcome> DeleteAsync(ClaimsPrincipal user, DeploymentSnapshot snapshot, string typed, string requestId) =>
        TryAsync(snapshot, async () => IsOutOfDate(snapshot)
            ? new ActionOutcome(Say: "del-changed")
            : await acts.BeginAsync(
                Actor.Of(user), snapshot,
                new OperationRequest
                {
                    Operation = OperationCatalog.Delete, StackId = snapshot.StackId, ConfirmName = typed, RequestId = requestId,
                    Allowance = allowances.Of(user),
                },
                CancellationToken.None) switch
            {
                BeginResult.Started started => new ActionOutcome(GoTo: PathOf(started.Deployment.Id)),
                BeginResult.ConfirmationDiffers => new ActionOutcome(Say: "del-differs"),
                BeginResult.NotNow => new ActionOutcome(Say: "del-busy"),
                BeginResult.NotFound => new ActionOutcome(Say: "del-gone"),
                BeginResult.TooMany => new ActionOutcome(Say: "dep-too-many"),
                BeginResult.UnderMaintenance => new ActionOutcome(Say: "dep-maintenance"),
                BeginResult.NotAllowed => new ActionOutcome(Say: "dep-not-allowed"),
                BeginResult.RequestIdReused or BeginResult.StorageUnavailable => new ActionOutcome(Say: "dep-action-failed"),
                var other => throw new InvalidOperationException($"Unknown result {other.GetType().Name}."),
            });

    private static bool IsOutOfDate(DeploymentSnapshot snapshot) =>
        snapshot.StackState is StackState.Ready or StackState.Failed or StackState.DeleteFailed or StackState.Stopped or StackState.ToBeDeleted
        && snapshot.LastDeploymentId != snapshot.Id;

    public static string PathOf(string deploymentId) => $"deployments/{deploymentId}";

    private async Task<ActionOutcome> TryAsync(DeploymentSnapshot snapshot, Func<Task<ActionOutcome>> act)
    {
        try
        {
            return await act();
        }
        catch (Exception e)
        {
            // Whatever it is: who pressed must hear of it, and a fault that goes further takes the whole page down.
            log.ActionFailed(e, snapshot.Id);
            return new ActionOutcome(Say: "dep-action-failed");
        }
    }
}
