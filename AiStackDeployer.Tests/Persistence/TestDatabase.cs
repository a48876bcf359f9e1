using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Diagnostics;
using AiStackDeployer.Core.Persistence;
using AiStackDeployer.Tests.TestKit;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace AiStackDeployer.Tests.Persistence;

/// <summary>A real database file of its own. Each factory opened on it stands for a process of its own.</summary>
internal sealed class TestDatabase : IDisposable
{
    // Migrating takes most of a test's time and always ends in the same file.
    private static readonly Lazy<Task<byte[]>> Migrated = new(MigrateAsync);

    private readonly string _folder = Directory.CreateTempSubdirectory("portal-db-").FullName;

    public string File => Path.Combine(_folder, "portal.db");

    /// <summary>As the portal's data folder.</summary>
    public DataFolder Data => new(_folder);

    public static async Task<TestDatabase> CreateAsync()
    {
        var database = new TestDatabase();
        await System.IO.File.WriteAllBytesAsync(database.File, await Migrated.Value, TestContext.Current.CancellationToken);
        return database;
    }

    /// <summary>A folder without a database in it.</summary>
    public static TestDatabase Empty() => new();

    public IDbContextFactory<PortalDbContext> Open(TimeSpan? lockTimeout = null, params IInterceptor[] more) => OpenFile(File, lockTimeout, more);

    public static IDbContextFactory<PortalDbContext> OpenFile(string file, TimeSpan? lockTimeout = null, params IInterceptor[] more)
    {
        var options = new DbContextOptionsBuilder<PortalDbContext>();
        PersistenceServices.UseFile(options, file, lockTimeout ?? PersistenceServices.LockTimeout);
        return new PooledDbContextFactory<PortalDbContext>(options.AddInterceptors(more).Options);
    }

    public DeploymentStore OpenStore(DeploymentSignals? signals = null, TimeSpan? lockTimeout = null, TestMeters? meters = null) =>
        StoreOn(Open(lockTimeout), signals, meters);

    public static DeploymentStore StoreOn(
        IDbContextFactory<PortalDbContext> contexts, DeploymentSignals? signals = null, TestMeters? meters = null)
    {
        meters ??= new TestMeters();
        return new DeploymentStore(
            contexts, signals ?? new DeploymentSignals(), new DeploymentMeter(meters), new StorageMeter(meters, contexts, TimeProvider.System),
            TimeProvider.System);
    }

    /// <summary>Names in use and held, in a process of its own.</summary>
    public NameRegister OpenRegister(TestMeters? meters = null)
    {
        var contexts = Open();
        return new NameRegister(contexts, new StorageMeter(meters ?? new TestMeters(), contexts, TimeProvider.System));
    }

    /// <summary>A connection of nobody's, for what a test does behind the portal's back.</summary>
    public SqliteConnection Connect()
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = File, Pooling = false }.ToString());
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

    public long Count(string table)
    {
        using var connection = Connect();
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT count(*) FROM {table}";
        return (long)command.ExecuteScalar()!;
    }

    public void Dispose()
    {
        IdleConnections.Close(File);
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<byte[]> MigrateAsync()
    {
        using var database = Empty();
        await using (var db = await database.Open().CreateDbContextAsync(TestContext.Current.CancellationToken))
        {
            await db.Database.MigrateAsync(TestContext.Current.CancellationToken);
        }
        database.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
        return await System.IO.File.ReadAllBytesAsync(database.File, TestContext.Current.CancellationToken);
    }
}
