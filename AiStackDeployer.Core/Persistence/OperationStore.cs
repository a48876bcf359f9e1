using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Core.Stacks;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace AiStackDeployer.Core.Persistence;

/// <summary>The answer, and the operation with its first events where a new one was begun.</summary>
internal sealed record BegunOperation(BeginResult Result, Deployment? Begun, IReadOnlyList<DeploymentEvent> Events);

/// <summary>The beginning of an operation, in one transaction.</summary>
internal static class OperationStore
{
    public static async Task<BegunOperation> BeginAsync(
        IDbContextFactory<PortalDbContext> contexts, IEnlistingQueue? engine, NewOperation wanted, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await TryBeginAsync(contexts, engine, wanted, cancellationToken);
            }
            catch (Exception e) when (attempt == 1 && StorageGuard.IsCollision(e))
            {
                // Another process won the same name, stack or request between our look and our write: the second look tells which.
            }
        }
    }

    private static async Task<BegunOperation> TryBeginAsync(
        IDbContextFactory<PortalDbContext> contexts, IEnlistingQueue? engine, NewOperation wanted, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.BeginWriteAsync(
            wanted.Claim is { NewStack: var made } ? [made.Name.Value, made.OwnerId] : [wanted.StackId!], cancellationToken);
        var (refusal, stack, last) = wanted.Claim is { } claim
            ? await ClaimAsync(db, wanted, claim, cancellationToken)
            : await CheckAsync(db, wanted, cancellationToken);
        if (refusal is not null)
        {
            return new BegunOperation(refusal, null, []);
        }
        var deployment = new Deployment
        {
            Id = wanted.DeploymentId,
            Operation = wanted.Operation,
            StackId = stack!.Id,
            Stack = stack,
            Name = stack.Name,
            OwnerId = stack.OwnerId,
            RequestId = wanted.RequestId,
            TraceId = wanted.TraceId,
            CreatedAt = wanted.Now,
            Cause = wanted.Cause,
            Change = wanted.Change,
        };
        deployment.RecordAcceptance(isNew: last is null, last?.KeptVolumes, wanted.Now);
        stack.Version++;
        db.Deployments.Add(deployment);
        var events = deployment.TakeNewEvents();
        db.DeploymentEvents.AddRange(events);
        await db.SaveChangesAsync(cancellationToken);
        if (engine is null)
        {
            await transaction.CommitAsync(cancellationToken);
        }
        else
        {
            await engine.EnqueueWithinAsync(
                transaction.GetDbTransaction(), deployment.Id, deployment.CreatedAt, deployment.Cause, () => transaction.CommitAsync(cancellationToken), cancellationToken);
        }
        return new BegunOperation(
            new BeginResult.Started(DeploymentSnapshots.Build(deployment), Existing: false) { IsEnqueued = engine is not null }, deployment, events);
    }

    /// <summary>The stack that the name becomes: a new one, or the caller's own that failed, with the last operation on it.</summary>
    private static async Task<(BeginResult? Refusal, Stack? Stack, Deployment? Last)> ClaimAsync(
        PortalDbContext db, NewOperation wanted, StackClaim claim, CancellationToken cancellationToken)
    {
        var (name, owner) = (claim.NewStack.Name, claim.NewStack.OwnerId);
        var repeated = await DeploymentStore.Whole(db).SingleOrDefaultAsync(
            d => d.OwnerId == owner && d.RequestId == wanted.RequestId, cancellationToken);
        if (repeated is not null)
        {
            return (Repeated(repeated, repeated.Operation == wanted.Operation && repeated.Name == name), null, null);
        }
        var stack = await db.Stacks.SingleOrDefaultAsync(s => s.Name == name && s.ReleasedAt == null, cancellationToken);
        if (stack is { State: StackState.Failed } && stack.OwnerId != owner && stack.FailedAt < claim.FailedNamesFreeBefore)
        {
            // Its owner did not come back to it. A released row is history: nobody inherits its volumes or password.
            stack.ReleasedAt = wanted.Now;
            stack.Version++;
            await db.SaveChangesAsync(cancellationToken);
            stack = null;
        }
        if (stack is not null && stack.OwnerId != owner)
        {
            return (new BeginResult.NameTaken(BeingChosen: false, []), null, null);
        }
        if (stack is not null && !wanted.Operation.MayBeginIn(stack.State))
        {
            return (new BeginResult.NameYours(stack.LastDeploymentId), null, null);
        }
        var hold = await db.NameHolds.SingleOrDefaultAsync(h => h.Name == name, cancellationToken);
        if (hold is not null && hold.Until > wanted.Now && hold.OwnerId != owner)
        {
            return (new BeginResult.NameTaken(BeingChosen: true, []), null, null);
        }
        // A failed stack does not count, it does once it is tried again; nor does one that is to be deleted, often to make room.
        if (claim.StackLimit is { } limit && await db.Stacks.CountAsync(
            s => s.OwnerId == owner && s.ReleasedAt == null && s.State != StackState.Failed && s.State != StackState.ToBeDeleted, cancellationToken) >= limit)
        {
            return (new BeginResult.QuotaReached(limit), null, null);
        }
        // Another tab of the same person keeps its own.
        if (hold is not null && (hold.HolderId == claim.HolderId || hold.Until <= wanted.Now))
        {
            db.NameHolds.Remove(hold);
        }
        if (stack is null)
        {
            db.Stacks.Add(claim.NewStack);
            return (null, claim.NewStack, null);
        }
        stack.Image = claim.NewStack.Image;
        return (null, stack, await LastAsync(db, stack, cancellationToken));
    }

    /// <summary>The stack that the operation is for, with the last operation on it.</summary>
    private static async Task<(BeginResult? Refusal, Stack? Stack, Deployment? Last)> CheckAsync(
        PortalDbContext db, NewOperation wanted, CancellationToken cancellationToken)
    {
        if (await db.Stacks.SingleOrDefaultAsync(s => s.Id == wanted.StackId, cancellationToken) is not { } stack)
        {
            return (new BeginResult.NotFound(), null, null);
        }
        if (wanted.Operation.NeedsConfirmation && wanted.ConfirmName != stack.Name.Value)
        {
            return (new BeginResult.ConfirmationDiffers(stack.Name), null, null);
        }
        // Before anything about the stack's state: asked again after its end, the same request still is the same operation.
        // Written out, so that either half has an index.
        var repeated = await DeploymentStore.Whole(db).SingleOrDefaultAsync(
            d => (d.Operation != OperationCatalog.Deploy && d.RequestId == wanted.RequestId)
                || (d.OwnerId == stack.OwnerId && d.RequestId == wanted.RequestId),
            cancellationToken);
        if (repeated is not null)
        {
            return (Repeated(repeated, repeated.Operation == wanted.Operation && repeated.StackId == stack.Id), null, null);
        }
        if (stack.ReleasedAt is not null)
        {
            return (new BeginResult.NotFound(), null, null);
        }
        var last = await LastAsync(db, stack, cancellationToken);
        if (!last.Phase.IsTerminal() && last.Operation == wanted.Operation)
        {
            return (Repeated(last, isTheSame: true), null, null);
        }
        return last.Phase.IsTerminal() && wanted.Operation.MayBeginOn(stack)
            ? (null, stack, last)
            : (new BeginResult.NotNow(stack.State, last.Id), null, null);
    }

    private static Task<Deployment> LastAsync(PortalDbContext db, Stack stack, CancellationToken cancellationToken) =>
        DeploymentStore.Whole(db).SingleAsync(d => d.Id == stack.LastDeploymentId, cancellationToken);

    private static BeginResult Repeated(Deployment before, bool isTheSame) => isTheSame
        ? new BeginResult.Started(DeploymentSnapshots.Build(before), Existing: true)
        : new BeginResult.RequestIdReused(before.Name);
}
