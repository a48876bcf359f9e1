using AiStackDeployer.Core.Persistence;
using AiStackDeployer.Core.Persistence.Sqlite;

namespace AiStackDeployer.Core.Backup;

/// <summary>What was put in place, and where what lay there before is kept; null when nothing did.</summary>
public sealed record RestoreResult(BackupManifest Manifest, string? KeptAside);

/// <summary>Puts a backup in the place of what is in <c>DATA_DIR</c>.</summary>
/// <param name="known">The migrations of this program.</param>
public sealed class DataRestore(DataFolder folder, TimeProvider time, IReadOnlyList<string> known)
{
    /// <summary>
    /// Checks all of the backup before it touches anything, then swaps it in; see <see cref="DataSwap"/> for what a crash leaves.
    /// </summary>
    /// <param name="overwrite">Whether data that is there may be replaced. It is kept aside in any case.</param>
    /// <exception cref="BackupException">Nothing was restored; the data is as it was, or can be used as it is.</exception>
    public RestoreResult Run(string file, bool overwrite, CancellationToken cancellationToken)
    {
        using var backup = Open(file);
        return Run(backup, overwrite, cancellationToken);
    }

    /// <param name="backup">A file's content, or a pipe.</param>
    /// <inheritdoc cref="Run(string, bool, CancellationToken)"/>
    public RestoreResult Run(Stream backup, bool overwrite, CancellationToken cancellationToken) =>
        BackupTrouble.Guard(folder.Path, () => Run(backup, overwrite, int.MaxValue, cancellationToken));

    /// <param name="steps">How many steps of the swap are taken: fewer than all is what a crash leaves.</param>
    internal RestoreResult Run(Stream backup, bool overwrite, int steps, CancellationToken cancellationToken)
    {
        PrivateFile.CreateFolder(folder.Path);
        using var alone = DataFolderLock.Take(folder);
        if (File.Exists(folder.Database) && !overwrite)
        {
            throw new BackupException(
                BackupFault.Exists, $"There is a database in {folder.Path} already. With --force it is kept aside and the backup takes its place.");
        }
        try
        {
            var manifest = Stage(backup, cancellationToken);
            Check(manifest);
            // Else who was signed out since the backup, or a token that was stolen and revoked, would be in again with it.
            SqliteAccess.End(Staged(BackupArchive.Database), time.GetUtcNow());
            cancellationToken.ThrowIfCancellationRequested();
            var swap = new DataSwap(folder, time.GetUtcNow());
            // From here on it goes through to its end: a half-way stop is for a crash, not for Ctrl+C.
            foreach (var step in swap.Steps().Take(steps))
            {
                step();
            }
            return new RestoreResult(manifest, swap.KeptAside);
        }
        finally
        {
            Discard();
        }
    }

    private static FileStream Open(string file)
    {
        try
        {
            return new FileStream(Path.GetFullPath(file), FileMode.Open, FileAccess.Read, FileShare.Read);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BackupException(
                e is UnauthorizedAccessException ? BackupFault.NotPermitted : BackupFault.BadFile, $"The backup cannot be read: {e.Message}", e);
        }
    }

    private BackupManifest Stage(Stream backup, CancellationToken cancellationToken)
    {
        Discard();
        PrivateFile.CreateFolder(folder.Staging);
        PrivateFile.CreateFolder(Staged("keys"));
        if (backup.CanSeek)
        {
            return BackupArchive.Read(backup, Keep, cancellationToken);
        }
        // Read a pipe to its end first, or the process writing to it would see it break.
        using var whole = PrivateFile.Open(Staged("archive"), FileMode.CreateNew);
        backup.CopyTo(whole);
        whole.Position = 0;
        return BackupArchive.Read(whole, Keep, cancellationToken);
    }

    private FileStream Keep(BackupEntry entry)
    {
        if (new DriveInfo(folder.Path).AvailableFreeSpace < entry.Size)
        {
            throw new BackupException(BackupFault.DiskFull, $"There is no room for {entry.Name}, {entry.Size >> 20} MB, in {folder.Path}.");
        }
        return PrivateFile.Open(Staged(entry.Name), FileMode.CreateNew);
    }

    private void Check(BackupManifest manifest)
    {
        var database = Staged(BackupArchive.Database);
        try
        {
            SqliteCopy.Check(database);
        }
        catch (DatabaseDamagedException e)
        {
            throw new BackupException(BackupFault.BadFile, "The database in the backup does not pass SQLite's own check.", e);
        }
        var applied = DatabaseSchema.Of(database);
        if (DatabaseTooNewException.Unknown(applied, known) is { Count: > 0 })
        {
            throw new BackupException(
                BackupFault.TooNew,
                $"The backup is of a newer version of this program ({manifest.Program}): its database has {applied[^1]}, and this version knows up to "
                + $"{known[^1]}. Restore it with that version.");
        }
        foreach (var key in Directory.EnumerateFiles(Staged("keys")))
        {
            var present = Path.Combine(folder.Keys, Path.GetFileName(key));
            if (File.Exists(present) && !File.ReadAllBytes(present).AsSpan().SequenceEqual(File.ReadAllBytes(key)))
            {
                // A key is written once. To replace it could close what it opens now.
                throw new BackupException(
                    BackupFault.Exists, $"{present} is not the key of this name in the backup. Move it out of the folder if it is damaged, then restore again.");
            }
        }
    }

    private void Discard()
    {
        if (Directory.Exists(folder.Staging))
        {
            Directory.Delete(folder.Staging, recursive: true);
        }
    }

    private string Staged(string name) => Path.Combine(folder.Staging, name);
}
