using AiStackDeployer.Tests.TestKit;
using System.Formats.Tar;
using System.IO.Compression;
using AiStackDeployer.Core.Backup;
using AiStackDeployer.Core.Persistence;
using AiStackDeployer.Core.Persistence.Sqlite;
using AiStackDeployer.Tests.Deployments;

namespace AiStackDeployer.Tests.Backup;

public sealed class DataBackupTests : IDisposable
{
    private readonly BackupWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task It_holds_the_database_the_keys_and_the_emulators_world_and_nothing_else()
    {
        var folder = await _world.NewPortalAsync("jan");
        await File.WriteAllTextAsync(folder.Emulator, "{}", BackupWorld.Token);
        await File.WriteAllTextAsync(folder.Engine, "jobs", BackupWorld.Token);
        await File.WriteAllTextAsync(Path.Combine(folder.Keys, "half-written.tmp"), "", BackupWorld.Token);

        var result = _world.Backup(folder);

        var key = Path.GetFileName(Assert.Single(Directory.GetFiles(folder.Keys, "*.xml")));
        Assert.Equal(["manifest.json", "portal.db", $"keys/{key}", "emulator.json"], EntriesOf(_world.BackupFile));
        Assert.Equal(["portal.db", $"keys/{key}", "emulator.json"], result.Manifest.Entries.Select(e => e.Name));
        Assert.Equal(
            (1, "1.2.3", DatabaseSchema.Known()[^1], Some.Start),
            (result.Manifest.Format, result.Manifest.Program, result.Manifest.Schema, result.Manifest.CreatedAt));
        Assert.Equal(new FileInfo(_world.BackupFile).Length, result.Bytes);
        Assert.Equal(["portal.tar.gz"], _world.BackupFiles());
    }

    [Fact]
    public async Task Only_its_owner_may_read_it()
    {
        var folder = await _world.NewPortalAsync("jan");

        _world.Backup(folder);

        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(_world.BackupFile) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Fact]
    public async Task While_a_writer_is_in_the_middle_it_holds_what_was_committed_also_what_is_only_in_the_write_ahead_log()
    {
        var folder = await _world.NewPortalAsync("jan");
        await BackupWorld.Store(folder).BeginAsync(Some.Claim("committed", request: "req_2"), BackupWorld.Token);
        Assert.NotEqual(0, new FileInfo(folder.Database + "-wal").Length);
        using (var writer = SqliteCopy.Open(folder.Database, Microsoft.Data.Sqlite.SqliteOpenMode.ReadWrite))
        {
            SqliteCopy.Execute(writer, "BEGIN IMMEDIATE");
            SqliteCopy.Execute(writer, "UPDATE stacks SET name = name || '-mid'");
            _world.Backup(folder);
            SqliteCopy.Execute(writer, "COMMIT");
        }

        Assert.Equal(["committed", "jan"], await NamesInBackupAsync());
        _world.Backup(folder, overwrite: true);
        Assert.Equal(["committed-mid", "jan-mid"], await NamesInBackupAsync());
    }

    [Fact]
    public async Task Taken_again_and_again_while_deployments_begin_each_is_of_one_moment()
    {
        var folder = await _world.NewPortalAsync("jan");
        var store = BackupWorld.Store(folder);
        using var enough = new CancellationTokenSource();
        using var written = new SemaphoreSlim(0);
        var writing = Task.Run(WriteAsync, BackupWorld.Token);

        var seen = 0L;
        for (var round = 0; round < 4; round++)
        {
            // Not before the writer has done more since the last one: what it told meanwhile is forgotten, and of what it tells from now
            // on the first may have been done before.
            while (await written.WaitAsync(TimeSpan.Zero, BackupWorld.Token))
            {
            }
            await written.WaitAsync(BackupWorld.Token);
            await written.WaitAsync(BackupWorld.Token);
            _world.Backup(folder, overwrite: true);
            var restored = _world.NewFolder();
            _world.Restore(restored);
            using var connection = SqliteCopy.Open(restored.Database, Microsoft.Data.Sqlite.SqliteOpenMode.ReadOnly);
            Assert.Equal(0L, Scalar(connection, "SELECT count(*) FROM deployments d WHERE last_sequence <> (SELECT count(*) FROM deployment_events e WHERE e.deployment_id = d.id)"));
            Assert.Equal(Scalar(connection, "SELECT count(*) FROM stacks"), Scalar(connection, "SELECT count(*) FROM deployments"));
            var now = Scalar(connection, "SELECT count(*) FROM stacks");
            Assert.True(now > seen, $"{now} after {seen}");
            seen = now;
        }
        await enough.CancelAsync();
        await writing;

        async Task WriteAsync()
        {
            for (var number = 0; !enough.IsCancellationRequested; number++)
            {
                var request = $"req_w{number}";
                await store.BeginAsync(Some.Claim($"stack-{number}", request: request), BackupWorld.Token);
                await store.ChangeAsync($"dep_usr_1_{request}", d => d.BeginRun(Some.Start), BackupWorld.Token);
                written.Release();
            }
        }
    }

    [Fact]
    public async Task A_file_that_is_there_is_not_replaced_unless_it_is_meant()
    {
        var folder = await _world.NewPortalAsync("jan");
        await File.WriteAllTextAsync(_world.BackupFile, "an older one", BackupWorld.Token);

        Assert.Equal(BackupFault.Exists, BackupWorld.FaultOf(() => _world.Backup(folder)));
        Assert.Equal("an older one", await File.ReadAllTextAsync(_world.BackupFile, BackupWorld.Token));

        _world.Backup(folder, overwrite: true);
        Assert.Equal("manifest.json", EntriesOf(_world.BackupFile)[0]);
    }

