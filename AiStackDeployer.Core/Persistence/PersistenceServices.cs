using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Naming;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.Extensions.DependencyInjection;

namespace AiStackDeployer.Core.Persistence;

public static class PersistenceServices
{
    /// <summary>The portal's database in one SQLite file.</summary>
    public static IServiceCollection AddSqlitePersistence(this IServiceCollection services, string file) => services
        .AddPooledDbContextFactory<PortalDbContext>(options => UseFile(options, file))
        .AddSingleton<IDeploymentStore, DeploymentStore>()
        .AddSingleton<NameRegister>()
        .AddSingleton<INameRegister>(provider => provider.GetRequiredService<NameRegister>());

    /// <summary>Brings the database to this program's version. Run once, before anything else touches it.</summary>
    public static async Task MigrateAsync(this IServiceProvider services, CancellationToken cancellationToken)
    {
        var contexts = services.GetRequiredService<IDbContextFactory<PortalDbContext>>();
        await StorageGuard.RunAsync(async () =>
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            await db.Database.MigrateAsync(cancellationToken);
        });
    }

    internal static void UseFile(DbContextOptionsBuilder options, string file) => options
        .UseSqlite(new SqliteConnectionStringBuilder { DataSource = file, DefaultTimeout = 5 }.ToString())
        .UseSnakeCaseNamingConvention()
        .AddInterceptors(new SqlitePragmas());
}

/// <summary>Only for <c>dotnet ef migrations add</c>.</summary>
internal sealed class DesignTimeContexts : IDesignTimeDbContextFactory<PortalDbContext>
{
    public PortalDbContext CreateDbContext(string[] args)
    {
        var options = new DbContextOptionsBuilder<PortalDbContext>();
        PersistenceServices.UseFile(options, "design-time.db");
        return new PortalDbContext(options.Options);
    }
}
