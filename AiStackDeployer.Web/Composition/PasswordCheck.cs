using AiStackDeployer.Core.Backup;
using AiStackDeployer.Core.Persistence;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.Web.Security;
using Microsoft.AspNetCore.DataProtection;

namespace AiStackDeployer.Web.Composition;

/// <summary>Whether database and keys belong together: a backup is worth little when they do not.</summary>
internal static class PasswordCheck
{
    /// <returns>How many passwords are stored, and how many of them the keys do not open.</returns>
    public static (int Stored, int Closed) Of(DataFolder folder)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        // A key made now would open nothing, and hide that there was none.
        services.AddDataProtection().SetApplicationName(SecurityServices.ApplicationName)
            .PersistKeysToFileSystem(new DirectoryInfo(folder.Keys)).DisableAutomaticKeyGeneration();
        using var provider = services.BuildServiceProvider();
        var secrets = new DataProtectedSecrets(provider.GetRequiredService<IDataProtectionProvider>());
        var stored = StoredPasswords.Of(folder.Database);
        return (stored.Count, stored.Count(password => !Opens(password)));

        bool Opens(string password)
        {
            try
            {
                secrets.Unprotect(password);
                return true;
            }
            catch (SecretUnreadableException)
            {
                return false;
            }
        }
    }
}
