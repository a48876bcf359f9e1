using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Naming;
using AiStackDeployer.Core.Stacks;
using Microsoft.EntityFrameworkCore;

namespace AiStackDeployer.Core.Persistence;

/// <summary>Names in use and names held, as the database knows them.</summary>
public sealed class NameRegister(IDbContextFactory<PortalDbContext> contexts, StorageMeter storage) : INameRegister
{
    public Task<NameStanding> GetStandingAsync(StackName name, DateTimeOffset now, CancellationToken cancellationToken) =>
        RunAsync(
            async db =>
            {
                var claim = await Claims(db, now).Where(s => s.Name == name)
                    .Select(s => new NameClaim(s.OwnerId, s.LastDeploymentId)).SingleOrDefaultAsync(cancellationToken);
                var hold = await db.NameHolds.AsNoTracking().SingleOrDefaultAsync(h => h.Name == name && h.Until > now, cancellationToken);
                return new NameStanding(claim, hold is null ? null : new NameHold(hold.HolderId, hold.OwnerId, hold.Until));
            },
            cancellationToken);

    public Task<IReadOnlySet<StackName>> FindOccupiedAsync(IReadOnlyCollection<StackName> names, DateTimeOffset now, CancellationToken cancellationToken) =>
        RunAsync<IReadOnlySet<StackName>>(
            async db =>
            {
                var wanted = names.ToList();
                var claimed = await Claims(db, now).Where(s => wanted.Contains(s.Name)).Select(s => s.Name).ToListAsync(cancellationToken);
                var held = await db.NameHolds.Where(h => wanted.Contains(h.Name) && h.Until > now).Select(h => h.Name).ToListAsync(cancellationToken);
                return claimed.Concat(held).ToHashSet();
            },
            cancellationToken);

    public Task<HoldResult> TryHoldAsync(StackName name, NameHolder holder, DateTimeOffset now, DateTimeOffset until, CancellationToken cancellationToken) =>
        RunAsync<HoldResult>(
            async db =>
            {
                await using var transaction = await db.BeginWriteAsync([name.Value, holder.OwnerId], cancellationToken);
                if (await Claims(db, now).AnyAsync(s => s.Name == name, cancellationToken))
                {
                    return new HoldResult.Claimed();
                }
                var hold = await db.NameHolds.SingleOrDefaultAsync(h => h.Name == name, cancellationToken);
                if (hold is not null && hold.Until > now && hold.OwnerId != holder.OwnerId)
                {
                    return new HoldResult.HeldByOther();
                }
                if (await db.NameHolds.CountAsync(
                    h => h.OwnerId == holder.OwnerId && h.HolderId != holder.HolderId && h.Name != name && h.Until > now, cancellationToken) >= NameHold.MostOfOnePerson)
                {
                    return new HoldResult.TooMany();
                }
                if (hold is null)
                {
                    db.NameHolds.Add(new NameHoldRow { Name = name, HolderId = holder.HolderId, OwnerId = holder.OwnerId, Until = until });
                }
                else
                {
                    hold.HolderId = holder.HolderId;
                    hold.OwnerId = holder.OwnerId;
                    hold.Until = until;
                }
                await db.SaveChangesAsync(cancellationToken);
                // With those of portals that were killed and pages that were lost, which nobody else would remove.
                await db.NameHolds.Where(h => (h.HolderId == holder.HolderId && h.Name != name) || h.Until <= now).ExecuteDeleteAsync(cancellationToken);
                await transaction.CommitAsync(cancellationToken);
                return new HoldResult.Held(until);
            },
            cancellationToken);

    public Task ReleaseAsync(string holderId, CancellationToken cancellationToken) =>
        RunAsync(db => db.NameHolds.Where(h => h.HolderId == holderId).ExecuteDeleteAsync(cancellationToken), cancellationToken);

    // A failed stack keeps its name for a while; after that the claim at submit releases it, so it is not in the way here either.
    private static IQueryable<Stack> Claims(PortalDbContext db, DateTimeOffset now)
    {
        var forgotten = now - DeploymentService.FailedNameKept;
        return db.Stacks.AsNoTracking().Where(s =>
            s.ReleasedAt == null && (s.State != StackState.Failed || s.FailedAt == null || s.FailedAt >= forgotten));
    }

    private Task<T> RunAsync<T>(Func<PortalDbContext, Task<T>> work, CancellationToken cancellationToken) =>
        storage.RepeatAsync(async () =>
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            return await work(db);
        });
}
