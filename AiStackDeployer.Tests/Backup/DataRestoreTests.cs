using AiStackDeployer.Core.Backup;
using AiStackDeployer.Core.People;
using AiStackDeployer.Core.Persistence;
using AiStackDeployer.Core.Persistence.Sqlite;

namespace AiStackDeployer.Tests.Backup;

public sealed class DataRestoreTests : IDisposable
{
    private readonly BackupWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task On_a_new_machine_everything_is_there_again_and_the_keys_open_the_passwords()
    {
        _world.Backup(await _world.NewPortalAsync("jan"));
        var machine = _world.NewFolder();

        var result = _world.Restore(machine);

        Assert.Equal(["jan=jan"], await BackupWorld.StacksAsync(machine));
        Assert.Null(result.KeptAside);
        Assert.False(Directory.Exists(machine.Staging));
    }

    /// <summary>A session or token that was ended since the backup, because it was stolen, must not come back with it.</summary>
    [Fact]
    public async Task Nobody_is_signed_in_by_what_a_backup_holds_and_no_token_of_it_is_good()
    {
        var portal = await _world.NewPortalAsync("jan");
        var people = BackupWorld.People(portal);
        var now = _world.Time.GetUtcNow();
        await people.SignInAsync(
            new Person { Id = "usr_jan", Issuer = "issuer", Subject = "jan", Name = "Jan", Role = Role.User, Groups = "", FirstSeenAt = now, SignedInAt = now },
            new Session { Id = "ses_1", KeyHash = "key", PersonId = "usr_jan", Role = Role.User, CreatedAt = now, SeenAt = now, EndsAt = now + Session.Longest },
            BackupWorld.Token);
        await people.AddTokenAsync(
            new AccessToken { Id = "tok_1", PersonId = "usr_jan", Name = "ci", Hash = "hash", Scopes = Scopes.Read, CreatedAt = now, EndsAt = now.AddDays(90) },
            BackupWorld.Token);
        _world.CloseConnections();
        _world.Backup(portal);
        var machine = _world.NewFolder();

        _world.Restore(machine);

        var restored = BackupWorld.People(machine);
        Assert.NotNull(await people.FindSessionAsync("key", now, BackupWorld.Token));
        Assert.NotNull(await people.FindTokenAsync("hash", now, BackupWorld.Token));
        Assert.Null(await restored.FindSessionAsync("key", now, BackupWorld.Token));
        Assert.Null(await restored.FindTokenAsync("hash", now, BackupWorld.Token));
        Assert.NotNull(await restored.FindAsync("usr_jan", BackupWorld.Token));
    }

    [Fact]
    public async Task Over_other_data_it_needs_force_and_keeps_the_other_data_with_its_keys()
    {
        _world.Backup(await _world.NewPortalAsync("jan"));
        var folder = await _world.NewPortalAsync("piet");
        await File.WriteAllTextAsync(folder.Engine, "jobs", BackupWorld.Token);
        _world.CloseConnections();
        var before = BackupWorld.Files(folder.Path);

        Assert.Equal(BackupFault.Exists, BackupWorld.FaultOf(() => _world.Restore(folder)));
        AssertSame(before, folder);

        var result = _world.Restore(folder, overwrite: true);

        Assert.Equal(["jan=jan"], await BackupWorld.StacksAsync(folder));
        Assert.Equal(["piet=piet"], await BackupWorld.StacksAsync(folder, result.KeptAside));
        Assert.Equal(folder.Database + ".before-restore-20260304-050607", result.KeptAside);
        Assert.False(File.Exists(folder.Engine));
    }

    [Fact]
    public async Task Twice_in_one_second_both_are_kept()
    {
        _world.Backup(await _world.NewPortalAsync("jan"));
        var folder = await _world.NewPortalAsync("piet");

        _world.CloseConnections();
        var first = _world.Restore(folder, overwrite: true);
        var second = _world.Restore(folder, overwrite: true);

        Assert.Equal(["piet=piet"], await BackupWorld.StacksAsync(folder, first.KeptAside));
        Assert.Equal(["jan=jan"], await BackupWorld.StacksAsync(folder, second.KeptAside));
    }

