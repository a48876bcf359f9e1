using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace AiStackDeployer.Core.Persistence.Postgres;

/// <summary>The portal's database on a PostgreSQL server, for one or several portals.</summary>
public sealed class PostgresPortalDbContext(DbContextOptions<PostgresPortalDbContext> options) : PortalDbContext(options)
{
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

    // Locks last until the transaction ends, also by a crash.
    internal override Task<IDbContextTransaction> BeginWriteAsync(string key, CancellationToken cancellationToken) =>
        BeginLockedAsync($"SELECT pg_advisory_xact_lock(hashtextextended({key}, 0))", cancellationToken);

    internal override Task<IDbContextTransaction> BeginChangeAsync(string deploymentId, CancellationToken cancellationToken) => BeginLockedAsync(
        $"SELECT 1 FROM deployments JOIN stacks ON stacks.id = deployments.stack_id WHERE deployments.id = {deploymentId} FOR UPDATE", cancellationToken);

    internal override Task UpgradeAsync(TimeProvider time, CancellationToken cancellationToken) =>
        PostgresUpgrade.RunAsync(this, cancellationToken);

    private async Task<IDbContextTransaction> BeginLockedAsync(FormattableString locks, CancellationToken cancellationToken)
    {
        var transaction = await Database.BeginTransactionAsync(cancellationToken);
        try
        {
            await Database.ExecuteSqlAsync(locks, cancellationToken);
            return transaction;
        }
        catch
        {
            await transaction.DisposeAsync();
            throw;
        }
    }

    /// <summary>PostgreSQL stores every character but one, which outside texts such as a container's log may hold.</summary>
    private sealed class WithoutZeroBytes() : ValueConverter<string, string>(
        text => text.Replace("\0", "", StringComparison.Ordinal), stored => stored);
}
