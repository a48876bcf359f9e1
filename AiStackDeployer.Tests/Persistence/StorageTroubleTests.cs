using System.Data.Common;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Persistence;
using AiStackDeployer.Core.Persistence.Sqlite;
using AiStackDeployer.Tests.Deployments;
using AiStackDeployer.Tests.TestKit;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Time.Testing;

namespace AiStackDeployer.Tests.Persistence;

/// <summary>A locked or full database, and the file's own settings that make a killed process harmless.</summary>
public sealed class StorageTroubleTests
{
    private const string Id = "dep_usr_1_req_1";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task While_another_process_has_the_lock_writes_are_refused_in_time_and_reads_go_on()
    {
        using var database = await TestDatabase.CreateAsync();
        var store = database.OpenStore(lockTimeout: TimeSpan.FromSeconds(1));
        await store.BeginAsync(Some.Claim(), Token);
        using (var other = database.Connect())
        using (var locked = other.BeginTransaction())
        {
            await Assert.ThrowsAsync<StorageUnavailableException>(() => store.BeginAsync(Some.Claim("piet", request: "req_2"), Token));
            await Assert.ThrowsAsync<StorageUnavailableException>(() => store.ChangeAsync(Id, d => d.BeginRun(Some.Start), Token));
            Assert.Equal(DeploymentPhase.Queued, (await store.FindAsync(Id, Token))!.Phase);
        }

        Assert.Equal(1, await store.ChangeAsync(Id, d => d.BeginRun(Some.Start), Token));
        Assert.Equal(1, database.Count("stacks"));
    }

    [Fact]
    public async Task On_a_full_disk_writes_are_refused_whole_and_succeed_again_when_there_is_room()
    {
        using var database = await TestDatabase.CreateAsync();
        var disk = new Disk();
        using var meters = new TestMeters();
        var store = TestDatabase.StoreOn(database.Open(more: disk), meters: meters);
        await store.BeginAsync(Some.Claim(), Token);
        await store.ChangeAsync(Id, d => d.BeginRun(Some.Start), Token);
        var before = Fingerprint.Of((await store.FindAsync(Id, Token))!);
        var tooMuch = new string('x', 200_000);
        disk.IsFull = true;

        var refused = await Assert.ThrowsAsync<StorageUnavailableException>(() => store.ChangeAsync(Id, Note, Token));
        Assert.Contains("full", refused.Message, StringComparison.Ordinal);
        var big = Some.Claim("piet", request: "req_2");
        big.Claim!.NewStack.Image = tooMuch;
        await Assert.ThrowsAsync<StorageUnavailableException>(() => store.BeginAsync(big, Token));
        Assert.Equal(before, Fingerprint.Of((await store.FindAsync(Id, Token))!));
        Assert.Equal((1, 1, 2), (database.Count("stacks"), database.Count("deployments"), database.Count("deployment_events")));

        Assert.Equal(2, meters.Sum("aistack.storage.failures", "cause=full"));

        disk.IsFull = false;
        await store.ChangeAsync(Id, Note, Token);
        Assert.Equal(3, database.Count("deployment_events"));

        Deployment Note(Deployment d)
        {
            d.CountDeployAttempt(1);
            d.Note(1, LogCode.Raw, tooMuch, Some.Start);
            return d;
        }
    }

    [Fact]
    public async Task A_database_that_is_not_there_is_told_as_such()
    {
        using var database = TestDatabase.Empty();
        Directory.CreateDirectory(database.File);

        await Assert.ThrowsAsync<StorageUnavailableException>(() => database.OpenStore().FindAsync(Id, Token));
    }

    [Fact]
    public async Task Every_connection_has_its_settings_also_one_that_comes_from_the_pool()
    {
        using var database = await TestDatabase.CreateAsync();
        var contexts = database.Open(TimeSpan.FromSeconds(3));
        for (var round = 0; round < 2; round++)
        {
            await using var one = await contexts.CreateDbContextAsync(Token);
            await using var other = await contexts.CreateDbContextAsync(Token);
            foreach (var db in new[] { one, other })
            {
                await db.Database.OpenConnectionAsync(Token);
                Assert.Equal("wal", await PragmaAsync<string>(db, "journal_mode"));
                Assert.Equal(1, await PragmaAsync<long>(db, "synchronous"));
                Assert.Equal(3000, await PragmaAsync<long>(db, "busy_timeout"));
                Assert.Equal(1, await PragmaAsync<long>(db, "foreign_keys"));
            }
        }
    }

    [Fact]
    public async Task No_migration_was_forgotten()
    {
        using var database = await TestDatabase.CreateAsync();
        await using var db = await database.Open().CreateDbContextAsync(Token);

        Assert.False(db.Database.HasPendingModelChanges());
        Assert.Empty(await db.Database.GetPendingMigrationsAsync(Token));
    }

    [Fact]
    public async Task The_lock_of_a_process_that_was_killed_while_migrating_is_broken_after_a_minute()
    {
        using var database = TestDatabase.Empty();
        var time = new FakeTimeProvider(Some.Start);
        database.Execute("""CREATE TABLE "__EFMigrationsLock" ("Id" INTEGER PRIMARY KEY, "Timestamp" TEXT NOT NULL)""");
        database.Execute("""INSERT INTO "__EFMigrationsLock" VALUES (1, '2026-03-04 05:06:07.1234567+00:00')""");
        await using var db = await database.Open().CreateDbContextAsync(Token);

        var upgrade = db.UpgradeAsync(time, Token);
        Assert.False(upgrade.IsCompleted);
        time.Advance(SqliteUpgrade.AbandonedAfter + TimeSpan.FromSeconds(1));
        await upgrade.WaitAsync(TimeSpan.FromMinutes(1), TimeProvider.System, Token);

        Assert.Equal(0, database.Count("deployments"));
        Assert.Equal(0, database.Count("\"__EFMigrationsLock\""));
    }

    [Fact]
    public async Task A_lock_left_behind_keeps_no_finished_database_from_starting()
    {
        using var database = await TestDatabase.CreateAsync();
        database.Execute("""INSERT INTO "__EFMigrationsLock" VALUES (1, '2026-03-04 05:06:07.1234567+00:00')""");
        await using var db = await database.Open().CreateDbContextAsync(Token);

        await db.UpgradeAsync(new FakeTimeProvider(Some.Start), Token);
    }

    private static async Task<T?> PragmaAsync<T>(PortalDbContext db, string name)
    {
        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.CommandText = $"PRAGMA {name}";
        return (T?)await command.ExecuteScalarAsync(Token);
    }

    /// <summary>A limit on the file's pages, which SQLite reports as a full disk. It belongs to the connection, so each gets it.</summary>
    private sealed class Disk : DbConnectionInterceptor
    {
        public bool IsFull { get; set; }

        public override Task ConnectionOpenedAsync(
            DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            using var command = connection.CreateCommand();
            // Less than there is means no more than there is.
            command.CommandText = $"PRAGMA max_page_count={(IsFull ? 1 : 1_000_000)}";
            command.ExecuteNonQuery();
            return Task.CompletedTask;
        }
    }
}
