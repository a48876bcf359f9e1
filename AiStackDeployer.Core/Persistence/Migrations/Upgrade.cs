using Microsoft.EntityFrameworkCore;

namespace AiStackDeployer.Core.Persistence.Migrations;

/// <summary>
/// Runs the migrations that are missing. EF keeps a row in <c>__EFMigrationsLock</c> meanwhile and, on SQLite, waits for it
/// without end; a process killed in the middle leaves it behind, and the portal would never start again. See
/// https://learn.microsoft.com/ef/core/providers/sqlite/limitations#concurrent-migrations-protection.
/// </summary>
internal static class Upgrade
{
    /// <summary>Longer than any migration of a file this size takes.</summary>
    internal static readonly TimeSpan AbandonedAfter = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    public static async Task RunAsync(PortalDbContext db, TimeProvider time, CancellationToken cancellationToken)
    {
        while ((await db.Database.GetPendingMigrationsAsync(cancellationToken)).Any())
        {
            if (await IsFreeAsync(db, time.GetUtcNow() - AbandonedAfter, cancellationToken))
            {
                await db.Database.MigrateAsync(cancellationToken);
                return;
            }
            await Task.Delay(LookAgain, time, cancellationToken);
        }
    }

    private static async Task<bool> IsFreeAsync(PortalDbContext db, DateTimeOffset abandonedBefore, CancellationToken cancellationToken)
    {
        if (await CountAsync(db.Database.SqlQuery<int>(
            $"SELECT count(*) AS \"Value\" FROM sqlite_master WHERE name = '__EFMigrationsLock'")) == 0)
        {
            return true;
        }
        await db.Database.ExecuteSqlAsync(
            $"DELETE FROM \"__EFMigrationsLock\" WHERE \"Timestamp\" < {abandonedBefore}", cancellationToken);
        return await CountAsync(db.Database.SqlQuery<int>($"SELECT count(*) AS \"Value\" FROM \"__EFMigrationsLock\"")) == 0;

        Task<int> CountAsync(IQueryable<int> count) => count.SingleAsync(cancellationToken);
    }
}
