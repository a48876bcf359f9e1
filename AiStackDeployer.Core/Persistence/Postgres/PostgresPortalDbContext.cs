using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Storage;

namespace AiStackDeployer.Core.Persistence.Postgres;

/// <summary>The portal's database on a PostgreSQL server, for one or several portals.</summary>
public sealed class PostgresPortalDbContext(DbContextOptions<PostgresPortalDbContext> options) : PortalDbContext(options)
{
    internal static void Configure(DbContextOptionsBuilder options, string connectionString) => options
        .UseNpgsql(connectionString)
        .UseSnakeCaseNamingConvention();

    // A database's default is often a language's order.
    protected override void ConfigureText(PropertiesConfigurationBuilder text) => text.UseCollation("C");

    internal override async Task<IDbContextTransaction> BeginWriteAsync(string key, CancellationToken cancellationToken)
    {
        var transaction = await Database.BeginTransactionAsync(cancellationToken);
        try
        {
            // Held until the transaction ends, also by a crash.
            await Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtextextended({key}, 0))", cancellationToken);
            return transaction;
        }
        catch
        {
            await transaction.DisposeAsync();
            throw;
        }
    }

    internal override Task UpgradeAsync(TimeProvider time, CancellationToken cancellationToken) =>
        PostgresUpgrade.RunAsync(this, cancellationToken);
}