    /// <summary>
    /// A process that is killed leaves what it had done by then. After each step a portal is started on the folder, and then the
    /// restore is begun anew.
    /// </summary>
    [Fact]
    public async Task Killed_after_any_step_the_folder_holds_the_old_data_or_the_new_whole_and_a_second_try_goes_through()
    {
        var source = await _world.NewPortalAsync("new");
        await File.WriteAllTextAsync(source.Emulator, "new world", BackupWorld.Token);
        _world.Backup(source);
        var found = new List<string>();
        for (var steps = 0; found.Count == 0 || found[^1] != "new=new in new world"; steps++)
        {
            Assert.True(steps < 40, string.Join(", ", found));
            var folder = await KilledPortalAsync("old");
            var restore = new DataRestore(folder, _world.Time, DatabaseSchema.Known());
            using (var backup = File.OpenRead(_world.BackupFile))
            {
                restore.Run(backup, overwrite: true, steps, BackupWorld.Token);
            }

            found.Add($"{Assert.Single(await BackupWorld.StacksAsync(folder))} in {await File.ReadAllTextAsync(folder.Emulator, BackupWorld.Token)}");

            _world.CloseConnections();
            _world.Restore(folder, overwrite: true);
            Assert.Equal(["new=new"], await BackupWorld.StacksAsync(folder));
            Assert.Equal("new world", await File.ReadAllTextAsync(folder.Emulator, BackupWorld.Token));
            _world.CloseConnections();
        }
        Assert.Equal(["old=old in old world", "new=new in old world", "new=new in new world"], found.Distinct());
        Assert.True(found.Count > 8, "one look after each step");
    }

    [Fact]
    public async Task While_a_portal_holds_the_folder_it_is_refused()
    {
        _world.Backup(await _world.NewPortalAsync("jan"));
        var folder = await _world.NewPortalAsync("piet");
        using var portal = DataFolderLock.Take(folder);

        Assert.Equal(BackupFault.InUse, BackupWorld.FaultOf(() => _world.Restore(folder, overwrite: true)));
        Assert.Equal(["piet=piet"], await BackupWorld.StacksAsync(folder));
    }

    [Fact]
    public async Task While_a_program_without_our_lock_has_the_database_open_it_is_refused()
    {
        _world.Backup(await _world.NewPortalAsync("jan"));
        var folder = await _world.NewPortalAsync("piet");
        _world.CloseConnections();
        using (var other = SqliteCopy.Open(folder.Database, Microsoft.Data.Sqlite.SqliteOpenMode.ReadWrite))
        {
            SqliteCopy.Execute(other, "SELECT count(*) FROM stacks");
            Assert.Equal(BackupFault.InUse, BackupWorld.FaultOf(() => _world.Restore(folder, overwrite: true)));
        }

        Assert.Equal(["piet=piet"], await BackupWorld.StacksAsync(folder));
    }

    [Fact]
    public async Task A_damaged_database_is_replaced_and_kept_as_it_is()
    {
        _world.Backup(await _world.NewPortalAsync("jan"));
        var folder = await _world.NewPortalAsync("piet");
        _world.CloseConnections();
        await File.WriteAllTextAsync(folder.Database, new string('x', 5000), BackupWorld.Token);
        await File.WriteAllTextAsync(folder.Database + "-wal", "what was its log", BackupWorld.Token);

        var result = _world.Restore(folder, overwrite: true);

        Assert.Equal(["jan=jan"], await BackupWorld.StacksAsync(folder));
        Assert.Equal(new string('x', 5000), await File.ReadAllTextAsync(result.KeptAside!, BackupWorld.Token));
    }

