using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using AiStackDeployer.Core.Backup;
using AiStackDeployer.Core.Persistence.Sqlite;
using AiStackDeployer.Tests.Deployments;

namespace AiStackDeployer.Tests.Backup;

/// <summary>What somebody else made, or changed, is refused before any of it reaches the data folder.</summary>
public sealed class ForeignArchiveTests : IDisposable
{
    private const long Pebibyte = 1L << 50;

    private readonly BackupWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task A_file_that_version_0_1_0_encrypted_is_refused_with_the_version_that_opens_it()
    {
        await File.WriteAllBytesAsync(_world.BackupFile, [.. "ASDBKUP1"u8, .. new byte[200]], BackupWorld.Token);

        Assert.Contains("only that version opens it: restore it with 0.1.0", Refusal(BackupFault.BadFile), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_age_encrypted_is_refused_with_what_to_do()
    {
        await File.WriteAllTextAsync(_world.BackupFile, "age-encryption.org/v1\n-> X25519", BackupWorld.Token);

        Assert.Contains("encrypted with age", Refusal(BackupFault.BadFile), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gzipped_tar_of_something_else_is_not_a_backup()
    {
        var other = await _world.NewPortalAsync("jan");
        await using (var zip = new GZipStream(File.Create(_world.BackupFile), CompressionLevel.Fastest))
        {
            await TarFile.CreateFromDirectoryAsync(other.Keys, zip, includeBaseDirectory: false, BackupWorld.Token);
        }

        Assert.Equal("The file is not a backup of this program.", Refusal(BackupFault.BadFile));
    }

    [Theory]
    [InlineData("../portal.db")]
    [InlineData("keys/../../evil.xml")]
    [InlineData("/etc/evil.xml")]
    [InlineData("engine.db")]
    [InlineData("keys/evil.xml\n")]
    public async Task An_entry_that_leads_elsewhere_is_refused(string name)
    {
        await WriteAsync(Manifest(new BackupEntry(name, 4, SumOf("evil"))), "evil");

        Assert.Contains("names a file that no backup holds", Refusal(BackupFault.BadFile), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TarEntryType.SymbolicLink)]
    [InlineData(TarEntryType.HardLink)]
    [InlineData(TarEntryType.Directory)]
    public async Task A_link_or_a_folder_under_the_name_of_a_file_is_refused(TarEntryType type)
    {
        var entry = new PaxTarEntry(type, "portal.db");
        if (type is not TarEntryType.Directory)
        {
            entry.LinkName = "/etc/passwd";
        }
        await File.WriteAllBytesAsync(_world.BackupFile, Zipped(Tar(Manifest(new BackupEntry("portal.db", 0, SumOf(""))), entry)), BackupWorld.Token);

        Assert.Contains("portal.db is not the file that its manifest names", Refusal(BackupFault.BadFile), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_entry_larger_than_the_disk_is_refused_before_it_is_written()
    {
        var tar = Tar(Manifest(new BackupEntry("portal.db", Pebibyte, SumOf(""))), new UstarTarEntry(TarEntryType.RegularFile, "portal.db"));
        Announce(tar.AsSpan(tar.AsSpan().LastIndexOf("portal.db\0"u8), 512), Pebibyte);
        await File.WriteAllBytesAsync(_world.BackupFile, Zipped(tar), BackupWorld.Token);

        Assert.StartsWith("There is no room for portal.db, 1073741824 MB", Refusal(BackupFault.DiskFull), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("other", 4, true, "portal.db does not match its checksum")]
    [InlineData("evil", 5, true, "portal.db is not the file that its manifest names")]
    [InlineData("evil", 4, false, "portal.db is missing")]
    public async Task An_entry_that_is_not_the_manifests_is_refused(string summed, int size, bool there, string told)
    {
        var manifest = Manifest(new BackupEntry("portal.db", size, SumOf(summed)));
        TarEntry[] entries = there ? [new PaxTarEntry(TarEntryType.RegularFile, "portal.db") { DataStream = new MemoryStream("evil"u8.ToArray()) }] : [];
        await File.WriteAllBytesAsync(_world.BackupFile, Zipped(Tar(manifest, entries)), BackupWorld.Token);

        Assert.Contains(told, Refusal(BackupFault.BadFile), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_backup_of_a_newer_format_is_named_as_such()
    {
        await WriteAsync(Manifest() with { Format = BackupManifest.CurrentFormat + 1 });

        Assert.Contains("A newer version", Refusal(BackupFault.TooNew), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_database_is_refused_although_its_checksum_is_right()
    {
        var folder = await _world.NewPortalAsync("jan");
        DataBackupTests.Damage(folder.Database);
        using var tar = new MemoryStream();
        BackupArchive.Write(tar, Manifest(BackupArchive.Describe("portal.db", folder.Database)), _ => File.OpenRead(folder.Database), BackupWorld.Token);
        await File.WriteAllBytesAsync(_world.BackupFile, tar.ToArray(), BackupWorld.Token);

        Assert.Contains("SQLite's own check", Refusal(BackupFault.BadFile), StringComparison.Ordinal);
    }

    /// <summary>The sentence; of the archive nothing is left on the machine.</summary>
    private string Refusal(BackupFault fault)
    {
        var machine = _world.NewFolder();
        var refused = Assert.Throws<BackupException>(() => _world.Restore(machine));
        Assert.Equal(fault, refused.Fault);
        Assert.Equal(["portal.lock"], BackupWorld.Files(machine.Path).Keys);
        return refused.Message;
    }

    private static BackupManifest Manifest(params BackupEntry[] entries) => new()
    {
        Format = BackupManifest.CurrentFormat, Program = "1.2.3", Schema = DatabaseSchema.Known()[^1], CreatedAt = Some.Start, Entries = entries,
    };

    private static string SumOf(string text) => Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)));

    private async Task WriteAsync(BackupManifest manifest, string content = "")
    {
        using var tar = new MemoryStream();
        BackupArchive.Write(tar, manifest, _ => new MemoryStream(System.Text.Encoding.UTF8.GetBytes(content)), BackupWorld.Token);
        await File.WriteAllBytesAsync(_world.BackupFile, tar.ToArray(), BackupWorld.Token);
    }

    private static byte[] Tar(BackupManifest manifest, params TarEntry[] entries)
    {
        using var archive = new MemoryStream();
        using (var tar = new TarWriter(archive, leaveOpen: true))
        {
            using var text = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(manifest, BackupJsonContext.Default.BackupManifest));
            foreach (var entry in entries.Prepend(new UstarTarEntry(TarEntryType.RegularFile, "manifest.json") { DataStream = text }))
            {
                tar.WriteEntry(entry);
            }
        }
        return archive.ToArray();
    }

    private static byte[] Zipped(byte[] content)
    {
        using var zipped = new MemoryStream();
        using (var zip = new GZipStream(zipped, CompressionLevel.Fastest))
        {
            zip.Write(content);
        }
        return zipped.ToArray();
    }

    /// <summary>The size of an entry in its header, in base 256 as GNU's tar writes what octal has no room for, and the header's sum.</summary>
    private static void Announce(Span<byte> header, long size)
    {
        var field = header.Slice(124, 12);
        field.Clear();
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(field[4..], size);
        field[0] = 0x80;
        header.Slice(148, 8).Fill((byte)' ');
        var sum = 0;
        foreach (var value in header)
        {
            sum += value;
        }
        System.Text.Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ").CopyTo(header.Slice(148, 8));
    }
}
