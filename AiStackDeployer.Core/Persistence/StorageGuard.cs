using AiStackDeployer.Core.Deployments;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace AiStackDeployer.Core.Persistence;

/// <summary>Turns the database's own troubles into the one exception that callers know, with a text that may be shown.</summary>
internal static class StorageGuard
{
    // https://sqlite.org/rescode.html
    private const int Busy = 5;
    private const int Locked = 6;
    private const int ReadOnly = 8;
    private const int IoError = 10;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int CannotOpen = 14;
    private const int NotADatabase = 26;
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

    public static bool IsFull(Exception e) => CodeOf(e) == Full;

    public static bool IsBusy(Exception e) => CodeOf(e) is Busy or Locked;

    public static bool IsDamage(Exception e) => CodeOf(e) is Corrupt or NotADatabase;

    public static bool IsUniqueViolation(DbUpdateException e) =>
        e.InnerException is SqliteException { SqliteExtendedErrorCode: ConstraintPrimaryKey or ConstraintUnique };

    private static int? CodeOf(Exception e) => (e as SqliteException ?? e.InnerException as SqliteException)?.SqliteErrorCode;

    private static string? Explain(Exception e) => CodeOf(e) switch
    {
        Busy or Locked => "The portal's database is locked by another process.",
        Full => "The disk of the portal's database is full.",
        ReadOnly => "The portal's database may not be written.",
        Corrupt or NotADatabase => "The portal's database is damaged: restore a backup.",
        IoError or CannotOpen => "The portal's database cannot be read or written.",
        _ => null,
    };
}
