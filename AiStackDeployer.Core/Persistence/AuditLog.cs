using AiStackDeployer.Core.Audit;
using Microsoft.EntityFrameworkCore;

namespace AiStackDeployer.Core.Persistence;

// Translated to SQL, which knows no culture and no StringComparison.
#pragma warning disable CA1304, CA1309, CA1311, CA1862

/// <inheritdoc cref="IAuditLog"/>
internal sealed class AuditLog(IDbContextFactory<PortalDbContext> contexts, StorageMeter storage) : IAuditLog
{
    public Task WriteAsync(AuditEntry entry, CancellationToken cancellationToken) => storage.RunAsync(async () =>
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        db.AuditEntries.Add(entry);
        return await db.SaveChangesAsync(cancellationToken);
    });

    public Task<IReadOnlyList<AuditEntry>> ReadAsync(AuditQuery query, CancellationToken cancellationToken) =>
        storage.RepeatAsync<IReadOnlyList<AuditEntry>>(async () =>
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            // PostgreSQL takes no zero byte, and none is in the log.
            var wanted = (query.Search ?? "").Trim().ToLowerInvariant().Replace('\0', ' ');
            return await db.AuditEntries.AsNoTracking()
                .Where(e => query.Before == null || string.Compare(e.Id, query.Before) < 0)
                .Where(e => query.Action == null || e.Action.StartsWith(query.Action))
                .Where(e => query.Way == null || e.Way == query.Way)
                .Where(e => query.Outcome == null || e.Outcome == query.Outcome)
                .Where(e => query.From == null || e.At >= query.From)
                .Where(e => query.To == null || e.At < query.To)
                .Where(e => wanted == "" || e.ActorName!.ToLower().Contains(wanted) || e.TargetName!.ToLower().Contains(wanted)
                    || e.TokenName!.ToLower().Contains(wanted)
                    || e.ActorId == wanted || e.TargetId == wanted || e.OwnerId == wanted || e.Address == wanted)
                .OrderByDescending(e => e.Id).Take(query.Take)
                .ToListAsync(cancellationToken);
        });

    public Task<int> ForgetAsync(DateTimeOffset before, CancellationToken cancellationToken) => storage.RunAsync(async () =>
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.AuditEntries.Where(e => e.At < before).ExecuteDeleteAsync(cancellationToken);
    });
}
