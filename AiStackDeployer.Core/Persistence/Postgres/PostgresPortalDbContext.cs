using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace AiStackDeployer.Core.Persistence.Postgres;

/// <summary>The portal's database on a PostgreSQL server, for one or several portals.</summary>
public sealed class PostgresPortalDbContext(DbContextOptions<PostgresPortalDbContext> options) : PortalDbContext(options)
{
    /// <summary>A context without a service provider, for commands and tools.</summary>
    internal static PostgresPortalDbContext Open(string connectionString)
    {
        var options = new DbContextOptionsBuilder<PostgresPortalDbContext>();
        Configure(options, connectionString);
        return new PostgresPortalDbContext(options.Options);
    }

    internal static void Configure(DbContextOptionsBuilder options, string connectionString) => options
        .UseNpgsql(connectionString)
        .UseSnakeCaseNamingConvention();

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        base.ConfigureConventions(configurationBuilder);
        configurationBuilder.Properties<string>().HaveConversion<WithoutZeroBytes>();
    }

    // A database's default is often a language's order.
    protected override void ConfigureText(PropertiesConfigurationBuilder text) => text.UseCollation("C");

    // The locks last until the transaction ends, also by a crash.
    internal override async Task<IDbContextTransaction> BeginWriteAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken)
    {
        var transaction = await Database.BeginTransactionAsync(cancellationToken);
        try
        {
            foreach (var key in keys)
            {
                await Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtextextended({key}, 0))", cancellationToken);
            }
            return transaction;
        }
        catch
        {
            await transaction.DisposeAsync();
            throw;
        }
    }

    // From the first try on: a new event locks its deployment's row before the row itself is written, and two who do that wait for each other.
    internal override async Task<IDbContextTransaction?> BeginChangeAsync(string deploymentId, bool collided, CancellationToken cancellationToken) =>
        await BeginWriteAsync([deploymentId], cancellationToken);

    internal override Task UpgradeAsync(TimeProvider time, CancellationToken cancellationToken) =>
        PostgresUpgrade.RunAsync(this, cancellationToken);

    /// <summary>PostgreSQL stores every character but one, which outside texts such as a container's log may hold.</summary>
    private sealed class WithoutZeroBytes() : ValueConverter<string, string>(
        text => text.Replace("\0", "", StringComparison.Ordinal), stored => stored);
}
