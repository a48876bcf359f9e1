using System.Security.Cryptography.X509Certificates;
using AiStackDeployer.Core.Persistence;
using AiStackDeployer.Web.Security;
using AiStackDeployer.Web.Settings;
using Microsoft.AspNetCore.DataProtection;

namespace AiStackDeployer.Web.Composition;

/// <summary>PostgreSQL where the settings name one; else a SQLite file in DATA_DIR.</summary>
internal static class DatabaseServices
{
    public static IServiceCollection AddPortalDatabase(this IServiceCollection services, PortalSettings settings) =>
        settings.Postgres is { } postgres ? services.AddPostgresPersistence(postgres) : services.AddSqlitePersistence(settings.DatabaseFile);

    /// <summary>Clients of assistants, what people allowed them, and their tokens.</summary>
    public static IServiceCollection AddOAuthStores(this IServiceCollection services)
    {
        services.AddOpenIddict().AddCore(core => core.UseEntityFrameworkCore().UseDbContext<PortalDbContext>());
        return services;
    }

    public static IServiceCollection AddPortalDatabaseCheck(this IServiceCollection services, PortalSettings settings) =>
        settings.Postgres is null ? services.AddSqliteCheck(settings.DatabaseFile) : services.AddPostgresCheck();

    /// <summary>The keys that open the stacks' passwords and the cookies: in a folder of their own, or where all portals find them.</summary>
    public static IServiceCollection AddPortalKeyRing(this IServiceCollection services, PortalSettings settings)
    {
        var keyRing = services.AddDataProtection().SetApplicationName(SecurityServices.ApplicationName);
        if (settings.Postgres is null)
        {
            keyRing.PersistKeysToFileSystem(new DirectoryInfo(settings.KeysDirectory));
        }
        else
        {
            keyRing.PersistKeysToDbContext<PortalDbContext>();
            keyRing.EncryptWith(settings.KeyRingCertificates);
        }
        return services;
    }

    /// <summary>New keys by the first of the certificates; those that another one of them encrypted are opened as well.</summary>
    internal static void EncryptWith(this IDataProtectionBuilder keyRing, IReadOnlyList<X509Certificate2> certificates)
    {
        if (certificates.Count > 0)
        {
            keyRing.ProtectKeysWithCertificate(certificates[0]).UnprotectKeysWithAnyCertificate([.. certificates]);
        }
    }
}
