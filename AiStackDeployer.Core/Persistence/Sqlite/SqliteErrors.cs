using Microsoft.Data.Sqlite;

namespace AiStackDeployer.Core.Persistence.Sqlite;

/// <summary>What SQLite's error codes mean: https://sqlite.org/rescode.html.</summary>
internal static class SqliteErrors
{
    private const int Busy = 5;
    private const int Locked = 6;
    private const int ReadOnly = 8;
    private const int IoError = 10;
    private const int Damaged = 11;
    private const int Full = 13;
    private const int CannotOpen = 14;
    private const int NotADatabase = 26;
    private const int ConstraintPrimaryKey = 1555;
    private const int ConstraintUnique = 2067;

    /// <summary>Null when it is no trouble of the database, but a fault of a statement.</summary>
    public static StorageFailure? FailureOf(SqliteException e) => e.SqliteErrorCode switch
    {
        Busy or Locked => StorageFailure.Locked,
        Full => StorageFailure.Full,
        ReadOnly => StorageFailure.ReadOnly,
        Damaged or NotADatabase => StorageFailure.Damaged,
        IoError or CannotOpen => StorageFailure.Unusable,
        _ => null,
    };

    public static bool IsUniqueViolation(SqliteException e) => e.SqliteExtendedErrorCode is ConstraintPrimaryKey or ConstraintUnique;
}
