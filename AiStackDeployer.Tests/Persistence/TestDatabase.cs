using System.Data.Common;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Diagnostics;
using AiStackDeployer.Core.Persistence;
using AiStackDeployer.Core.Persistence.Postgres;
using AiStackDeployer.Core.Persistence.Sqlite;
using AiStackDeployer.Tests.TestKit;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Npgsql;

namespace AiStackDeployer.Tests.Persistence;

/// <summary>What the portal can keep its data in.</summary>
public enum DatabaseKind
{
    Sqlite,
    Postgres,
}

/// <summary>A real database of its own. Each factory opened on it stands for a process of its own.</summary>
internal sealed class TestDatabase : IDisposable
{
    // Migrating takes most of a test's time and always ends in the same database.
    private static readonly Lazy<Task<byte[]>> Migrated = new(MigrateFileAsync);
    private static readonly Lazy<Task<string>> Template = new(MigrateTemplateAsync);

    private readonly string _folder = Directory.CreateTempSubdirectory("portal-db-").FullName;
    private readonly (TestPostgres Server, string Database)? _postgres;

    private TestDatabase((TestPostgres Server, string Database)? postgres = null) => _postgres = postgres;

    public string File => Path.Combine(_folder, "portal.db");

    /// <summary>As the portal's data folder.</summary>
    public DataFolder Data => new(_folder);

    /// <summary>As the portal's setting.</summary>
    public PostgresOptions? Postgres => _postgres is { } at ? PostgresOptions.Parse(at.Server.ConnectionStringOf(at.Database)) : null;

    public static async Task<TestDatabase> CreateAsync(DatabaseKind kind = DatabaseKind.Sqlite)
    {
        if (kind == DatabaseKind.Postgres)
        {
            var server = await TestPostgres.SharedAsync();
            return new TestDatabase((server, await server.CreateDatabaseAsync(await Template.Value)));
        }
        var database = new TestDatabase();
        await System.IO.File.WriteAllBytesAsync(database.File, await Migrated.Value, TestContext.Current.CancellationToken);
        return database;
    }

    /// <summary>A folder without a database in it.</summary>
    public static TestDatabase Empty() => new();

    public IDbContextFactory<PortalDbContext> Open(TimeSpan? lockTimeout = null, params IInterceptor[] more) =>
        Postgres is { } postgres ? OpenServer(postgres, more) : OpenFile(File, lockTimeout, more);

    public static IDbContextFactory<PortalDbContext> OpenFile(string file, TimeSpan? lockTimeout = null, params IInterceptor[] more)
    {
        var options = new DbContextOptionsBuilder<SqlitePortalDbContext>();
        SqlitePortalDbContext.Configure(options, file, lockTimeout ?? PersistenceServices.LockTimeout);
        return new AnyContexts<SqlitePortalDbContext>(new PooledDbContextFactory<SqlitePortalDbContext>(options.AddInterceptors(more).Options));
    }

    public static IDbContextFactory<PortalDbContext> OpenServer(PostgresOptions postgres, params IInterceptor[] more)
    {
        var options = new DbContextOptionsBuilder<PostgresPortalDbContext>();
        PostgresPortalDbContext.Configure(options, postgres.ConnectionString);
        return new AnyContexts<PostgresPortalDbContext>(new PooledDbContextFactory<PostgresPortalDbContext>(options.AddInterceptors(more).Options));
    }

    public DeploymentStore OpenStore(DeploymentSignals? signals = null, TimeSpan? lockTimeout = null, TestMeters? meters = null) =>
        StoreOn(Open(lockTimeout), signals, meters);

    public static DeploymentStore StoreOn(
        IDbContextFactory<PortalDbContext> contexts, DeploymentSignals? signals = null, TestMeters? meters = null, CommittedEvents? committed = null)
    {
        meters ??= new TestMeters();
        return new DeploymentStore(
            contexts, signals ?? new DeploymentSignals(), committed ?? new CommittedEvents(), new DeploymentMeter(meters), new StorageMeter(meters, contexts, TimeProvider.System),
            TimeProvider.System);
    }

    /// <summary>Names in use and held, in a process of its own.</summary>
    public NameRegister OpenRegister(TestMeters? meters = null)
    {
        var contexts = Open();
        return new NameRegister(contexts, new StorageMeter(meters ?? new TestMeters(), contexts, TimeProvider.System));
    }

    /// <summary>A connection of nobody's, for what a test does behind the portal's back.</summary>
    public DbConnection Connect()
    {
        DbConnection connection = _postgres is { } at
            ? new NpgsqlConnection(at.Server.ConnectionStringOf(at.Database) + ";Pooling=false")
            : new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = File, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }

    public void Execute(string sql)
    {
        using var connection = Connect();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>From now on no event can be stored.</summary>
    public void RefuseEvents() => Execute(_postgres is null
        ? "CREATE TRIGGER refuse BEFORE INSERT ON deployment_events BEGIN SELECT RAISE(ABORT, 'refused'); END"
        : "ALTER TABLE deployment_events ADD CONSTRAINT refuse CHECK (false) NOT VALID");

    public long Count(string table)
    {
        using var connection = Connect();
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT count(*) FROM {table}";
        return (long)command.ExecuteScalar()!;
    }

    public void Dispose()
    {
        if (_postgres is { } at)
        {
            NpgsqlConnection.ClearPool(new NpgsqlConnection(Postgres!.ConnectionString));
            at.Server.DropDatabaseAsync(at.Database).GetAwaiter().GetResult();
        }
        IdleConnections.Close(File);
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<byte[]> MigrateFileAsync()
    {
        using var database = Empty();
        await using (var db = await database.Open().CreateDbContextAsync(TestContext.Current.CancellationToken))
        {
            await db.Database.MigrateAsync(TestContext.Current.CancellationToken);
        }
        database.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
        return await System.IO.File.ReadAllBytesAsync(database.File, TestContext.Current.CancellationToken);
    }

    private static async Task<string> MigrateTemplateAsync()
    {
        var server = await TestPostgres.SharedAsync();
        var name = await server.CreateDatabaseAsync();
        var postgres = PostgresOptions.Parse(server.ConnectionStringOf(name));
        await using (var db = await OpenServer(postgres).CreateDbContextAsync(TestContext.Current.CancellationToken))
        {
            await db.UpgradeAsync(TimeProvider.System, TestContext.Current.CancellationToken);
        }
        // Nobody may be connected to what a database is copied from.
        NpgsqlConnection.ClearPool(new NpgsqlConnection(postgres.ConnectionString));
        return name;
    }
}
