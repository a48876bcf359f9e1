using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace AiStackDeployer.Core.Backup;

/// <summary>
/// A backup as one stream: a gzipped tar with the manifest first, so that any <c>tar</c> opens one that is not encrypted; the
/// same inside <see cref="BackupCipher"/>'s envelope when it is.
/// </summary>
internal static partial class BackupArchive
{
    public const string Database = "portal.db";
    public const string Emulator = "emulator.json";
    public const string Keys = "keys/";

    private const string Manifest = "manifest.json";
    private const int LongestManifest = 1 << 20;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static BackupEntry Describe(string name, string file)
    {
        using var content = File.OpenRead(file);
        return new BackupEntry(name, content.Length, Convert.ToHexStringLower(SHA256.HashData(content)));
    }

    public static BackupEntry Describe(string name, byte[] content) =>
        new(name, content.Length, Convert.ToHexStringLower(SHA256.HashData(content)));

    /// <param name="open">An entry's content by its name.</param>
    public static void Write(Stream output, BackupManifest manifest, Func<string, Stream> open, Passphrase? passphrase, CancellationToken cancellationToken)
    {
        if (passphrase is null)
        {
            WriteTar(output, manifest, open, cancellationToken);
            return;
        }
        using var cipher = BackupCipher.New(passphrase);
        using var envelope = new SealingStream(output, cipher);
        WriteTar(envelope, manifest, open, cancellationToken);
        envelope.Complete();
    }

    /// <summary>Reads all of it and checks every sum, to the last byte.</summary>
    /// <param name="keep">Where an entry's content goes, by its name.</param>
    /// <exception cref="BackupException">It is no backup, not whole, or does not open with this passphrase.</exception>
    public static BackupManifest Read(Stream input, Passphrase? passphrase, Func<string, Stream> keep, CancellationToken cancellationToken)
    {
        try
        {
            var header = new byte[BackupCipher.HeaderSize];
            var length = input.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
            if (header.AsSpan().StartsWith(BackupCipher.Magic))
            {
                return ReadSealed(input, header[..length], passphrase, keep, cancellationToken);
            }
            if (!header.AsSpan().StartsWith((ReadOnlySpan<byte>)[0x1f, 0x8b]))
            {
                throw new BackupException(BackupFault.BadFile, "The file is not a backup of this program.");
            }
            if (passphrase is not null)
            {
                // Or somebody could put a file of his own in the place of one that only we can make.
                throw new BackupException(
                    BackupFault.Passphrase, "The file is not encrypted, but a passphrase is given. Leave the passphrase out if this is the file you mean.");
            }
            input.Position = 0;
            return ReadTar(input, keep, cancellationToken);
        }
        catch (CryptographicException e)
        {
            // One sentence for both: a tag does not tell which it is.
            throw new BackupException(BackupFault.BadFile, "The passphrase is wrong, or the file is damaged.", e);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or JsonException or FormatException)
        {
            throw new BackupException(BackupFault.BadFile, "The file is damaged: it is not what was written as a backup.", e);
        }
    }

    private static BackupManifest ReadSealed(
        Stream input, byte[] header, Passphrase? passphrase, Func<string, Stream> keep, CancellationToken cancellationToken)
    {
        if (passphrase is null)
        {
            throw new BackupException(BackupFault.Passphrase, "The file is encrypted: give its passphrase with --passphrase-file or BACKUP_PASSPHRASE.");
        }
        using var cipher = BackupCipher.Of(header, passphrase);
        using var envelope = new OpeningStream(input, cipher);
        var manifest = ReadTar(envelope, keep, cancellationToken);
        // What follows the archive has a tag too, and must be there to its end.
        envelope.CopyTo(Stream.Null);
        return manifest;
    }

    private static void WriteTar(Stream output, BackupManifest manifest, Func<string, Stream> open, CancellationToken cancellationToken)
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

    private static BackupManifest ReadTar(Stream input, Func<string, Stream> keep, CancellationToken cancellationToken)
    {
        using var zip = new GZipStream(input, CompressionMode.Decompress, leaveOpen: true);
        using var tar = new TarReader(zip);
        var manifest = ReadManifest(tar.GetNextEntry());
        var missing = new Dictionary<string, BackupEntry>();
        foreach (var entry in manifest.Entries)
        {
            if (!IsOurs(entry.Name) || !missing.TryAdd(entry.Name, entry))
            {
                throw new InvalidDataException("The manifest names what no backup holds.");
            }
        }
        if (!missing.ContainsKey(Database))
        {
            throw new InvalidDataException("There is no database in it.");
        }
        while (tar.GetNextEntry() is { } entry)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!missing.Remove(entry.Name, out var expected) || entry.DataStream is null || entry.Length != expected.Size)
            {
                throw new InvalidDataException("An entry is not the one the manifest names.");
            }
            using var target = keep(entry.Name);
            if (CopyAndHash(entry.DataStream, target) != expected.Sha256)
            {
                throw new InvalidDataException("An entry's sum is not the manifest's.");
            }
        }
        return missing.Count == 0 ? manifest : throw new InvalidDataException("An entry is missing.");
    }

    private static BackupManifest ReadManifest(TarEntry? entry)
    {
        if (entry is not { Name: Manifest, DataStream: { } content, Length: <= LongestManifest })
        {
            throw new InvalidDataException("It does not begin with a manifest.");
        }
        using var document = JsonDocument.Parse(content);
        // Before the rest: a newer format may look different.
        if (document.RootElement.GetProperty("format").GetInt32() > BackupManifest.CurrentFormat)
        {
            throw new BackupException(BackupFault.TooNew, "A newer version of this program made the backup. Restore it with that version.");
        }
        return document.Deserialize(BackupJsonContext.Default.BackupManifest) ?? throw new InvalidDataException("The manifest is empty.");
    }

    private static string CopyAndHash(Stream content, Stream target)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[81920];
        for (int read; (read = content.Read(buffer)) > 0;)
        {
            hash.AppendData(buffer, 0, read);
            target.Write(buffer, 0, read);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static bool IsOurs(string name) => name is Database or Emulator || KeyName().IsMatch(name);

    // Nothing that leads out of the folder.
    [GeneratedRegex(@"^keys/[A-Za-z0-9][A-Za-z0-9._-]{0,120}\.xml\z")]
    private static partial Regex KeyName();
}
