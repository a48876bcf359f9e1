using AiStackDeployer.Core.Connections;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Naming;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.Extensions.DependencyInjection;

namespace AiStackDeployer.Core.Persistence;

public static class PersistenceServices
{
    /// <summary>How long a write waits for another process' lock before it is refused.</summary>
    internal static readonly TimeSpan LockTimeout = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan HealthTimeout = TimeSpan.FromSeconds(3);

    /// <summary>The portal's database in one SQLite file.</summary>
    public static IServiceCollection AddSqlitePersistence(this IServiceCollection services, string file)
    {
        services
            .AddPooledDbContextFactory<PortalDbContext>(options => UseFile(options, file, LockTimeout))
            .AddSingleton<StorageMeter>()
            .AddSingleton<IDeploymentStore, DeploymentStore>()
            .AddSingleton<NameRegister>()
            .AddSingleton<INameRegister>(provider => provider.GetRequiredService<NameRegister>());
        services.AddHealthChecks().AddCheck<DatabaseHealth>("database", timeout: HealthTimeout);
        return services;
    }

    /// <summary>The check of the database in this file; works beside a portal that runs, and where there is no file yet.</summary>
    public static IServiceCollection AddDatabaseCheck(this IServiceCollection services, string file) => services.AddSingleton<IConnectionCheck>(
        provider => new DatabaseCheck(
            provider.GetRequiredService<IDbContextFactory<PortalDbContext>>(), file, provider.GetRequiredService<TimeProvider>()));

    /// <summary>Brings the database to this program's version. Run once, before anything else touches it.</summary>
    public static async Task MigrateAsync(this IServiceProvider services, CancellationToken cancellationToken)
    {
        var contexts = services.GetRequiredService<IDbContextFactory<PortalDbContext>>();
        var time = services.GetRequiredService<TimeProvider>();
        await StorageGuard.RunAsync(async () =>
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            await Migrations.Upgrade.RunAsync(db, time, cancellationToken);
        });
    }

    /// <param name="lockTimeout">At least a second: the driver counts whole ones.</param>
    internal static void UseFile(DbContextOptionsBuilder options, string file, TimeSpan lockTimeout) => options
        .UseSqlite(TextFor(file, lockTimeout))
        .UseSnakeCaseNamingConvention()
        .AddInterceptors(new SqlitePragmas(lockTimeout));

    /// <summary>The connection string, by which the driver also knows the pool.</summary>
    internal static string TextFor(string file, TimeSpan lockTimeout) =>
        new SqliteConnectionStringBuilder { DataSource = file, DefaultTimeout = (int)lockTimeout.TotalSeconds }.ToString();
}

/// <summary>Only for <c>dotnet ef migrations add</c>.</summary>
internal sealed class DesignTimeContexts : IDesignTimeDbContextFactory<PortalDbContext>
{
    public PortalDbContext CreateDbContext(string[] args)
    {
        var options = new DbContextOptionsBuilder<PortalDbContext>();
        PersistenceServices.UseFile(options, "design-time.db", PersistenceServices.LockTimeout);
        return new PortalDbContext(options.Options);
    }
}
