using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Persistence;
using AiStackDeployer.Core.Persistence.Sqlite;
using Microsoft.Data.Sqlite;

namespace AiStackDeployer.Core.Backup;

/// <summary>Turns the troubles of disk and database into the one exception that the commands know.</summary>
internal static class BackupTrouble
{
    /// <param name="where">What is written, in words.</param>
    public static T Guard<T>(string where, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (Of(e, where) is { } known)
        {
            throw known;
        }
    }

    private static BackupException? Of(Exception e, string where) => e switch
    {
        DataFolderInUseException => new BackupException(BackupFault.InUse, e.Message, e),
        DatabaseDamagedException => new BackupException(BackupFault.Damaged, e.Message, e),
        StorageUnavailableException when StorageGuard.IsFull(e) => new BackupException(BackupFault.DiskFull, $"The disk is full: {where}.", e),
        StorageUnavailableException when StorageGuard.IsDamage(e) => new BackupException(BackupFault.Damaged, "The portal's database is damaged.", e),
        StorageUnavailableException => new BackupException(BackupFault.Storage, e.Message, e),
        SqliteException => new BackupException(BackupFault.Damaged, "The database is not one of this program's.", e),
        IOException when StorageGuard.IsDiskFull(e) => new BackupException(BackupFault.DiskFull, $"The disk is full: {where}.", e),
        UnauthorizedAccessException => new BackupException(BackupFault.NotPermitted, $"{e.Message} Run it as the user that the portal runs as.", e),
        IOException => new BackupException(BackupFault.Storage, e.Message, e),
        _ => null,
    };
}
