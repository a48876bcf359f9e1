using AiStackDeployer.Core.Audit;
using AiStackDeployer.Core.Connections;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Naming;
using AiStackDeployer.Core.Notices;
using AiStackDeployer.Core.People;
using AiStackDeployer.Core.Persistence.Postgres;
using AiStackDeployer.Core.Persistence.Sqlite;
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
    public static IServiceCollection AddSqlitePersistence(this IServiceCollection services, string file) => services
        .AddPooledDbContextFactory<SqlitePortalDbContext>(options => SqlitePortalDbContext.Configure(options, file))
        .AddStores<SqlitePortalDbContext>();

    /// <summary>The portal's database on a PostgreSQL server, which several portals may share.</summary>
    public static IServiceCollection AddPostgresPersistence(this IServiceCollection services, PostgresOptions postgres) => services
        .AddSingleton(postgres)
        .AddPooledDbContextFactory<PostgresPortalDbContext>(options => PostgresPortalDbContext.Configure(options, postgres.ConnectionString))
        .AddStores<PostgresPortalDbContext>();

    /// <summary>The check of the database in this file; works beside a portal that runs, and where there is no file yet.</summary>
    public static IServiceCollection AddSqliteCheck(this IServiceCollection services, string file) => services.AddSingleton<IConnectionCheck>(
        provider => new SqliteCheck(
            provider.GetRequiredService<IDbContextFactory<PortalDbContext>>(), file, provider.GetRequiredService<TimeProvider>()));

    public static IServiceCollection AddPostgresCheck(this IServiceCollection services) =>
        services.AddSingleton<IConnectionCheck, PostgresCheck>();

    /// <summary>What portals on one database tell each other. Not for commands, which hear of nothing.</summary>
    public static IServiceCollection AddPostgresSignals(this IServiceCollection services) => services.AddHostedService<SignalRelay>();

    /// <summary>Brings the database to this program's version. Run once, before anything else touches it.</summary>
    public static async Task MigrateAsync(this IServiceProvider services, CancellationToken cancellationToken)
    {
        var contexts = services.GetRequiredService<IDbContextFactory<PortalDbContext>>();
        var time = services.GetRequiredService<TimeProvider>();
        await StorageGuard.RunAsync(async () =>
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            await db.UpgradeAsync(time, cancellationToken);
        });
    }

    private static IServiceCollection AddStores<TContext>(this IServiceCollection services) where TContext : PortalDbContext
    {
        services
            .AddSingleton<IDbContextFactory<PortalDbContext>, AnyContexts<TContext>>()
            // For the key ring and OpenIddict, which ask for one in a scope of their own.
            .AddScoped<PortalDbContext>(provider => provider.GetRequiredService<TContext>())
            .AddSingleton<StorageMeter>()
            .AddSingleton<CommittedEvents>()
            .AddSingleton<IDeploymentStore, DeploymentStore>()
            .AddSingleton<IPeople, PeopleStore>()
            .AddSingleton<IAuditLog, AuditLog>()
            .AddSingleton<IPortalValues, PortalValueStore>()
            .AddSingleton<NoticeStore>()
            .AddSingleton<NoticeFacts>()
            .AddSingleton<INoticeSource>(provider => provider.GetRequiredService<NoticeFacts>())
            .AddSingleton<IStackOwners>(provider => provider.GetRequiredService<NoticeFacts>())
            .AddSingleton<NameRegister>()
            .AddSingleton<INameRegister>(provider => provider.GetRequiredService<NameRegister>());
        services.AddHealthChecks().AddCheck<DatabaseHealth>("database", timeout: HealthTimeout);
        return services;
    }
}

/// <summary>Contexts of one database, for all who need not know which it is.</summary>
internal sealed class AnyContexts<TContext>(IDbContextFactory<TContext> contexts) : IDbContextFactory<PortalDbContext>
    where TContext : PortalDbContext
{
    public PortalDbContext CreateDbContext() => contexts.CreateDbContext();

    public async Task<PortalDbContext> CreateDbContextAsync(CancellationToken cancellationToken = default) =>
        await contexts.CreateDbContextAsync(cancellationToken);
}

/// <summary>Only for <c>dotnet ef migrations add</c>.</summary>
internal sealed class DesignTimeSqlite : IDesignTimeDbContextFactory<SqlitePortalDbContext>
{
    public SqlitePortalDbContext CreateDbContext(string[] args) => SqlitePortalDbContext.Open("design-time.db");
}

/// <summary>Only for <c>dotnet ef migrations add</c>.</summary>
internal sealed class DesignTimePostgres : IDesignTimeDbContextFactory<PostgresPortalDbContext>
{
    public PostgresPortalDbContext CreateDbContext(string[] args) => PostgresPortalDbContext.Open("Host=design-time");
}
