using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Persistence;
using AiStackDeployer.Core.Persistence.Postgres;
using AiStackDeployer.Core.Persistence.Sqlite;
using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace AiStackDeployer.Core.Backup;

/// <summary>How much was copied.</summary>
public sealed record MoveResult(int Stacks, int Deployments, int Events, int Keys);

/// <summary>Copies a data folder into an empty PostgreSQL database: ids, history and keys. The folder stays as it is.</summary>
public static class DatabaseMove
{
    /// <summary>Rows at a time: one event is a few hundred bytes.</summary>
    private const int Batch = 1000;

    /// <exception cref="BackupException">Nothing was copied.</exception>
    public static async Task<MoveResult> RunAsync(DataFolder folder, PostgresOptions postgres, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!File.Exists(folder.Database))
        {
            throw new BackupException(BackupFault.NoData, $"There is no database in {folder.Path}.");
        }
        try
        {
            using var alone = DataFolderLock.Take(folder);
            return await StorageGuard.RunAsync(() => CopyAsync(folder, postgres, time, cancellationToken));
        }
        catch (DataFolderInUseException e)
        {
            throw new BackupException(BackupFault.InUse, e.Message, e);
        }
        catch (DatabaseTooNewException e)
        {
            throw new BackupException(BackupFault.TooNew, e.Message, e);
        }
        catch (StorageUnavailableException e)
        {
            throw new BackupException(BackupFault.Storage, e.Message, e);
        }
    }

    private static async Task<MoveResult> CopyAsync(
        DataFolder folder, PostgresOptions postgres, TimeProvider time, CancellationToken cancellationToken)
    {
        await using var from = SqlitePortalDbContext.Open(folder.Database);
        await from.UpgradeAsync(time, cancellationToken);
        await using var to = PostgresPortalDbContext.Open(postgres.ConnectionString);
        await to.UpgradeAsync(time, cancellationToken);
        if (await to.Stacks.AnyAsync(cancellationToken) || await to.DataProtectionKeys.AnyAsync(cancellationToken))
        {
            throw new BackupException(BackupFault.Exists, $"The database {postgres} is not empty: a portal has worked on it already. Name a new one.");
        }
        await using var transaction = await to.Database.BeginTransactionAsync(cancellationToken);
        var result = new MoveResult(
            await CopyAsync(from.Stacks.OrderBy(s => s.Id), to, cancellationToken),
            await CopyAsync(from.Deployments.OrderBy(d => d.Id), to, cancellationToken),
            await CopyAsync(from.DeploymentEvents.OrderBy(e => e.DeploymentId).ThenBy(e => e.Sequence), to, cancellationToken),
            await CopyKeysAsync(folder, to, cancellationToken));
        await CopyAsync(from.DeploymentSteps.OrderBy(s => s.DeploymentId).ThenBy(s => s.Index), to, cancellationToken);
        await CopyAsync(from.NameHolds.OrderBy(h => h.HolderId), to, cancellationToken);
        // Not the sessions: the people sign in again. Nor what assistants were allowed, which they ask for again.
        await CopyAsync(from.People.OrderBy(p => p.Id), to, cancellationToken);
        await CopyAsync(from.AccessTokens.OrderBy(t => t.Id), to, cancellationToken);
        await CopyAsync(from.AuditEntries.OrderBy(e => e.Id), to, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return result;
    }

    private static async Task<int> CopyAsync<T>(IQueryable<T> rows, PortalDbContext to, CancellationToken cancellationToken) where T : class
    {
        var count = 0;
        await foreach (var page in rows.AsNoTracking().AsAsyncEnumerable().Chunk(Batch).WithCancellation(cancellationToken))
        {
            foreach (var row in page)
            {
                // The row alone: what it points to is copied by itself.
                to.Entry(row).State = EntityState.Added;
            }
            await to.SaveChangesAsync(cancellationToken);
            to.ChangeTracker.Clear();
            count += page.Length;
        }
        return count;
    }

    private static async Task<int> CopyKeysAsync(DataFolder folder, PortalDbContext to, CancellationToken cancellationToken)
    {
        string[] files = Directory.Exists(folder.Keys) ? Directory.GetFiles(folder.Keys, "*.xml") : [];
        foreach (var file in files.Order(StringComparer.Ordinal))
        {
            to.DataProtectionKeys.Add(new DataProtectionKey
            {
                FriendlyName = Path.GetFileNameWithoutExtension(file), Xml = await File.ReadAllTextAsync(file, cancellationToken),
            });
        }
        await to.SaveChangesAsync(cancellationToken);
        return files.Length;
    }
}
