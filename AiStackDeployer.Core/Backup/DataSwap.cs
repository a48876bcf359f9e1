using System.Globalization;
using AiStackDeployer.Core.Persistence;
using AiStackDeployer.Core.Persistence.Sqlite;
using Microsoft.Data.Sqlite;

namespace AiStackDeployer.Core.Backup;

/// <summary>
/// Puts the files of a checked backup in their places. One rename, of <c>portal.db</c>, decides: before it the old data is in
/// force, after it the restored. Each step leaves something a portal can start on, and a restore that is started again succeeds.
/// <list type="number">
/// <item>The old database is made one file again, without a write-ahead log, and copied aside.</item>
/// <item>The backup's keys join those that are there. None is taken away: the old ones open what was copied aside.</item>
/// <item>What SQLite would read as belonging to the new database goes, and the engine's jobs, which the sweep recreates.</item>
/// <item><c>portal.db</c> is replaced by a rename.</item>
/// <item>The emulator's world, which like a real Dokploy may be ahead of the database.</item>
/// </list>
/// </summary>
internal sealed class DataSwap(DataFolder folder, DateTimeOffset now)
{
    /// <summary>The old database's copy, when there was one.</summary>
    public string? KeptAside { get; private set; }

    public IEnumerable<Action> Steps()
    {
        if (File.Exists(folder.Database))
        {
            yield return MakeOneFile;
            yield return KeepDatabaseAside;
        }
        yield return () => PrivateFile.CreateFolder(folder.Keys);
        foreach (var key in Directory.GetFiles(Path.Combine(folder.Staging, "keys")))
        {
            // One that is there already is the same, that has been checked.
            yield return () => File.Move(key, Path.Combine(folder.Keys, Path.GetFileName(key)), overwrite: true);
        }
        foreach (var stale in DataFolder.Companions(folder.Engine).Prepend(folder.Engine).Concat(DataFolder.Companions(folder.Database)))
        {
            yield return () => File.Delete(stale);
        }
        yield return () => File.Move(Path.Combine(folder.Staging, BackupArchive.Database), folder.Database, overwrite: true);
        var world = Path.Combine(folder.Staging, BackupArchive.Emulator);
        if (File.Exists(world))
        {
            if (File.Exists(folder.Emulator))
            {
                yield return () => Copy(folder.Emulator, FreeName(folder.Emulator));
            }
            yield return () => File.Move(world, folder.Emulator, overwrite: true);
        }
    }

    /// <summary>SQLite does this only when nobody else has the database open, so it also finds a portal that holds no lock of ours.</summary>
    private void MakeOneFile()
    {
        try
        {
            using var connection = SqliteCopy.Open(folder.Database, SqliteOpenMode.ReadWrite);
            SqliteCopy.Execute(connection, "PRAGMA journal_mode=DELETE");
        }
        catch (SqliteException e) when (StorageGuard.IsBusy(e))
        {
            throw new BackupException(BackupFault.InUse, $"Another program has {folder.Database} open: stop it first.", e);
        }
        catch (SqliteException e) when (StorageGuard.IsDamage(e))
        {
            // Perhaps the reason for this restore. It is kept as it is, with its log.
        }
    }

    private void KeepDatabaseAside()
    {
        var aside = FreeName(folder.Database);
        foreach (var part in DataFolder.Companions(folder.Database).Where(File.Exists))
        {
            Copy(part, aside + part[folder.Database.Length..]);
        }
        // Last, so that its name stands for all of it.
        Copy(folder.Database, aside);
        KeptAside = aside;
    }

    private string FreeName(string file)
    {
        var name = $"{file}.before-restore-{now.UtcDateTime.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture)}";
        var free = name;
        for (var number = 2; File.Exists(free); number++)
        {
            free = $"{name}-{number.ToString(CultureInfo.InvariantCulture)}";
        }
        return free;
    }

    /// <summary>On the disk and whole before it has its name; nothing is left of one for which there is no room.</summary>
    private static void Copy(string file, string target)
    {
        var partial = target + ".partial";
        try
        {
            using (var from = File.OpenRead(file))
            using (var to = PrivateFile.Open(partial, FileMode.Create))
            {
                from.CopyTo(to);
                to.Flush(flushToDisk: true);
            }
            File.Move(partial, target, overwrite: true);
        }
        catch
        {
            File.Delete(partial);
            throw;
        }
    }
}
