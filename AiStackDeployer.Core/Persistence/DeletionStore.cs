using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Stacks;
using Microsoft.EntityFrameworkCore;

namespace AiStackDeployer.Core.Persistence;

/// <summary>The beginning of a deletion, in one transaction.</summary>
internal static class DeletionStore
{
    public static async Task<DeletionOutcome> BeginAsync(
        IDbContextFactory<PortalDbContext> contexts, NewDeletion wanted, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await TryBeginAsync(contexts, wanted, cancellationToken);
            }
            catch (DbUpdateException e) when (attempt == 1 && (e is DbUpdateConcurrencyException || StorageGuard.IsUniqueViolation(e)))
            {
                // Another process changed the stack or made the same request between our look and our write: look again.
            }
        }
    }

    private static async Task<DeletionOutcome> TryBeginAsync(
        IDbContextFactory<PortalDbContext> contexts, NewDeletion wanted, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        // On SQLite this takes the write lock at once: nobody claims or deletes between the look and the write.
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await db.Stacks.SingleOrDefaultAsync(s => s.Id == wanted.StackId, cancellationToken) is not { } stack)
        {
            return new DeletionOutcome.NotFound();
        }
        if (wanted.ConfirmName != stack.Name)
        {
            return new DeletionOutcome.ConfirmationDiffers(stack.Name);
        }
        // Before anything about the stack's state: asked again after its end, the same request still is the same deletion.
        // Written out, so that either half has an index.
        var repeated = await DeploymentStore.Whole(db).SingleOrDefaultAsync(
            d => (d.Kind == DeploymentKind.Delete && d.RequestId == wanted.RequestId)
                || (d.OwnerId == stack.OwnerId && d.RequestId == wanted.RequestId),
            cancellationToken);
        if (repeated is not null)
        {
            return repeated.Kind == DeploymentKind.Delete && repeated.StackId == stack.Id
                ? new DeletionOutcome.Existing(repeated)
                : new DeletionOutcome.RequestIdReused(repeated.Name);
        }
        if (stack.ReleasedAt is not null)
        {
            return new DeletionOutcome.NotFound();
        }
        var last = await DeploymentStore.Whole(db).SingleAsync(d => d.Id == stack.LastDeploymentId, cancellationToken);
        if (stack.State == StackState.Deleting)
        {
            return new DeletionOutcome.Existing(last);
        }
        if (!stack.MayBeDeleted)
        {
            return new DeletionOutcome.Busy(last.Id);
        }
        var deletion = new Deployment
        {
            Id = wanted.DeploymentId,
            Kind = DeploymentKind.Delete,
            StackId = stack.Id,
            Stack = stack,
            Name = stack.Name,
            OwnerId = stack.OwnerId,
            RequestId = wanted.RequestId,
            TraceId = wanted.TraceId,
            CreatedAt = wanted.Now,
        };
        deletion.RecordDeletion(last.KeptVolumes, wanted.Now);
        stack.Version++;
        db.Deployments.Add(deletion);
        db.DeploymentEvents.AddRange(deletion.TakeNewEvents());
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new DeletionOutcome.Accepted(deletion);
    }
}
