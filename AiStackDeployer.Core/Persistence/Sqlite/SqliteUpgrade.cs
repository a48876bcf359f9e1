using System.Globalization;
using AiStackDeployer.Core.Deployments;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace AiStackDeployer.Core.Persistence.Sqlite;

/// <summary>
/// Runs the migrations that are missing. EF keeps a row in <c>__EFMigrationsLock</c> meanwhile and, on SQLite, waits for it
/// without end; a process killed in the middle leaves it behind, and the portal would never start again. See
/// https://learn.microsoft.com/ef/core/providers/sqlite/limitations#concurrent-migrations-protection.
/// </summary>
internal static class SqliteUpgrade
{
    /// <summary>Longer than any migration of a file this size takes.</summary>
    internal static readonly TimeSpan AbandonedAfter = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    /// <exception cref="DatabaseTooNewException">A newer program wrote the database. Nothing was written.</exception>
    /// <exception cref="StorageUnavailableException">Among others: there is no room for the safety copy. Nothing was changed.</exception>
    public static async Task RunAsync(SqlitePortalDbContext db, TimeProvider time, CancellationToken cancellationToken)
    {
        var file = Path.GetFullPath(new SqliteConnectionStringBuilder(db.Database.GetConnectionString()).DataSource);
        // Before EF opens the file: it would set it up, and a database that is refused stays as it is.
        RefuseNewer(file, [.. db.Database.GetMigrations()]);
        // SQLite gives what it keeps beside a database the same mode.
        PrivateFile.Ensure(file);
        while (true)
        {
            var pending = (await db.Database.GetPendingMigrationsAsync(cancellationToken)).ToList();
            if (pending.Count == 0)
            {
                return;
            }
            if (await IsFreeAsync(db, time.GetUtcNow() - AbandonedAfter, cancellationToken))
            {
                if (DatabaseSchema.Of(file).Count > 0)
                {
                    SafetyCopy.Make(file, pending[0]);
                }
                await db.Database.MigrateAsync(cancellationToken);
                return;
            }
            await Task.Delay(LookAgain, time, cancellationToken);
        }
    }

    private static void RefuseNewer(string file, List<string> known)
    {
        var applied = DatabaseSchema.Of(file);
        if (DatabaseTooNewException.Unknown(applied, known) is not [var first, ..])
        {
            return;
        }
        throw new DatabaseTooNewException(
            $"A newer version of this program has written {file}: it has {applied[^1]}, and this version knows up to {known[^1]}. "
            + "Start the newer version, or restore a backup that this version made. "
            + (SafetyCopy.Of(file, first) switch
            {
                [] => "",
                [var only] => $"The database as it was before the upgrade is {only}. ",
                [var newer, var older, ..] =>
                    $"The database as it was before the upgrade is {Dated(newer)}. Older, of an upgrade that was tried before: {Dated(older)}. ",
            })
            + "Nothing was changed.");
    }

    private static string Dated(string copy) =>
        string.Create(CultureInfo.InvariantCulture, $"{copy}, of {File.GetLastWriteTimeUtc(copy):yyyy-MM-dd HH:mm} UTC");

    private static async Task<bool> IsFreeAsync(SqlitePortalDbContext db, DateTimeOffset abandonedBefore, CancellationToken cancellationToken)
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
