using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Persistence.Postgres;
using AiStackDeployer.Core.Persistence.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AiStackDeployer.Core.Persistence;

/// <summary>Turns the database's own troubles into the one exception that callers know, with a text that may be shown.</summary>
internal static class StorageGuard
{
    public static async Task<T> RunAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception e) when (FailureOf(e) is { } failure)
        {
            throw new StorageUnavailableException(Explain(failure), e);
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
        catch (Exception e) when (FailureOf(e) is { } failure)
        {
            throw new StorageUnavailableException(Explain(failure), e);
        }
    }

    public static void Run(Action work) => Run(() =>
    {
        work();
        return true;
    });

    /// <summary>Null when it is not the database's trouble.</summary>
    public static StorageFailure? FailureOf(Exception e) => e switch
    {
        StorageUnavailableException { InnerException: { } inner } => FailureOf(inner),
        SqliteException sqlite => SqliteErrors.FailureOf(sqlite),
        // Npgsql's own kind has the server's answer or the socket's error inside.
        NpgsqlException or TimeoutException => PostgresErrors.FailureOf(e),
        { InnerException: SqliteException or NpgsqlException or TimeoutException } => FailureOf(e.InnerException),
        // EF Core wraps what may pass by itself, such as a server's restart, once more.
        InvalidOperationException { InnerException: DbUpdateException update } => FailureOf(update),
        _ => null,
    };

    public static bool IsBusy(Exception e) => FailureOf(e) == StorageFailure.Locked;

    public static bool IsDamage(Exception e) => FailureOf(e) == StorageFailure.Damaged;

    public static bool IsFull(Exception e) => FailureOf(e) == StorageFailure.Full || IsDiskFull(e);

    public static bool IsUniqueViolation(DbUpdateException e) => e.InnerException switch
    {
        SqliteException sqlite => SqliteErrors.IsUniqueViolation(sqlite),
        PostgresException postgres => PostgresErrors.IsUniqueViolation(postgres),
        _ => false,
    };

    /// <summary>Somebody else wrote the same rows since the look: look again, and decide again.</summary>
    public static bool IsCollision(Exception e) =>
        e is DbUpdateConcurrencyException
        || (e is DbUpdateException update && IsUniqueViolation(update))
        || PostgresErrors.IsDeadlock(e) || (e.InnerException is { } inner && IsCollision(inner));

    /// <summary>ENOSPC or EDQUOT, which .NET hands on as the system's own number.</summary>
    public static bool IsDiskFull(Exception e) => e is IOException && (e.HResult & 0xFFFF) is 28 or 122 or 0x70;

    private static string Explain(StorageFailure failure) => failure switch
    {
        StorageFailure.Locked => "The portal's database is locked by another process.",
        StorageFailure.Full => "The disk of the portal's database is full.",
        StorageFailure.ReadOnly => "The portal's database may not be written.",
        StorageFailure.Damaged => "The portal's database is damaged: restore a backup.",
        StorageFailure.Unreachable => "The portal's database server cannot be reached.",
        StorageFailure.Refused => "The portal's database server refused the user, the password or the database's name.",
        StorageFailure.TooManyConnections => "The portal's database server has no connection left.",
        StorageFailure.Slow => "The portal's database server did not answer in time.",
        _ => "The portal's database cannot be read or written.",
    };
}
