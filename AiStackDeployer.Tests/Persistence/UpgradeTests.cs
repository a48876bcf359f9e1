using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Persistence;
using AiStackDeployer.Core.Persistence.Sqlite;
using AiStackDeployer.Tests.Deployments;
using AiStackDeployer.Tests.TestKit;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.Time.Testing;

namespace AiStackDeployer.Tests.Persistence;

/// <summary>What happens to a database that an older or a newer version of the program wrote.</summary>
public sealed class UpgradeTests : IDisposable
{
    private readonly TestDatabase _database = TestDatabase.Empty();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static IReadOnlyList<string> Known => DatabaseSchema.Known();

    public void Dispose() => _database.Dispose();

    [Fact]
    public async Task A_new_database_needs_no_copy()
    {
        await UpgradeAsync();

        Assert.Equal(Known, DatabaseSchema.Of(_database.File));
        Assert.Empty(Copies());
    }

    [Fact]
    public async Task A_database_of_the_version_before_is_copied_and_then_upgraded_with_all_that_is_in_it()
    {
        await LayOutFirstVersionAsync();

        await UpgradeToNextAsync();

        Assert.Equal([NextVersion.First, NextVersion.Second], DatabaseSchema.Of(_database.File));
        Assert.Equal([$"portal.db.before-{NextVersion.Second}"], Copies());
        var copy = SafetyCopy.NameOf(_database.File, NextVersion.Second);
        Assert.Equal([NextVersion.First], DatabaseSchema.Of(copy));
        Assert.Equal(["jan", "jan"], [NameIn(_database.File), NameIn(copy)]);

        await UpgradeToNextAsync();
        Assert.Equal([$"portal.db.before-{NextVersion.Second}"], Copies());
    }

    [Fact]
    public async Task Where_no_copy_can_be_made_the_upgrade_does_not_begin()
    {
        await LayOutFirstVersionAsync();
        // Nothing can be written under the copy's name.
        Directory.CreateDirectory(SafetyCopy.NameOf(_database.File, NextVersion.Second) + ".partial");

        var refused = await Assert.ThrowsAsync<StorageUnavailableException>(UpgradeToNextAsync);

        Assert.Contains("was not begun", refused.Message, StringComparison.Ordinal);
        Assert.Equal([NextVersion.First], DatabaseSchema.Of(_database.File));
        Assert.Equal("jan", NameIn(_database.File));
    }

