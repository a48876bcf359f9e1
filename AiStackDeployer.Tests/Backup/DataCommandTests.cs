using System.Formats.Tar;
using System.IO.Compression;
using AiStackDeployer.Core.Persistence;
using AiStackDeployer.Core.Persistence.Sqlite;
using AiStackDeployer.Tests.Settings;
using AiStackDeployer.Web.Composition;

namespace AiStackDeployer.Tests.Backup;

/// <summary>What <c>backup</c> and <c>restore</c> say, and the code they end with.</summary>
public sealed class DataCommandTests : IDisposable
{
    private const string Secret = "correct horse battery staple";

    private readonly BackupWorld _world = new();
    private readonly StringWriter _out = new();
    private readonly StringWriter _error = new();
    private readonly MemoryStream _output = new();
    private byte[] _input = [];

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task One_line_says_what_was_done()
    {
        var folder = await _world.NewPortalAsync("jan");

        Assert.Equal(0, await BackupAsync(folder, _world.BackupFile));

        Assert.Empty(_error.ToString());
        var line = _out.ToString().TrimEnd();
        Assert.StartsWith($"Backup of {folder.Path}: {_world.BackupFile}, ", line, StringComparison.Ordinal);
        Assert.Contains(" KB, not encrypted, database ", line, StringComparison.Ordinal);
        Assert.EndsWith($"(schema {DatabaseSchema.Known()[^1]}) and 1 key.", line, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', line);
    }

    [Fact]
    public async Task A_dash_writes_the_archive_and_nothing_else_and_restores_it()
    {
        var folder = await _world.NewPortalAsync("jan");

        Assert.Equal(0, await BackupAsync(folder, "-"));
        Assert.Empty(_out.ToString());
        Assert.StartsWith($"Backup of {folder.Path}: standard output, ", _error.ToString(), StringComparison.Ordinal);
        await using (var zip = new GZipStream(new MemoryStream(_output.ToArray()), CompressionMode.Decompress))
        await using (var tar = new TarReader(zip))
        {
            Assert.Equal("manifest.json", (await tar.GetNextEntryAsync(cancellationToken: BackupWorld.Token))!.Name);
        }

        _input = _output.ToArray();
        var machine = _world.NewFolder();
        Assert.Equal(0, await RestoreAsync(machine, "-"));
        Assert.Equal(["jan=jan"], await BackupWorld.StacksAsync(machine));
    }

    [Fact]
    public async Task A_pipe_that_ended_early_restores_nothing()
    {
        await BackupAsync(await _world.NewPortalAsync("jan"), "-");
        _input = _output.ToArray()[..^100];
        var machine = _world.NewFolder();

        Assert.Equal(4, await RestoreAsync(machine, "-"));
        Assert.Equal(["portal.lock"], BackupWorld.Files(machine.Path).Keys);
    }

    [Fact]
    public async Task Each_refusal_has_its_code_and_repeats_no_argument_that_may_be_a_secret()
    {
        var file = _world.BackupFile;
        Assert.Equal(3, await BackupAsync(_world.NewFolder(), file));
        var folder = await _world.NewPortalAsync("jan");

        Assert.Equal(2, await BackupAsync(folder));
        Assert.Equal(2, await BackupAsync(folder, file, Secret));
        Assert.Equal(2, await BackupAsync(folder, file, "--passphrase-file", Secret));
        Assert.Equal(0, await BackupAsync(folder, file));
        Assert.Equal(5, await BackupAsync(folder, file));
        Assert.Equal(0, await BackupAsync(folder, file, "--force"));
        _world.CloseConnections();
        Assert.Equal(2, await RestoreAsync(folder));
        Assert.Equal(5, await RestoreAsync(folder, file));
        Assert.Equal(4, await RestoreAsync(folder, file + "-none", "--force"));
        Assert.Equal(0, await RestoreAsync(folder, file, "--force"));
        using (DataFolderLock.Take(folder))
        {
            Assert.Equal(3, await RestoreAsync(folder, file, "--force"));
        }

        Assert.DoesNotContain(Secret, _error.ToString(), StringComparison.Ordinal);
    }

    /// <summary>A nightly job of version 0.1.0 has it; its backups must not turn into plain text unnoticed.</summary>
    [Fact]
    public async Task With_the_passphrase_of_version_0_1_0_set_no_plain_backup_is_made_but_a_plain_one_is_restored()
    {
        var folder = await _world.NewPortalAsync("jan");
        var console = ConsoleOn(folder, ("BACKUP_PASSPHRASE", Secret));

        Assert.Equal(2, await BackupCommand.RunAsync([_world.BackupFile], console));

        Assert.Contains("send `backup -` through age", _error.ToString(), StringComparison.Ordinal);
        Assert.Empty(_world.BackupFiles());
        await BackupAsync(folder, _world.BackupFile);
        _world.CloseConnections();
        Assert.Equal(0, await RestoreCommand.RunAsync([_world.BackupFile, "--force"], console));
    }

    [Fact]
    public async Task A_backup_without_the_keys_of_its_passwords_is_warned_of_when_it_is_restored()
    {
        var folder = await _world.NewPortalAsync("jan");
        Directory.Delete(folder.Keys, recursive: true);
        await BackupAsync(folder, _world.BackupFile);
        var machine = _world.NewFolder();

        Assert.Equal(0, await RestoreAsync(machine, _world.BackupFile));

        Assert.Contains("Warning: 1 of 1 stacks' passwords cannot be opened", _error.ToString(), StringComparison.Ordinal);
        Assert.Contains("the keys open 0 of 1 passwords", _out.ToString(), StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(machine.Keys));
    }

    private Task<int> BackupAsync(DataFolder folder, params string[] arguments) => BackupCommand.RunAsync(arguments, ConsoleOn(folder));

    private Task<int> RestoreAsync(DataFolder folder, params string[] arguments) => RestoreCommand.RunAsync(arguments, ConsoleOn(folder));

    private CommandConsole ConsoleOn(DataFolder folder, params (string Key, string? Value)[] settings) => new(
        () => SettingsBench.Configuration([("DATA_DIR", folder.Path), .. settings]), _out, _error, () => new Pipe(_input), () => _output);

    /// <summary>As standard input is: read once, from its beginning.</summary>
    private sealed class Pipe(byte[] content) : MemoryStream(content)
    {
        public override bool CanSeek => false;
    }
}
