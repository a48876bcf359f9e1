using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Stacks;
using Microsoft.EntityFrameworkCore;

namespace AiStackDeployer.Core.Persistence;

/// <summary>The claim of a name, in one transaction.</summary>
internal static class ClaimStore
{
    public static async Task<ClaimOutcome> ClaimAsync(
        IDbContextFactory<PortalDbContext> contexts, NewDeployment wanted, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await TryClaimAsync(contexts, wanted, cancellationToken);
            }
            catch (DbUpdateException e) when (StorageGuard.IsUniqueViolation(e) && attempt == 1)
            {
                // Another process won the same name or request between our look and our write: the second look tells which.
            }
        }
    }

    private static async Task<ClaimOutcome> TryClaimAsync(
        IDbContextFactory<PortalDbContext> contexts, NewDeployment wanted, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        // On SQLite this takes the write lock at once, so look and write are one step among all forms of all processes.
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var name = wanted.Name.Value;

        var repeated = await db.Deployments.Include(d => d.Stack).Include(d => d.Steps)
            .SingleOrDefaultAsync(d => d.OwnerId == wanted.OwnerId && d.RequestId == wanted.RequestId, cancellationToken);
        if (repeated is not null)
        {
            return new ClaimOutcome.Repeated(repeated);
        }
        var stack = await db.Stacks.SingleOrDefaultAsync(s => s.Name == name && s.ReleasedAt == null, cancellationToken);
        if (stack is not null && stack.State == StackState.Failed && stack.OwnerId != wanted.OwnerId
            && stack.FailedAt < wanted.FailedNamesFreeBefore)
        {
            // Its owner did not come back to it. A released row is history: nobody inherits its volumes or password.
            stack.ReleasedAt = wanted.Now;
            stack.Version++;
            await db.SaveChangesAsync(cancellationToken);
            stack = null;
        }
        if (stack is not null && !stack.CanBeTakenUpBy(wanted.OwnerId))
        {
            return new ClaimOutcome.Taken(stack.OwnerId, stack.LastDeploymentId);
        }
        var hold = await db.NameHolds.SingleOrDefaultAsync(h => h.Name == name, cancellationToken);
        if (hold is not null && hold.Until > wanted.Now && hold.OwnerId != wanted.OwnerId)
        {
            return new ClaimOutcome.Held();
        }
        // Another tab of the same person keeps its own.
        if (hold is not null && (hold.HolderId == wanted.HolderId || hold.Until <= wanted.Now))
        {
            db.NameHolds.Remove(hold);
        }
        IReadOnlyList<string>? keptBefore = null;
        if (stack is null)
        {
            stack = wanted.NewStack;
            db.Stacks.Add(stack);
        }
        else
        {
            keptBefore = await db.Deployments.Where(d => d.Id == stack.LastDeploymentId).Select(d => d.KeptVolumes).SingleAsync(cancellationToken);
            stack.State = StackState.Creating;
            stack.Image = wanted.NewStack.Image;
            // What the run before found out about the address is not true of this one.
            stack.TerminalAnswers = null;
            stack.LastDeploymentId = wanted.DeploymentId;
            stack.Version++;
        }
        var deployment = new Deployment
        {
            Id = wanted.DeploymentId,
            StackId = stack.Id,
            Stack = stack,
            Name = name,
            OwnerId = wanted.OwnerId,
            RequestId = wanted.RequestId,
            TraceId = wanted.TraceId,
            CreatedAt = wanted.Now,
        };
        deployment.RecordClaim(keptBefore, wanted.Now);
        db.Deployments.Add(deployment);
        db.DeploymentEvents.AddRange(deployment.TakeNewEvents());
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new ClaimOutcome.Claimed(deployment);
    }
}
