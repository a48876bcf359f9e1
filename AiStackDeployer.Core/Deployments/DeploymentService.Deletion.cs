using Microsoft.Extensions.Logging;

namespace AiStackDeployer.Core.Deployments;

public sealed partial class DeploymentService
{
    /// <summary>
    /// Begins the deletion and hands it to the engine. The caller's token ends the waiting, never the deletion. Once accepted it
    /// cannot be cancelled; its name is taken until all of it is proven gone.
    /// </summary>
    public async Task<DeleteResult> DeleteStackAsync(DeleteRequest request, CancellationToken cancellationToken)
    {
        using var span = Requests.StartActivity("request delete");
        DeletionOutcome outcome;
        try
        {
            outcome = await store.BeginDeletionAsync(
                new NewDeletion
                {
                    StackId = request.StackId,
                    ConfirmName = request.ConfirmName,
                    RequestId = request.RequestId,
                    DeploymentId = ids.NewDeploymentId(),
                    TraceId = ids.NewTraceId(),
                    Now = time.GetUtcNow(),
                },
                cancellationToken);
        }
        catch (StorageUnavailableException e)
        {
            DeletionNotStored(e, request.StackId);
            return new DeleteResult.StorageUnavailable();
        }
        switch (outcome)
        {
            case DeletionOutcome.Accepted accepted:
                await HandOverAsync(accepted.Deployment);
                return new DeleteResult.Started(await DrawAcceptedAsync(accepted.Deployment, cancellationToken), Existing: false);
            case DeletionOutcome.Existing existing:
                return new DeleteResult.Started(await DrawAcceptedAsync(existing.Deployment, cancellationToken), Existing: true);
            case DeletionOutcome.ConfirmationDiffers differs:
                return new DeleteResult.ConfirmationDiffers(differs.Name);
            case DeletionOutcome.Busy busy:
                return new DeleteResult.StackBusy(busy.DeploymentId);
            case DeletionOutcome.RequestIdReused reused:
                return new DeleteResult.RequestIdReused(reused.OtherName);
            case DeletionOutcome.NotFound:
                return new DeleteResult.NotFound();
            default:
                throw new InvalidOperationException($"Unknown outcome {outcome.GetType().Name}.");
        }
    }

    /// <summary>
    /// What this request came to when it was made before, whoever owns the stack; null when it was not. To be asked before the name is
    /// looked up: it may be another stack's by now, which nobody wished to delete.
    /// </summary>
    /// <param name="name">What the request names now.</param>
    /// <param name="confirmName">What it confirms now.</param>
    /// <param name="requestId">Bound to who asks, not to the stack.</param>
    /// <returns><see cref="DeleteResult.Started"/>, <see cref="DeleteResult.RequestIdReused"/> or <see cref="DeleteResult.ConfirmationDiffers"/>.</returns>
    /// <exception cref="StorageUnavailableException">The database cannot be read now.</exception>
    public async Task<DeleteResult?> FindDeletionAsync(string name, string? confirmName, string requestId, CancellationToken cancellationToken) =>
        await store.FindDeletionAsync(requestId, cancellationToken) switch
        {
            null => null,
            var before when before.Name != name => new DeleteResult.RequestIdReused(before.Name),
            var before when before.Name != confirmName => new DeleteResult.ConfirmationDiffers(before.Name),
            var before => new DeleteResult.Started(await snapshots.DrawAsync(before, cancellationToken), Existing: true),
        };

    /// <summary>A failed deletion begins again as one. What it confirmed then still holds: the name of a stack never changes.</summary>
    private async Task<StartResult?> DeleteAgainAsync(Deployment failed, string requestId, CancellationToken cancellationToken)
    {
        var request = new DeleteRequest { StackId = failed.StackId, ConfirmName = failed.Name, RequestId = requestId };
        return await DeleteStackAsync(request, cancellationToken) switch
        {
            DeleteResult.Started started => new StartResult.Started(started.Deployment, started.Existing),
            DeleteResult.StackBusy busy => new StartResult.NameYours(busy.DeploymentId),
            // Another tab's try has deleted it in this very moment; its page tells so.
            DeleteResult.NotFound => new StartResult.CannotBeRetried(Stacks.StackState.Deleted, failed.Stack.LastDeploymentId),
            DeleteResult.RequestIdReused reused => new StartResult.RequestIdReused(reused.OtherName),
            DeleteResult.StorageUnavailable => new StartResult.StorageUnavailable(),
            var other => throw new InvalidOperationException($"Unexpected result {other.GetType().Name}."),
        };
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The deletion of stack {StackId} could not be stored")]
    private partial void DeletionNotStored(Exception e, string stackId);
}
