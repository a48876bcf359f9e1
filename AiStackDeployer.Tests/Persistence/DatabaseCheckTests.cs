using AiStackDeployer.Core.Connections;
using AiStackDeployer.Core.Persistence;
using AiStackDeployer.Core.Persistence.Sqlite;
using AiStackDeployer.Tests.Connections;
using AiStackDeployer.Tests.TestKit;
using Microsoft.EntityFrameworkCore;

namespace AiStackDeployer.Tests.Persistence;

public sealed class DatabaseCheckTests
{
    [Fact]
    public async Task A_database_that_can_be_read_and_written_is_good_and_is_what_it_was()
    {
        using var database = await TestDatabase.CreateAsync();

        var result = await LookAsync(database);

        result.Is(ConnectionVerdict.Good, ConnectionCause.DatabaseWritable);
        Assert.NotNull(result.Latency);
        Assert.True(result.Facts.FreeBytes > 0);
        Assert.Equal(0, Tables(database, "connection_check"));
        Assert.Equal(["portal.db", "portal.db-shm", "portal.db-wal"], Files(database));
    }

    [Fact]
    public async Task Without_a_database_none_is_made()
    {
        using var database = TestDatabase.Empty();

        (await LookAsync(database)).Is(ConnectionVerdict.Good, ConnectionCause.DatabaseWouldBeMade);
        Assert.Empty(Files(database));
    }

    [Fact]
    public async Task Without_its_folder_none_is_made_either()
    {
        using var database = TestDatabase.Empty();
        var file = Path.Combine(Path.GetDirectoryName(database.File)!, "not", "yet", "portal.db");

        (await LookAsync(database, file: file)).Is(ConnectionVerdict.Good, ConnectionCause.DatabaseWouldBeMade);
        Assert.False(Directory.Exists(Path.GetDirectoryName(file)));
    }

    [Fact]
    public async Task A_database_of_an_earlier_version_is_good_and_would_be_brought_up_to_date()
    {
        using var database = await TestDatabase.CreateAsync();
        // As if the program had one migration more than the file.
        database.Execute("DELETE FROM __EFMigrationsHistory WHERE migration_id = (SELECT max(migration_id) FROM __EFMigrationsHistory)");

        (await LookAsync(database)).Is(ConnectionVerdict.Good, ConnectionCause.DatabaseWouldBeUpgraded);
    }

    [Fact]
    public async Task A_database_of_a_newer_version_is_bad_and_not_a_byte_of_it_is_touched()
    {
        using var database = TestDatabase.Empty();
        await using (var next = NextVersion.Open(database.File))
        {
            await next.Database.MigrateAsync(TestContext.Current.CancellationToken);
        }
        IdleConnections.Close(database.File);
        var before = await File.ReadAllBytesAsync(database.File, TestContext.Current.CancellationToken);

        (await LookAsync(database)).Is(ConnectionVerdict.Bad, ConnectionCause.DatabaseTooNew);

        Assert.Equal(["portal.db"], Files(database));
        Assert.Equal(before, await File.ReadAllBytesAsync(database.File, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_lock_that_does_not_end_is_bad()
    {
        using var database = await TestDatabase.CreateAsync();
        using var other = database.Connect();
        using var writing = other.BeginTransaction();

        (await LookAsync(database)).Is(ConnectionVerdict.Bad, ConnectionCause.DatabaseLocked);
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_bad()
    {
        using var database = TestDatabase.Empty();
        await File.WriteAllTextAsync(database.File, new string('x', 8192), TestContext.Current.CancellationToken);

        (await LookAsync(database)).Is(ConnectionVerdict.Bad, ConnectionCause.DatabaseDamaged);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_is_bad()
    {
        using var database = TestDatabase.Empty();
        await File.WriteAllTextAsync(database.File, "", TestContext.Current.CancellationToken);

        (await LookAsync(database, file: Path.Combine(database.File, "portal.db"))).Is(ConnectionVerdict.Bad, ConnectionCause.DatabaseFolderUnusable);
    }

    [Fact]
    public async Task A_disk_that_fills_up_is_doubtful()
    {
        using var database = await TestDatabase.CreateAsync();

        (await LookAsync(database, leastFree: long.MaxValue)).Is(ConnectionVerdict.Doubtful, ConnectionCause.DatabaseDiskLow);
    }

    [Fact]
    public async Task Nothing_committed_by_others_is_held_up_or_lost()
    {
        using var database = await TestDatabase.CreateAsync();
        using var other = database.Connect();
        await LookAsync(database);

        using var command = other.CreateCommand();
        command.CommandText = "INSERT INTO name_holds (name, holder_id, owner_id, until) VALUES ('jan', 'h', 'o', 1)";
        command.ExecuteNonQuery();
        await LookAsync(database);

        Assert.Equal(1, database.Count("name_holds"));
    }

    private static Task<ConnectionResult> LookAsync(TestDatabase database, long leastFree = 0, string? file = null) =>
        new SqliteCheck(database.Open(TimeSpan.FromSeconds(1)), file ?? database.File, TimeProvider.System) { LeastFreeBytes = leastFree }.OneAsync();

    private static IEnumerable<string> Files(TestDatabase database) =>
        Directory.GetFiles(Path.GetDirectoryName(database.File)!).Select(f => Path.GetFileName(f)).Order();

    private static long Tables(TestDatabase database, string name)
    {
        using var connection = database.Connect();
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT count(*) FROM sqlite_master WHERE name = '{name}'";
        return (long)command.ExecuteScalar()!;
    }
}
