using System.Net.Sockets;
using Npgsql;

namespace AiStackDeployer.Core.Persistence.Postgres;

/// <summary>What PostgreSQL's SQLSTATEs mean: https://www.postgresql.org/docs/current/errcodes-appendix.html.</summary>
internal static class PostgresErrors
{
    private const string IdleInTransaction = "25P03";
    private const string IdleSession = "57P05";

    /// <summary>Null when it is no trouble of the database, but a fault of a statement.</summary>
    public static StorageFailure? FailureOf(Exception e) => e switch
    {
        PostgresException refused => FailureOf(refused.SqlState),
        // Npgsql wraps the end of its own waiting; everything else that it throws by itself is a connection that broke or never was.
        NpgsqlException { InnerException: TimeoutException } or TimeoutException => StorageFailure.Slow,
        NpgsqlException or SocketException => StorageFailure.Unreachable,
        _ => null,
    };

    public static bool IsUniqueViolation(PostgresException e) => e.SqlState == PostgresErrorCodes.UniqueViolation;

    /// <summary>Two transactions waited for each other, and this one was chosen to give way.</summary>
    public static bool IsDeadlock(Exception e) =>
        e is PostgresException { SqlState: PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure };

    private static StorageFailure? FailureOf(string state) => state switch
    {
        PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure => StorageFailure.Locked,
        PostgresErrorCodes.DiskFull => StorageFailure.Full,
        PostgresErrorCodes.ReadOnlySqlTransaction => StorageFailure.ReadOnly,
        PostgresErrorCodes.DataCorrupted or PostgresErrorCodes.IndexCorrupted => StorageFailure.Damaged,
        PostgresErrorCodes.TooManyConnections or PostgresErrorCodes.ConfigurationLimitExceeded => StorageFailure.TooManyConnections,
        PostgresErrorCodes.QueryCanceled => StorageFailure.Slow,
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification or PostgresErrorCodes.InvalidCatalogName
            or PostgresErrorCodes.InsufficientPrivilege => StorageFailure.Refused,
        // Starting, stopping, crashed, or the connection was ended by an administrator or for being idle in a transaction.
        PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown
            or IdleInTransaction or IdleSession => StorageFailure.Unreachable,
        _ when state.StartsWith("08", StringComparison.Ordinal) => StorageFailure.Unreachable,
        _ when state.StartsWith("53", StringComparison.Ordinal) || state.StartsWith("58", StringComparison.Ordinal) => StorageFailure.Unusable,
        _ => null,
    };
}
