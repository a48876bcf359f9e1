using System.Runtime.CompilerServices;
using AiStackDeployer.Core.Connections;
using Microsoft.EntityFrameworkCore;

namespace AiStackDeployer.Core.Persistence.Sqlite;

/// <summary>Whether the portal's database can be read and written, and whether its disk has room. Leaves nothing behind.</summary>
/// <param name="file">Absolute.</param>
internal sealed class SqliteCheck(IDbContextFactory<PortalDbContext> contexts, string file, TimeProvider time) : IConnectionCheck
{
    /// <summary>As much as the write-ahead log may need for a moment: a rolled-back transaction never reaches the disk, this does.</summary>
    private const int ProbeBytes = 64 * 1024;

    /// <summary>Below this the disk counts as filling up.</summary>
    internal long LeastFreeBytes { get; init; } = 512L * 1024 * 1024;

    public IReadOnlyList<ConnectionTarget> Targets { get; } = [ConnectionTarget.Database];

    public async IAsyncEnumerable<ConnectionResult> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var cause = await CheckAsync(cancellationToken);
        var took = time.GetElapsedTime(started);
        var free = new DriveInfo(NearestFolder()).AvailableFreeSpace;
        yield return new ConnectionResult(
            ConnectionTarget.Database,
            cause.ToVerdict() == ConnectionVerdict.Good && free < LeastFreeBytes ? ConnectionCause.DatabaseDiskLow : cause)
        {
            Facts = new ConnectionFacts { FreeBytes = free },
            Latency = took,
        };
    }

    private async Task<ConnectionCause> CheckAsync(CancellationToken cancellationToken)
    {
        try
        {
            await WriteFileAsync(cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return StorageGuard.IsDiskFull(e) ? ConnectionCause.DatabaseDiskFull : ConnectionCause.DatabaseFolderUnusable;
        }
        // A look must not make the file it looks for.
        if (!File.Exists(file))
        {
            return ConnectionCause.DatabaseWouldBeMade;
        }
        try
        {
            // Before anything writes: what a newer program has made of it is not this one's to touch.
            if (DatabaseTooNewException.Unknown(DatabaseSchema.Of(file), DatabaseSchema.Known()).Count > 0)
            {
                return ConnectionCause.DatabaseTooNew;
            }
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            await DatabaseWrite.TryAsync(db, cancellationToken);
            var missing = (await db.Database.GetPendingMigrationsAsync(cancellationToken)).Any();
            return !missing ? ConnectionCause.DatabaseWritable
                : (await db.Database.GetAppliedMigrationsAsync(cancellationToken)).Any() ? ConnectionCause.DatabaseWouldBeUpgraded
                : ConnectionCause.DatabaseWouldBeMade;
        }
        catch (Exception e) when (StorageGuard.FailureOf(e) is { } failure)
        {
            return failure switch
            {
                StorageFailure.Locked => ConnectionCause.DatabaseLocked,
                StorageFailure.Full => ConnectionCause.DatabaseDiskFull,
                StorageFailure.Damaged => ConnectionCause.DatabaseDamaged,
                _ => ConnectionCause.DatabaseFolderUnusable,
            };
        }
    }

    /// <summary>Writes through to the disk, into a file that is gone when it is closed.</summary>
    private async Task WriteFileAsync(CancellationToken cancellationToken)
    {
        var probe = Path.Combine(NearestFolder(), $".{Path.GetFileName(file)}.{Path.GetRandomFileName()}");
        await using var stream = new FileStream(
            probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose | FileOptions.WriteThrough);
        await stream.WriteAsync(new byte[ProbeBytes], cancellationToken);
        stream.Flush(flushToDisk: true);
    }

    /// <summary>The data folder, or where it would be made; a file that stands in its place will then not take another one in it.</summary>
    private string NearestFolder()
    {
        var folder = Path.GetDirectoryName(file)!;
        while (!Directory.Exists(folder) && !File.Exists(folder) && Path.GetDirectoryName(folder) is { } parent)
        {
            folder = parent;
        }
        return folder;
    }
}
