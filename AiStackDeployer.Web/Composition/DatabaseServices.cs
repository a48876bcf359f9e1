using AiStackDeployer.Core.Persistence;
using AiStackDeployer.Web.Settings;

namespace AiStackDeployer.Web.Composition;

/// <summary>PostgreSQL where the settings name one; else a SQLite file in DATA_DIR.</summary>
internal static class DatabaseServices
{
    public static IServiceCollection AddPortalDatabase(this IServiceCollection services, PortalSettings settings) =>
        settings.Postgres is { } postgres ? services.AddPostgresPersistence(postgres) : services.AddSqlitePersistence(settings.DatabaseFile);

    public static IServiceCollection AddPortalDatabaseCheck(this IServiceCollection services, PortalSettings settings) =>
        settings.Postgres is null ? services.AddSqliteCheck(settings.DatabaseFile) : services.AddPostgresCheck();
}
