using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace AiStackDeployer.Core.Backup;

/// <summary>A backup as one stream: a gzipped tar with the manifest first, which any <c>tar</c> opens.</summary>
internal static partial class BackupArchive
{
    public const string Database = "portal.db";
    public const string Emulator = "emulator.json";
    public const string Keys = "keys/";

    private const string Manifest = "manifest.json";
    private const int MaxManifestSize = 1 << 20;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    // How a file of version 0.1.0 begins that was made with a passphrase.
    private static ReadOnlySpan<byte> EncryptedByFirstVersion => "ASDBKUP1"u8;

    private static ReadOnlySpan<byte> Age => "age-encr"u8;

    private static ReadOnlySpan<byte> GZip => [0x1f, 0x8b];

    public static BackupEntry Describe(string name, string file)
    {
        using var content = File.OpenRead(file);
        return new BackupEntry(name, content.Length, Convert.ToHexStringLower(SHA256.HashData(content)));
    }

    public static BackupEntry Describe(string name, byte[] content) =>
        new(name, content.Length, Convert.ToHexStringLower(SHA256.HashData(content)));

    /// <param name="open">An entry's content by its name.</param>
    public static void Write(Stream output, BackupManifest manifest, Func<string, Stream> open, CancellationToken cancellationToken)
    {
        using var zip = new GZipStream(output, CompressionLevel.Optimal, leaveOpen: true);
        using var tar = new TarWriter(zip, TarEntryFormat.Pax);
        using (var text = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(manifest, BackupJsonContext.Default.BackupManifest)))
        {
            Add(Manifest, text);
        }
        foreach (var entry in manifest.Entries)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var content = open(entry.Name);
            Add(entry.Name, content);
        }

        void Add(string name, Stream content) => tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name)
        {
            DataStream = content, Mode = OwnerOnly, ModificationTime = manifest.CreatedAt,
        });
    }

    /// <summary>Reads all of it and checks every checksum.</summary>
    /// <param name="input">Seekable, at its beginning.</param>
    /// <param name="keep">Where an entry's content goes. Its name is one that a backup may hold.</param>
    /// <exception cref="BackupException">It is not a backup, or not whole.</exception>
    public static BackupManifest Read(Stream input, Func<BackupEntry, Stream> keep, CancellationToken cancellationToken)
    {
        try
        {
            Recognize(input);
            using var zip = new GZipStream(input, CompressionMode.Decompress, leaveOpen: true);
            using var tar = new TarReader(zip);
            var manifest = ReadManifest(tar.GetNextEntry());
            var missing = Expected(manifest);
            while (tar.GetNextEntry() is { } entry)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (!missing.Remove(entry.Name, out var expected))
                {
                    throw Damaged("it holds a file that its manifest does not name");
                }
                // Links and folders have no content, whatever their name says.
                if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile) || entry.Length != expected.Size)
                {
                    throw Damaged($"{expected.Name} is not the file that its manifest names");
                }
                using var target = keep(expected);
                if (CopyAndHash(entry.DataStream ?? Stream.Null, target, cancellationToken) != expected.Sha256)
                {
                    throw Damaged($"{expected.Name} does not match its checksum");
                }
            }
            return missing.Count == 0 ? manifest : throw Damaged($"{missing.Keys.First()} is missing");
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or FormatException)
        {
            throw Damaged("it cannot be read to its end", e);
        }
    }

    private static void Recognize(Stream input)
    {
        Span<byte> start = stackalloc byte[EncryptedByFirstVersion.Length];
        var length = input.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        if (start.SequenceEqual(EncryptedByFirstVersion))
        {
            throw new BackupException(
                BackupFault.BadFile, "This backup was encrypted by version 0.1.0 of this program, and only that version opens it: restore it with 0.1.0, then upgrade.");
        }
        if (start.SequenceEqual(Age))
        {
            throw new BackupException(BackupFault.BadFile, "The file is encrypted with age: decrypt it into `restore -`.");
        }
        if (!start[..length].StartsWith(GZip))
        {
            throw NotABackup();
        }
        input.Position = 0;
    }

    private static BackupManifest ReadManifest(TarEntry? entry)
    {
        if (entry is not { Name: Manifest, DataStream: { } content, Length: <= MaxManifestSize })
        {
            throw NotABackup();
        }
        try
        {
            using var document = JsonDocument.Parse(content);
            // Before the rest: a newer format may look different.
            if (document.RootElement.GetProperty("format").GetInt32() > BackupManifest.CurrentFormat)
            {
                throw new BackupException(BackupFault.TooNew, "A newer version of this program made the backup. Restore it with that version.");
            }
            return document.Deserialize(BackupJsonContext.Default.BackupManifest) ?? throw NotABackup();
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw NotABackup(e);
        }
    }

    private static Dictionary<string, BackupEntry> Expected(BackupManifest manifest)
    {
        var expected = new Dictionary<string, BackupEntry>();
        foreach (var entry in manifest.Entries)
        {
            if (!IsOurs(entry.Name) || !expected.TryAdd(entry.Name, entry))
            {
                throw Damaged("its manifest names a file that no backup holds");
            }
        }
        return expected.ContainsKey(Database) ? expected : throw Damaged("there is no database in it");
    }

    private static string CopyAndHash(Stream content, Stream target, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[81920];
        for (int read; (read = content.Read(buffer)) > 0;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            hash.AppendData(buffer, 0, read);
            target.Write(buffer, 0, read);
        }
        // It is renamed into its place later, and must not be empty there after a power cut.
        (target as FileStream)?.Flush(flushToDisk: true);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static BackupException NotABackup(Exception? inner = null) =>
        new(BackupFault.BadFile, "The file is not a backup of this program.", inner);

    private static BackupException Damaged(string what, Exception? inner = null) =>
        new(BackupFault.BadFile, $"The backup is damaged or was changed: {what}.", inner);

    private static bool IsOurs(string name) => name is Database or Emulator || KeyName().IsMatch(name);

    // Nothing that leads out of the folder.
    [GeneratedRegex(@"^keys/[A-Za-z0-9][A-Za-z0-9._-]{0,120}\.xml\z")]
    private static partial Regex KeyName();
}
