using System.Security.Claims;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Naming;
using AiStackDeployer.Web.Limits;
using AiStackDeployer.Web.Security;

namespace AiStackDeployer.Web.Components.Admin;

/// <summary>What came of an act on many stacks.</summary>
/// <param name="Refused">Those that were not begun, each with the key of the reason.</param>
public sealed record BatchResult(int Begun, int Of, IReadOnlyList<(StackName Name, string Why)> Refused);

/// <summary>
/// One act on many stacks, one after the other, each asked and recorded by itself. What was begun goes on in the engine; who closes the
/// page ends the beginning of more.
/// </summary>
internal sealed class BatchActs(StackActs acts, DeploymentService deployments, Allowances allowances, TimeProvider time, ILogger<BatchActs> log)
{
    /// <param name="batchId">The same for every press in one dialog, so that a stack gets one operation of it.</param>
    /// <param name="progress">Told how many have begun, and how many were tried.</param>
    public Task<BatchResult> BeginAsync(
        ClaimsPrincipal user, IReadOnlyList<BulkItem> items, string batchId, Action<int, int> progress, CancellationToken cancellationToken) =>
        ForAllAsync(
            items, item => (item.Row.Stack.Name, item.Row.DeploymentId),
            async (item, last) => WhyNot(await acts.BeginAsync(
                Actor.Of(user), last,
                new OperationRequest
                {
                    Operation = item.Begins!, StackId = item.Row.Stack.Id, ConfirmName = item.Begins!.NeedsConfirmation ? item.Row.Stack.Name.Value : null,
                    RequestId = RequestOf(batchId, item.Row.Stack.Id), Cause = OperationCause.Batch, Allowance = allowances.Of(user),
                },
                CancellationToken.None)),
            progress, cancellationToken);

    /// <summary>Each newest operation that failed, again.</summary>
    public Task<BatchResult> RetryAsync(
        ClaimsPrincipal user, IReadOnlyList<TroubledStack> stacks, string batchId, Action<int, int> progress, CancellationToken cancellationToken) =>
        ForAllAsync(
            stacks, stack => (stack.Name, stack.DeploymentId),
            async (stack, last) => WhyNot(await acts.RetryAsync(Actor.Of(user), last, RequestOf(batchId, stack.StackId), allowances.Of(user), CancellationToken.None)),
            progress, cancellationToken);

    public Task<BatchResult> HandOverAsync(
        ClaimsPrincipal user, IReadOnlyList<BulkItem> items, string personId, Action<int, int> progress, CancellationToken cancellationToken) =>
        ForAllAsync(
            items, item => (item.Row.Stack.Name, item.Row.DeploymentId),
            async (_, last) => await acts.HandOverAsync(Actor.Of(user), last, personId) switch
            {
                HandoverResult.Done => null,
                HandoverResult.Busy => "why-busy",
                HandoverResult.NotFound => "why-gone",
                HandoverResult.PersonNotFound => "why-person",
                HandoverResult.NotAllowed => "why-not-allowed",
                var other => throw new InvalidOperationException($"Unknown result {other.GetType().Name}."),
            },
            progress, cancellationToken);

    public Task<BatchResult> KeepAsync(
        ClaimsPrincipal user, IReadOnlyList<BulkItem> items, TimeSpan howLong, Action<int, int> progress, CancellationToken cancellationToken) =>
        ForAllAsync(
            items, item => (item.Row.Stack.Name, item.Row.DeploymentId),
            async (_, last) => await acts.KeepRunningAsync(Actor.Of(user), last, time.GetUtcNow() + howLong, CancellationToken.None) switch
            {
                true => null,
                false => "why-busy",
                null => "why-not-allowed",
            },
            progress, cancellationToken);

    private async Task<BatchResult> ForAllAsync<T>(
        IReadOnlyList<T> all, Func<T, (StackName Name, string DeploymentId)> of, Func<T, DeploymentSnapshot, Task<string?>> act, Action<int, int> progress,
        CancellationToken cancellationToken)
    {
        var begun = 0;
        var refused = new List<(StackName, string)>();
        foreach (var one in all)
        {
            if (cancellationToken.IsCancellationRequested)
            {
                break;
            }
            var (name, deploymentId) = of(one);
            var why = await TryAsync(deploymentId, last => act(one, last));
            if (why is null)
            {
                begun++;
            }
            else
            {
                refused.Add((name, why));
            }
            progress(begun, begun + refused.Count);
        }
        return new BatchResult(begun, all.Count, refused);
    }

    private async Task<string?> TryAsync(string deploymentId, Func<DeploymentSnapshot, Task<string?>> act)
    {
        try
        {
            return await deployments.FindAsync(deploymentId, CancellationToken.None) is { } last ? await act(last) : "why-gone";
        }
        catch (StorageUnavailableException e)
        {
            log.ActionFailed(e, deploymentId);
            return "why-storage";
        }
        catch (Exception e)
        {
            // One stack's fault must not keep the others from their turn.
            log.ActionFailed(e, deploymentId);
            return "why-fault";
        }
    }

    private static string RequestOf(string batchId, string stackId) => $"{batchId}.{stackId}";

    private static string? WhyNot(BeginResult result) => result switch
    {
        BeginResult.Started => null,
        BeginResult.NotNow or BeginResult.NameYours => "why-busy",
        BeginResult.NotFound => "why-gone",
        BeginResult.QuotaReached => "why-quota",
        BeginResult.NameRefused or BeginResult.NameTaken => "why-name",
        BeginResult.TooMany => "why-too-many",
        BeginResult.UnderMaintenance => "why-maintenance",
        BeginResult.StorageUnavailable => "why-storage",
        BeginResult.NotAllowed => "why-not-allowed",
        BeginResult.ConfirmationDiffers or BeginResult.RequestIdReused => "why-fault",
        _ => throw new InvalidOperationException($"Unknown result {result.GetType().Name}."),
    };
}