    [Fact]
    public async Task The_portals_own_files_are_never_the_target()
    {
        var folder = await _world.NewPortalAsync("jan");
        var before = BackupWorld.Files(folder.Path);
        var backup = new DataBackup(folder, _world.Time, "1.2.3");

        foreach (var own in new[] { folder.Database, folder.Database + "-wal", folder.Engine, folder.Emulator, Path.Combine(folder.Keys, "x"), folder.Path })
        {
            Assert.Equal(BackupFault.Exists, BackupWorld.FaultOf(() => backup.ToFile(own, overwrite: true, BackupWorld.Token)));
        }
        Assert.Equal(before, BackupWorld.Files(folder.Path));
        Assert.NotNull(backup.ToFile(Path.Combine(folder.Path, "mine.backup"), overwrite: false, BackupWorld.Token));
    }

    [Fact]
    public void Where_there_is_no_portal_there_is_nothing_to_back_up()
    {
        Assert.Equal(BackupFault.NoData, BackupWorld.FaultOf(() => _world.Backup(_world.NewFolder())));
        Assert.Empty(_world.BackupFiles());
    }

    [Fact]
    public void A_database_that_no_portal_has_ever_started_on_is_no_backup()
    {
        var folder = _world.NewFolder();
        File.WriteAllBytes(folder.Database, []);

        Assert.Equal(BackupFault.NoData, BackupWorld.FaultOf(() => _world.Backup(folder)));
        Assert.Empty(_world.BackupFiles());
    }

    [Fact]
    public async Task A_damaged_database_is_told_and_not_taken_for_a_backup()
    {
        var folder = await _world.NewPortalAsync("jan");
        Damage(folder.Database);

        Assert.Equal(BackupFault.Damaged, BackupWorld.FaultOf(() => _world.Backup(folder)));
        Assert.Empty(_world.BackupFiles());
    }

    [Fact]
    public async Task A_key_that_is_being_written_is_not_taken_half()
    {
        var folder = await _world.NewPortalAsync("jan");
        var key = Assert.Single(Directory.GetFiles(folder.Keys));
        var whole = await File.ReadAllTextAsync(key, BackupWorld.Token);
        await File.WriteAllTextAsync(key, whole[..100], BackupWorld.Token);

        var refused = Assert.Throws<BackupException>(() => _world.Backup(folder));

        Assert.Equal(BackupFault.Damaged, refused.Fault);
        Assert.Contains(key, refused.Message, StringComparison.Ordinal);
        Assert.Empty(_world.BackupFiles());
    }

    [Fact]
    public async Task Stopped_half_way_it_leaves_nothing()
    {
        var folder = await _world.NewPortalAsync("jan");
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();

        Assert.ThrowsAny<OperationCanceledException>(
            () => new DataBackup(folder, _world.Time, "1.2.3").ToFile(_world.BackupFile, overwrite: false, stop.Token));
        Assert.Empty(_world.BackupFiles());
    }

    [Fact]
    public async Task Into_a_pipe_on_a_full_disk_it_is_told_and_leaves_nothing()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "no such device here");
        var folder = await _world.NewPortalAsync("jan");
        var before = BackupWorld.Files(folder.Path).Keys.Order();
        await using var full = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);

        Assert.Equal(
            BackupFault.DiskFull, BackupWorld.FaultOf(() => new DataBackup(folder, _world.Time, "1.2.3").ToStream(full, BackupWorld.Token)));
        Assert.Equal(before, BackupWorld.Files(folder.Path).Keys.Order());
    }

    [Fact]
    public async Task A_copy_of_the_database_for_which_there_is_no_room_is_told_as_a_full_disk()
    {
        var folder = await _world.NewPortalAsync("jan");
        var copy = Path.Combine(folder.Path, "copy");

        var refused = Assert.Throws<Core.Deployments.StorageUnavailableException>(() => SqliteCopy.Take(folder.Database, copy, mostPages: 3));

        Assert.True(StorageGuard.IsFull(refused));
    }

    [Fact]
    public async Task A_busy_database_is_waited_for_as_long_by_the_driver_as_by_sqlite()
    {
        var folder = await _world.NewPortalAsync("jan");

        using var connection = SqliteCopy.Open(folder.Database, Microsoft.Data.Sqlite.SqliteOpenMode.ReadOnly);

        Assert.Equal((5, 5000L), (connection.DefaultTimeout, Scalar(connection, "PRAGMA busy_timeout")));
    }

    /// <summary>In the middle of a page that holds something.</summary>
    internal static void Damage(string database)
    {
        IdleConnections.Close(database);
        File.Delete(database + "-wal");
        using var file = new FileStream(database, FileMode.Open, FileAccess.ReadWrite);
        file.Position = 4096;
        file.Write(new byte[4096]);
    }

    private async Task<string[]> NamesInBackupAsync()
    {
        var restored = _world.NewFolder();
        _world.Restore(restored);
        var page = await BackupWorld.Store(restored).ListStacksAsync(new Core.Deployments.StackQuery { Take = 100 }, BackupWorld.Token);
        return [.. page.Rows.Select(r => r.Stack.Name.Value).Order()];
    }

    private static long Scalar(Microsoft.Data.Sqlite.SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }

    private static List<string> EntriesOf(string file)
    {
        using var zip = new GZipStream(File.OpenRead(file), CompressionMode.Decompress);
        using var tar = new TarReader(zip);
        var names = new List<string>();
        while (tar.GetNextEntry() is { } entry)
        {
            names.Add(entry.Name);
        }
        return names;
    }
}