    [Fact]
    public async Task A_log_that_a_lost_database_left_behind_does_not_get_into_the_restored_one()
    {
        _world.Backup(await _world.NewPortalAsync("jan"));
        var folder = await KilledPortalAsync("piet");
        File.Delete(folder.Database);

        _world.Restore(folder);

        Assert.Equal(["jan=jan"], await BackupWorld.StacksAsync(folder));
    }

    [Fact]
    public async Task A_backup_of_a_newer_program_is_refused_and_says_which()
    {
        _world.Backup(await _world.NewPortalAsync("jan"));
        var folder = _world.NewFolder();

        var refused = Assert.Throws<BackupException>(() => _world.Restore(folder, known: ["20200101000000_Older"]));

        Assert.Equal(BackupFault.TooNew, refused.Fault);
        Assert.Contains(DatabaseSchema.Known()[^1], refused.Message, StringComparison.Ordinal);
        Assert.Contains("20200101000000_Older", refused.Message, StringComparison.Ordinal);
        Assert.Contains("1.2.3", refused.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.Database));
    }

    [Fact]
    public async Task A_key_that_differs_from_the_backups_is_not_written_over()
    {
        var folder = await _world.NewPortalAsync("jan");
        _world.Backup(folder);
        _world.CloseConnections();
        var key = Assert.Single(Directory.GetFiles(folder.Keys));
        await File.AppendAllTextAsync(key, " ", BackupWorld.Token);

        var refused = Assert.Throws<BackupException>(() => _world.Restore(folder, overwrite: true));

        Assert.Equal(BackupFault.Exists, refused.Fault);
        Assert.Contains(key, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_not_there_not_ours_or_not_whole_is_refused_and_nothing_is_touched()
    {
        var folder = await _world.NewPortalAsync("jan");
        _world.CloseConnections();
        Assert.Equal(BackupFault.BadFile, BackupWorld.FaultOf(() => _world.Restore(folder, overwrite: true)));

        _world.Backup(folder);
        _world.CloseConnections();
        var before = BackupWorld.Files(folder.Path);
        var whole = await File.ReadAllBytesAsync(_world.BackupFile, BackupWorld.Token);
        byte[][] bad = [[], "SQLite format 3"u8.ToArray(), new byte[10_000], .. new[] { 1, 2, 3, 5, 9 }.Select(tenth => whole[..(whole.Length * tenth / 10)])];
        foreach (var content in bad)
        {
            await File.WriteAllBytesAsync(_world.BackupFile, content, BackupWorld.Token);
            Assert.Equal(BackupFault.BadFile, BackupWorld.FaultOf(() => _world.Restore(folder, overwrite: true)));
        }
        AssertSame(before, folder);
    }

    /// <summary>What a portal leaves that was killed: the last writes are in the log alone, and the engine's file is there.</summary>
    private async Task<DataFolder> KilledPortalAsync(string stack)
    {
        var living = await _world.NewPortalAsync(stack);
        var killed = _world.NewFolder();
        foreach (var part in new[] { living.Database, living.Database + "-wal", living.Database + "-shm" })
        {
            File.Copy(part, Path.Combine(killed.Path, Path.GetFileName(part)));
        }
        Directory.CreateDirectory(killed.Keys);
        foreach (var key in Directory.GetFiles(living.Keys))
        {
            File.Copy(key, Path.Combine(killed.Keys, Path.GetFileName(key)));
        }
        await File.WriteAllTextAsync(killed.Engine, "jobs", BackupWorld.Token);
        await File.WriteAllTextAsync(killed.Emulator, $"{stack} world", BackupWorld.Token);
        _world.CloseConnections();
        return killed;
    }

    /// <summary>But for the lock, which stays and is empty.</summary>
    private void AssertSame(Dictionary<string, string> before, DataFolder folder)
    {
        _world.CloseConnections();
        var after = BackupWorld.Files(folder.Path);
        after.Remove("portal.lock");
        before.Remove("portal.lock");
        Assert.Equal(before, after);
    }
}
