using AiStackDeployer.Core.Deployments;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace AiStackDeployer.Core.Persistence;

/// <summary>Turns the database's own troubles into the one exception that callers know, with a text that may be shown.</summary>
internal static class StorageGuard
{
    // https://sqlite.org/rescode.html
    internal const int Busy = 5;
    internal const int Locked = 6;
    internal const int ReadOnly = 8;
    private const int IoError = 10;
    internal const int Damaged = 11;
    internal const int Full = 13;
    private const int CannotOpen = 14;
    internal const int NotADatabase = 26;
    private const int ConstraintPrimaryKey = 1555;
    private const int ConstraintUnique = 2067;

    public static async Task<T> RunAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception e) when (Explain(e) is { } text)
        {
            throw new StorageUnavailableException(text, e);
        }
    }

    public static Task RunAsync(Func<Task> work) => RunAsync(async () =>
    {
        await work();
        return true;
    });

    public static T Run<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (Explain(e) is { } text)
        {
            throw new StorageUnavailableException(text, e);
        }
    }

    public static void Run(Action work) => Run(() =>
    {
        work();
        return true;
    });

    public static bool IsFull(Exception e) => SqliteErrorOf(e) == Full || IsDiskFull(e);

    public static bool IsBusy(Exception e) => SqliteErrorOf(e) is Busy or Locked;

    public static bool IsDamage(Exception e) => SqliteErrorOf(e) is Damaged or NotADatabase;

    /// <param name="e">With the database's own exception inside.</param>
    public static StorageFailure FailureOf(StorageUnavailableException e) => SqliteErrorOf(e.InnerException!) switch
    {
        Busy or Locked => StorageFailure.Locked,
        Full => StorageFailure.Full,
        ReadOnly => StorageFailure.ReadOnly,
        Damaged or NotADatabase => StorageFailure.Damaged,
        _ => StorageFailure.Unusable,
    };

    public static bool IsUniqueViolation(DbUpdateException e) =>
        e.InnerException is SqliteException { SqliteExtendedErrorCode: ConstraintPrimaryKey or ConstraintUnique };

    /// <summary>SQLite's primary error code; null when it is not SQLite's error.</summary>
    public static int? SqliteErrorOf(Exception e) => (e as SqliteException ?? e.InnerException as SqliteException)?.SqliteErrorCode;

    /// <summary>ENOSPC or EDQUOT, which .NET hands on as the system's own number.</summary>
    public static bool IsDiskFull(Exception e) => e is IOException && (e.HResult & 0xFFFF) is 28 or 122 or 0x70;

    private static string? Explain(Exception e) => SqliteErrorOf(e) switch
    {
        Busy or Locked => "The portal's database is locked by another process.",
        Full => "The disk of the portal's database is full.",
        ReadOnly => "The portal's database may not be written.",
        Damaged or NotADatabase => "The portal's database is damaged: restore a backup.",
        IoError or CannotOpen => "The portal's database cannot be read or written.",
        _ => null,
    };
}
