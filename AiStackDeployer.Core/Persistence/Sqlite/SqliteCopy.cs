using System.Globalization;
using AiStackDeployer.Core.Deployments;
using Microsoft.Data.Sqlite;

namespace AiStackDeployer.Core.Persistence.Sqlite;

/// <summary>Whole, consistent copies of a database that others read and write meanwhile.</summary>
public static class SqliteCopy
{
    /// <summary>
    /// By SQLite's online backup: one moment of the database, with what is only in the write-ahead log yet; writers go on. The copy
    /// is one file that needs no other, and has been checked.
    /// </summary>
    /// <param name="mostPages">A limit on the copy's size, which is met as a full disk is.</param>
    /// <exception cref="DatabaseDamagedException">The copy does not pass SQLite's own check, so neither would the original.</exception>
    /// <exception cref="StorageUnavailableException">No room, or not permitted. What has been written of the copy is left to the caller.</exception>
    public static void Take(string source, string target, long? mostPages = null) => StorageGuard.Run(() =>
    {
        // SQLite would create it readable by others; it keeps the mode of a file that is there, also for its journal.
        PrivateFile.Open(target, FileMode.Create).Dispose();
        using (var from = Open(source, SqliteOpenMode.ReadWrite))
        using (var to = Open(target, SqliteOpenMode.ReadWrite))
        {
            if (mostPages is { } most)
            {
                Execute(to, "PRAGMA max_page_count=" + most.ToString(CultureInfo.InvariantCulture));
            }
            from.BackupDatabase(to);
            // The mode is part of what was copied, and in WAL a reader would need to write files beside it.
            Execute(to, "PRAGMA journal_mode=DELETE");
        }
        Check(target);
    });

    /// <summary>SQLite's own check of every page and index.</summary>
    /// <exception cref="DatabaseDamagedException">It found something.</exception>
    public static void Check(string file)
    {
        try
        {
            using var connection = Open(file, SqliteOpenMode.ReadOnly);
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA integrity_check(1)";
            if (command.ExecuteScalar() is not "ok")
            {
                throw new DatabaseDamagedException(file);
            }
        }
        catch (SqliteException e) when (StorageGuard.IsDamage(e))
        {
            throw new DatabaseDamagedException(file, e);
        }
    }

    /// <summary>A connection of its own, closed with the file when it is disposed of.</summary>
    internal static SqliteConnection Open(string file, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = file,
            Mode = mode,
            Pooling = false,
            // Besides SQLite's own busy handler: the driver repeats a refused statement until this has passed, 30 s by default.
            DefaultTimeout = (int)PersistenceServices.LockTimeout.TotalSeconds,
        }.ToString());
        connection.Open();
        var milliseconds = PersistenceServices.LockTimeout.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture);
        Execute(connection, $"PRAGMA busy_timeout={milliseconds}");
        return connection;
    }

    internal static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}

/// <summary>A database that SQLite cannot read, or whose own check fails.</summary>
public sealed class DatabaseDamagedException(string file, Exception? inner = null)
    : Exception($"The database {file} is damaged.", inner);