    [Fact]
    public async Task A_database_of_a_newer_program_is_refused_says_which_and_nothing_is_written()
    {
        await UpgradeAsync();
        _database.Execute("INSERT INTO __EFMigrationsHistory VALUES ('29990101000000_Newer', '99.0.0')");
        // As after a restore: the very first connection of the portal would change the file.
        _database.Execute("PRAGMA journal_mode=DELETE");
        var before = await File.ReadAllBytesAsync(_database.File, Token);

        var refused = await Assert.ThrowsAsync<DatabaseTooNewException>(UpgradeAsync);

        Assert.Contains("29990101000000_Newer", refused.Message, StringComparison.Ordinal);
        Assert.Contains(Known[^1], refused.Message, StringComparison.Ordinal);
        Assert.Contains(_database.File, refused.Message, StringComparison.Ordinal);
        IdleConnections.Close(_database.File);
        Assert.Equal(before, await File.ReadAllBytesAsync(_database.File, Token));
        Assert.Equal(["portal.db"], Directory.EnumerateFiles(_database.Data.Path).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_newer_database_with_its_copy_from_before_the_upgrade_beside_it_is_told_where_that_is()
    {
        await UpgradeAsync();
        SafetyCopy.Make(_database.File, "29990101000000_Newer");
        _database.Execute("INSERT INTO __EFMigrationsHistory VALUES ('29990101000000_Newer', '99.0.0')");

        var refused = await Assert.ThrowsAsync<DatabaseTooNewException>(UpgradeAsync);

        Assert.Contains("portal.db.before-29990101000000_Newer", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>The first copy is of an upgrade that failed; then the old version worked on for weeks.</summary>
    [Theory]
    [InlineData("", ".again")]
    [InlineData(".again", "")]
    public async Task Of_two_copies_the_newer_one_is_the_one_to_go_back_to_and_the_other_is_called_older(string older, string newer)
    {
        await UpgradeAsync();
        SafetyCopy.Make(_database.File, "29990101000000_Newer");
        SafetyCopy.Make(_database.File, "29990101000000_Newer");
        var copy = SafetyCopy.NameOf(_database.File, "29990101000000_Newer");
        File.SetLastWriteTimeUtc(copy + older, Some.Start.UtcDateTime);
        File.SetLastWriteTimeUtc(copy + newer, Some.Start.UtcDateTime.AddDays(20));
        _database.Execute("INSERT INTO __EFMigrationsHistory VALUES ('29990101000000_Newer', '99.0.0')");

        var refused = await Assert.ThrowsAsync<DatabaseTooNewException>(UpgradeAsync);

        Assert.Contains(
            $"before the upgrade is {copy}{newer}, of {Some.Start.AddDays(20):yyyy-MM-dd HH:mm} UTC. Older, of an upgrade that was tried before: {copy}{older}, of {Some.Start:yyyy-MM-dd HH:mm} UTC. ",
            refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Callers_keys_that_an_older_program_kept_as_they_were_sent_are_forgotten_and_other_request_ids_stay()
    {
        await using (var db = await _database.Open().CreateDbContextAsync(Token))
        {
            await db.GetService<IMigrator>().MigrateAsync("20261124145923_RunSpan", Token);
        }
        _database.Execute(
            """
            INSERT INTO stacks (id, name, owner_id, created_at, url, image, user_name, protected_password, state, last_deployment_id, version)
            VALUES ('stk_1', 'jan', 'usr_1', 1, 'https://jan.ai.test', 'registry.test/stack:1', 'opencode', 'p:1', 'Ready', 'dep_1', 1)
            """);
        string[] kept = ["key:0b3c7a52", "retry:dep_1:0b3c7a52", "delete:stk_1:0b3c7a52", "req_form"];
        foreach (var (request, n) in kept.Select((request, n) => (request, n)))
        {
            _database.Execute(
                $"""
                INSERT INTO deployments (id, stack_id, name, owner_id, request_id, trace_id, created_at, phase, current_step, progress, run,
                    deploy_attempts, touched_dokploy, last_sequence, version)
                VALUES ('dep_{n}', 'stk_1', 'jan', 'usr_1', '{request}', 't', 1, 'Completed', 'ClaimName', 100, 1, 1, 1, 1, 1)
                """);
        }

        await UpgradeAsync();

        Assert.Equal(1, _database.Count("deployments WHERE id = 'dep_3' AND request_id = 'req_form'"));
        Assert.Equal(3, _database.Count("deployments WHERE request_id = 'old:' || id"));
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_told_as_damaged_and_left_alone()
    {
        await File.WriteAllTextAsync(_database.File, new string('x', 5000), Token);

        var refused = await Assert.ThrowsAsync<StorageUnavailableException>(UpgradeAsync);

        Assert.Contains("damaged", refused.Message, StringComparison.Ordinal);
        Assert.Equal(new string('x', 5000), await File.ReadAllTextAsync(_database.File, Token));
    }

    [Fact]
    public async Task The_copy_is_a_whole_database_with_what_is_only_in_the_log_yet()
    {
        using var database = await TestDatabase.CreateAsync();
        await database.OpenStore().BeginAsync(Some.Claim(), Token);

        SafetyCopy.Make(database.File, "20990101000000_Next");

        var copy = SafetyCopy.NameOf(database.File, "20990101000000_Next");
        var store = TestDatabase.StoreOn(TestDatabase.OpenFile(copy));
        Assert.NotNull(await store.FindAsync("dep_usr_1_req_1", Token));
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(copy) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Fact]
    public async Task The_copies_of_the_last_two_upgrades_stay_and_what_a_restore_kept_is_not_counted()
    {
        await UpgradeAsync();
        var restored = _database.File + ".before-restore-20260101-000000";
        await File.WriteAllTextAsync(restored, "", Token);

        SafetyCopy.Make(_database.File, "20990101000000_One");
        SafetyCopy.Make(_database.File, "20990102000000_Two");
        SafetyCopy.Make(_database.File, "20990103000000_Three");

        Assert.Equal(["portal.db.before-20990102000000_Two", "portal.db.before-20990103000000_Three"], Copies());
        Assert.True(File.Exists(restored));
    }

    [Fact]
    public async Task Tried_again_and_again_the_first_copy_stays()
    {
        await UpgradeAsync();
        SafetyCopy.Make(_database.File, "20990101000000_Next");
        var first = await File.ReadAllBytesAsync(SafetyCopy.NameOf(_database.File, "20990101000000_Next"), Token);
        _database.Execute("DROP TABLE name_holds");

        SafetyCopy.Make(_database.File, "20990101000000_Next");
        SafetyCopy.Make(_database.File, "20990101000000_Next");

        Assert.Equal(first, await File.ReadAllBytesAsync(SafetyCopy.NameOf(_database.File, "20990101000000_Next"), Token));
        Assert.Equal(["portal.db.before-20990101000000_Next", "portal.db.before-20990101000000_Next.again"], Copies());
    }

    [Fact]
    public async Task Without_room_for_the_copy_the_upgrade_does_not_begin_and_nothing_is_left()
    {
        await UpgradeAsync();

        var refused = Assert.Throws<StorageUnavailableException>(() => SafetyCopy.Make(_database.File, "20990101000000_Next", mostPages: 3));

        Assert.Contains("full", refused.Message, StringComparison.Ordinal);
        Assert.Contains("20990101000000_Next", refused.Message, StringComparison.Ordinal);
        Assert.Empty(Copies());
    }

    /// <summary>As the first version made it, and a stack written in that version's own columns.</summary>
    private async Task LayOutFirstVersionAsync()
    {
        await using (var db = NextVersion.Open(_database.File))
        {
            await db.GetService<IMigrator>().MigrateAsync(NextVersion.First, Token);
        }
        _database.Execute(
            """
            INSERT INTO stacks (id, name, owner_id, created_at, url, image, user_name, protected_password, state, last_deployment_id, version)
            VALUES ('stk_1', 'jan', 'usr_1', 1, 'https://jan.ai.test', 'registry.test/stack:1', 'opencode', 'p:1', 'Ready', 'dep_1', 1)
            """);
        IdleConnections.Close(_database.File);
    }

    private async Task UpgradeToNextAsync()
    {
        await using (var db = NextVersion.Open(_database.File))
        {
            await StorageGuard.RunAsync(() => db.UpgradeAsync(new FakeTimeProvider(Some.Start), Token));
        }
        IdleConnections.Close(_database.File);
    }

    private static string NameIn(string file)
    {
        using var connection = SqliteCopy.Open(file, SqliteOpenMode.ReadOnly);
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT name FROM stacks";
        return (string)command.ExecuteScalar()!;
    }

    private async Task UpgradeAsync()
    {
        await using (var db = await _database.Open().CreateDbContextAsync(Token))
        {
            await StorageGuard.RunAsync(() => db.UpgradeAsync(new FakeTimeProvider(Some.Start), Token));
        }
        IdleConnections.Close(_database.File);
    }

    private string[] Copies() => [.. Directory.EnumerateFiles(_database.Data.Path, "portal.db.before-2*").Select(Path.GetFileName).Order()!];
}
