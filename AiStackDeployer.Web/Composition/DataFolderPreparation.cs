using System.Runtime.InteropServices;
using AiStackDeployer.Core.Persistence;
using AiStackDeployer.Core.Persistence.Sqlite;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.Web.Settings;

namespace AiStackDeployer.Web.Composition;

/// <summary>The one folder that is written to.</summary>
internal static class DataFolderPreparation
{
    /// <summary>What this process makes from now on, and what SQLite makes beside its files, is its user's alone, whatever the umask was.</summary>
    public static void KeepNewFilesPrivate()
    {
        if (!OperatingSystem.IsWindows())
        {
            _ = SetUmask(0b000_111_111);
        }
    }

    /// <summary>
    /// Makes DATA_DIR and takes it for this process: one portal to one SQLite database. Where nothing but that may be written (a
    /// read-only container), temporary files go there too: the key ring writes each key to one before it moves it into place, and would
    /// else have no keys, with no more than a line in the log.
    /// </summary>
    /// <exception cref="DataFolderUnusableException">It cannot be made or written.</exception>
    /// <returns>Null where the data is on a database server: several portals may run, and none needs a folder.</returns>
    public static DataFolderLock? Prepare(PortalSettings settings)
    {
        if (settings.Postgres is not null && settings.Dokploy is not null)
        {
            return null;
        }
        try
        {
            settings.Data.Create();
            if (!IsWritable(Path.GetTempPath()))
            {
                var temporary = Path.Combine(settings.DataDirectory, "tmp");
                Directory.CreateDirectory(temporary);
                Environment.SetEnvironmentVariable("TMPDIR", temporary);
            }
            return DataFolderLock.Take(settings.Data);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataFolderUnusableException(e.Message, e);
        }
    }

    /// <summary>Upgrades the database, then encrypts something, so that a key exists before the first stack needs one.</summary>
    /// <exception cref="DataFolderUnusableException">No key could be read or written.</exception>
    public static async Task PrepareDataAsync(this IServiceProvider services, CancellationToken cancellationToken)
    {
        await services.MigrateAsync(cancellationToken);
        try
        {
            services.GetRequiredService<ISecretProtector>().Protect("a key exists");
        }
        catch (Exception e) when (e is System.Security.Cryptography.CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new DataFolderUnusableException("the encryption keys in DATA_DIR/keys, or in the database, cannot be read or written.", e);
        }
    }

    // .NET has no way of its own to it.
    [DllImport("libc", EntryPoint = "umask")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern uint SetUmask(uint mask);

    private static bool IsWritable(string folder)
    {
        try
        {
            using var probe = new FileStream(
                Path.Combine(folder, Path.GetRandomFileName()), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}

/// <summary>DATA_DIR is not what the portal needs. The message says why.</summary>
internal sealed class DataFolderUnusableException(string message, Exception cause) : Exception(message, cause);
