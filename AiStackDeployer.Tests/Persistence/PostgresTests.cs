using AiStackDeployer.Core;
using AiStackDeployer.Core.Connections;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Persistence;
using AiStackDeployer.Core.Persistence.Postgres;
using AiStackDeployer.Tests.Connections;
using AiStackDeployer.Tests.Deployments;
using AiStackDeployer.Tests.TestKit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiStackDeployer.Tests.Persistence;

/// <summary>What a database server can do to the portal, and portals to each other.</summary>
public sealed class PostgresTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Portals_that_start_at_once_on_an_empty_database_upgrade_it_once()
    {
        var server = await TestPostgres.SharedAsync();
        var name = await server.CreateDatabaseAsync();
        var contexts = TestDatabase.OpenServer(PostgresOptions.Parse(server.ConnectionStringOf(name)));

        await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            await using var db = await contexts.CreateDbContextAsync(Token);
            await db.UpgradeAsync(TimeProvider.System, Token);
        }));

        await using var upgraded = await contexts.CreateDbContextAsync(Token);
        Assert.Equal(upgraded.Database.GetMigrations(), await upgraded.Database.GetAppliedMigrationsAsync(Token));
        await server.DropDatabaseAsync(name);
    }

    [Fact]
    public async Task What_a_newer_program_has_upgraded_is_refused()
    {
        using var database = await TestDatabase.CreateAsync(DatabaseKind.Postgres);
        database.Execute("INSERT INTO \"__EFMigrationsHistory\" VALUES ('29990101000000_Newer', '99.0.0')");
        await using var db = await database.Open().CreateDbContextAsync(Token);

        var refused = await Assert.ThrowsAsync<DatabaseTooNewException>(() => db.UpgradeAsync(TimeProvider.System, Token));

        Assert.Contains("29990101000000_Newer", refused.Message, StringComparison.Ordinal);
        (await CheckAsync(database)).Is(ConnectionVerdict.Bad, ConnectionCause.DatabaseTooNew);
    }

    /// <summary>As when somebody has changed the model and made one migration only.</summary>
    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task The_migrations_make_what_the_model_says(DatabaseKind kind)
    {
        using var database = await TestDatabase.CreateAsync(kind);
        await using var db = await database.Open().CreateDbContextAsync(Token);

        Assert.False(db.Database.HasPendingModelChanges());
    }

    [Fact]
    public async Task Both_databases_have_the_same_tables_columns_and_indexes()
    {
        using var sqlite = await TestDatabase.CreateAsync();
        using var postgres = await TestDatabase.CreateAsync(DatabaseKind.Postgres);

        Assert.Equal(
            Lines(sqlite, "SELECT m.name || '.' || c.name || ' ' || CASE WHEN c.\"notnull\" OR c.pk THEN 'needed' ELSE 'optional' END FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE '\\_\\_%' ESCAPE '\\' AND m.name NOT LIKE 'sqlite%'"),
            Lines(postgres, "SELECT table_name || '.' || column_name || ' ' || CASE is_nullable WHEN 'NO' THEN 'needed' ELSE 'optional' END FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE '\\_\\_%'"));
        Assert.Equal(
            Lines(sqlite, "SELECT substr(name, 1, 62) FROM sqlite_master WHERE type = 'index' AND name LIKE 'ix%'"),
            Lines(postgres, "SELECT substr(indexname, 1, 62) FROM pg_indexes WHERE schemaname = 'public' AND indexname LIKE 'ix%'"));
    }

    [Fact]
    public async Task A_server_that_works_is_good_and_is_what_it_was()
    {
        using var database = await TestDatabase.CreateAsync(DatabaseKind.Postgres);

        var result = await CheckAsync(database);

        // However busy the machine is: it works.
        Assert.Contains(result.Cause, new[] { ConnectionCause.DatabaseServerWorks, ConnectionCause.DatabaseServerSlow });
        Assert.Equal("127.0.0.1", result.Facts.Host);
        Assert.Equal(0, database.Count("pg_class WHERE relname = 'connection_check'"));
    }

    [Fact]
    public async Task A_database_that_may_only_be_read_is_told_and_nothing_is_lost()
    {
        using var database = await TestDatabase.CreateAsync(DatabaseKind.Postgres);
        var store = database.OpenStore();
        database.Execute($"ALTER DATABASE {Name(database)} SET default_transaction_read_only = on");
        Npgsql.NpgsqlConnection.ClearPool(new Npgsql.NpgsqlConnection(database.Postgres!.ConnectionString));

        (await CheckAsync(database)).Is(ConnectionVerdict.Bad, ConnectionCause.DatabaseServerReadOnly);
        var refused = await Assert.ThrowsAsync<StorageUnavailableException>(() => store.BeginAsync(Some.Claim(), Token));
        Assert.Contains("may not be written", refused.Message, StringComparison.Ordinal);
        Assert.Empty(await store.ListActiveAsync(Token));
    }

    [Theory]
    [InlineData("Database=nowhere", ConnectionCause.DatabaseServerRefused)]
    [InlineData("Username=nobody", ConnectionCause.DatabaseServerRefused)]
    [InlineData("Port=1", ConnectionCause.DatabaseServerUnreachable)]
    [InlineData("Host=nowhere.invalid", ConnectionCause.DatabaseServerUnreachable)]
    public async Task A_wrong_address_is_told_by_its_cause(string wrong, ConnectionCause cause)
    {
        var server = await TestPostgres.SharedAsync();
        var postgres = PostgresOptions.Parse($"{server.ConnectionStringOf("postgres")};{wrong}");

        (await CheckAsync(postgres)).Is(ConnectionVerdict.Bad, cause);
    }

    [Fact]
    public async Task Too_many_connections_is_a_cause_of_its_own()
    {
        using var database = await TestDatabase.CreateAsync(DatabaseKind.Postgres);
        database.Execute("CREATE ROLE narrow LOGIN CONNECTION LIMIT 0");
        try
        {
            var postgres = PostgresOptions.Parse($"{database.Postgres!.ConnectionString};Username=narrow");

            (await CheckAsync(postgres)).Is(ConnectionVerdict.Bad, ConnectionCause.DatabaseServerBusy);
        }
        finally
        {
            database.Execute("DROP ROLE narrow");
        }
    }

    [Fact]
    public async Task What_one_portal_changes_another_one_hears_of()
    {
        using var database = await TestDatabase.CreateAsync(DatabaseKind.Postgres);
        DeploymentSignals here = new(), there = new();
        using var one = Relay(database, here);
        using var other = Relay(database, there);
        using var watcher = there.Subscribe("dep_1");
        using var wish = there.WatchForCancel("dep_1");
        var cancelled = new TaskCompletionSource();
        using var registration = wish.Token.Register(cancelled.SetResult);
        var listening = new TaskCompletionSource();
        // A portal that begins to listen looks once, because it may have missed something.
        there.Changed += () => listening.TrySetResult();
        await one.StartAsync(Token);
        await other.StartAsync(Token);
        await listening.Task.WaitAsync(TimeSpan.FromMinutes(1), Token);
        await watcher.WaitAsync(TimeSpan.FromMinutes(1), TimeProvider.System, Token);
        var heard = new TaskCompletionSource();
        there.Changed += () => heard.TrySetResult();

        here.Notify("dep_1");
        here.NotifyCancel("dep_1");

        await heard.Task.WaitAsync(TimeSpan.FromMinutes(1), Token);
        await watcher.WaitAsync(TimeSpan.FromMinutes(1), TimeProvider.System, Token);
        await cancelled.Task.WaitAsync(TimeSpan.FromMinutes(1), Token);
        await one.StopAsync(Token);
        await other.StopAsync(Token);
    }

    private static SignalRelay Relay(TestDatabase database, DeploymentSignals signals) =>
        new(database.Postgres!, signals, new Ids(TimeProvider.System), TimeProvider.System, NullLogger<SignalRelay>.Instance);

    private static Task<ConnectionResult> CheckAsync(TestDatabase database) => CheckAsync(database.Postgres!);

    private static Task<ConnectionResult> CheckAsync(PostgresOptions postgres) =>
        new PostgresCheck(TestDatabase.OpenServer(postgres), postgres, TimeProvider.System).OneAsync();

    private static string Name(TestDatabase database) => new Npgsql.NpgsqlConnectionStringBuilder(database.Postgres!.ConnectionString).Database!;

    private static List<string> Lines(TestDatabase database, string sql)
    {
        using var connection = database.Connect();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var lines = new List<string>();
        while (reader.Read())
        {
            lines.Add(reader.GetString(0));
        }
        lines.Sort(StringComparer.Ordinal);
        return lines;
    }
}
