using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace AiStackDeployer.Core.Persistence.Sqlite;

/// <summary>The portal's database in one file, for one portal.</summary>
public sealed class SqlitePortalDbContext(DbContextOptions<SqlitePortalDbContext> options) : PortalDbContext(options)
{
    /// <summary>A context without a service provider, for commands and tools.</summary>
    internal static SqlitePortalDbContext Open(string file)
    {
        var options = new DbContextOptionsBuilder<SqlitePortalDbContext>();
        Configure(options, file);
        return new SqlitePortalDbContext(options.Options);
    }

    internal static void Configure(DbContextOptionsBuilder options, string file) => Configure(options, file, PersistenceServices.LockTimeout);

    /// <param name="lockTimeout">At least a second: the driver counts whole ones.</param>
    internal static void Configure(DbContextOptionsBuilder options, string file, TimeSpan lockTimeout) => options
        .UseSqlite(TextFor(file, lockTimeout))
        .UseSnakeCaseNamingConvention()
        .AddInterceptors(new SqlitePragmas(lockTimeout));

    /// <summary>The connection string, by which the driver also knows the pool.</summary>
    internal static string TextFor(string file, TimeSpan lockTimeout) =>
        new SqliteConnectionStringBuilder { DataSource = file, DefaultTimeout = (int)lockTimeout.TotalSeconds }.ToString();

    /// <summary>SQLite has one writer: this takes its lock at once, whatever the keys.</summary>
    internal override Task<IDbContextTransaction> BeginWriteAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken) =>
        Database.BeginTransactionAsync(cancellationToken);

    // Two writers of one deployment seldom meet, and the lock is everybody's.
    internal override async Task<IDbContextTransaction?> BeginChangeAsync(string deploymentId, bool collided, CancellationToken cancellationToken) =>
        collided ? await Database.BeginTransactionAsync(cancellationToken) : null;

    internal override Task UpgradeAsync(TimeProvider time, CancellationToken cancellationToken) =>
        SqliteUpgrade.RunAsync(this, time, cancellationToken);
}
