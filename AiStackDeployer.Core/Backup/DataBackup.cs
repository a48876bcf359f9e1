using System.Xml;
using System.Xml.Linq;
using AiStackDeployer.Core.Persistence;
using AiStackDeployer.Core.Persistence.Sqlite;

namespace AiStackDeployer.Core.Backup;

/// <summary>What a backup holds and how large it is.</summary>
public sealed record BackupResult(BackupManifest Manifest, long Bytes);

/// <summary>Makes backups of <c>DATA_DIR</c> while the portal runs.</summary>
/// <param name="program">This program's version.</param>
public sealed class DataBackup(DataFolder folder, TimeProvider time, string program)
{
    private const string Unfinished = ".partial";

    /// <summary>Written beside the file under another name, and renamed only when it has been read back to its last checksum.</summary>
    /// <param name="overwrite">Whether a file of this name may be replaced.</param>
    /// <exception cref="BackupException">No backup was made; no part of one is left.</exception>
    public BackupResult ToFile(string file, bool overwrite, CancellationToken cancellationToken)
    {
        file = Path.GetFullPath(file);
        return BackupTrouble.Guard(Path.GetDirectoryName(file) ?? file, () =>
        {
            RequireData();
            RequireTarget(file, overwrite);
            var partial = file + Unfinished;
            return Make(partial, _ => File.Move(partial, file, overwrite), cancellationToken);
        });
    }

    /// <summary>For a pipe: nothing is written to it before the backup is whole and has been read back.</summary>
    /// <exception cref="BackupException">What was written is not a backup.</exception>
    public BackupResult ToStream(Stream output, CancellationToken cancellationToken) =>
        BackupTrouble.Guard($"standard output, or {folder.Path}", () =>
        {
            RequireData();
            var partial = Path.Combine(folder.Path, "backup" + Unfinished);
            return Make(
                partial,
                archive =>
                {
                    archive.CopyTo(output);
                    output.Flush();
                    File.Delete(partial);
                },
                cancellationToken);
        });

    private BackupResult Make(string partial, Action<FileStream> handOver, CancellationToken cancellationToken)
    {
        // Also keeps a second backup to the same place out.
        using var archive = PrivateFile.Open(partial, FileMode.Create);
        try
        {
            var manifest = Write(archive, partial + "-db", cancellationToken);
            archive.Flush(flushToDisk: true);
            archive.Position = 0;
            BackupArchive.Read(archive, _ => Stream.Null, cancellationToken);
            archive.Position = 0;
            handOver(archive);
            return new BackupResult(manifest, archive.Length);
        }
        catch
        {
            File.Delete(partial);
            throw;
        }
    }

    private BackupManifest Write(Stream output, string database, CancellationToken cancellationToken)
    {
        // The database first. A key is written before anything is encrypted with it, so keys taken later open all that is in it;
        // the other way round a password made in between would be lost. The emulator's world is ahead of the database likewise,
        // as a real Dokploy is after every restore.
        try
        {
            SqliteCopy.Take(folder.Database, database);
            cancellationToken.ThrowIfCancellationRequested();
            var schema = DatabaseSchema.Of(database);
            if (schema.Count == 0)
            {
                throw new BackupException(BackupFault.NoData, $"{folder.Database} is empty: the portal has never run on it.");
            }
            var contents = new Dictionary<string, byte[]>();
            foreach (var key in KeyFiles())
            {
                contents.Add(BackupArchive.Keys + Path.GetFileName(key), ReadKey(key));
            }
            if (File.Exists(folder.Emulator))
            {
                contents.Add(BackupArchive.Emulator, File.ReadAllBytes(folder.Emulator));
            }
            var manifest = new BackupManifest
            {
                Format = BackupManifest.CurrentFormat,
                Program = program,
                Schema = schema[^1],
                CreatedAt = time.GetUtcNow(),
                Entries =
                [
                    BackupArchive.Describe(BackupArchive.Database, database),
                    .. contents.Select(c => BackupArchive.Describe(c.Key, c.Value)),
                ],
            };
            BackupArchive.Write(
                output, manifest, name => contents.TryGetValue(name, out var content) ? new MemoryStream(content) : File.OpenRead(database), cancellationToken);
            return manifest;
        }
        finally
        {
            foreach (var left in DataFolder.Companions(database).Prepend(database))
            {
                File.Delete(left);
            }
        }
    }

    private void RequireData()
    {
        if (!File.Exists(folder.Database))
        {
            throw new BackupException(BackupFault.NoData, $"There is no portal.db in {folder.Path}. DATA_DIR must name the portal's data folder.");
        }
    }

    private void RequireTarget(string file, bool overwrite)
    {
        if (folder.Owns(file) || Directory.Exists(file))
        {
            throw new BackupException(BackupFault.Exists, $"{file} is a folder, or a file of the portal's own: give the backup a name of its own.");
        }
        if (!Directory.Exists(Path.GetDirectoryName(file)))
        {
            throw new BackupException(BackupFault.NotPermitted, $"The folder {Path.GetDirectoryName(file)} does not exist.");
        }
        if (File.Exists(file) && !overwrite)
        {
            throw new BackupException(BackupFault.Exists, $"{file} exists already. Give another name, or --force to replace it.");
        }
    }

    /// <summary>The key ring moves a key into place, which is a copy when its temporary folder is on another disk.</summary>
    private static byte[] ReadKey(string file)
    {
        var content = File.ReadAllBytes(file);
        try
        {
            XDocument.Load(new MemoryStream(content));
            return content;
        }
        catch (XmlException e)
        {
            throw new BackupException(
                BackupFault.Damaged,
                $"The key {file} is not whole. If the portal has just begun to write it, try again; else bring it back from an older backup, or move it away.",
                e);
        }
    }

    private IEnumerable<string> KeyFiles() => Directory.Exists(folder.Keys) ? Directory.EnumerateFiles(folder.Keys, "*.xml").Order(StringComparer.Ordinal) : [];
}
