using AiStackDeployer.LogIngest.Settings;
using Microsoft.Data.Sqlite;

namespace AiStackDeployer.LogIngest.Store;

/// <summary>The file, its shape and its limits.</summary>
internal sealed class StoreFile(IngestSettings settings)
{
    /// <summary>Seconds that a write waits for somebody else's lock; meanwhile events wait in the queue.</summary>
    private const int LockSeconds = 2;

    private const long RoomForBatch = 2 << 20;

    private readonly string _path = Path.Combine(settings.DataDir, "logs.db");

    public long Length => LengthOf(_path) + LengthOf(_path + "-wal");

    /// <summary>Opens it, and makes it when it is not there.</summary>
    public SqliteConnection OpenWriter()
    {
        if (!File.Exists(_path) && !OperatingSystem.IsWindows())
        {
            // SQLite gives the files beside it the same mode.
            using var file = new FileStream(
                _path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite });
        }
        // Without a pool: one connection, and after a fault a new one.
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = _path, Mode = SqliteOpenMode.ReadWriteCreate, Pooling = false, DefaultTimeout = LockSeconds,
        }.ToString());
        try
        {
            connection.Open();
            // A power cut may lose the last moments, and damages nothing. The limit is also the file's own: it cannot grow past it.
            Execute(connection, $"""
                PRAGMA auto_vacuum = INCREMENTAL;
                PRAGMA journal_mode = WAL;
                PRAGMA synchronous = NORMAL;
                PRAGMA journal_size_limit = 4194304;
                PRAGMA cache_size = -4000;
                CREATE TABLE IF NOT EXISTS entries (
                    id INTEGER PRIMARY KEY,
                    received INTEGER NOT NULL,
                    ns INTEGER NOT NULL,
                    stack TEXT NOT NULL,
                    source TEXT NOT NULL,
                    type TEXT NOT NULL,
                    level TEXT NOT NULL,
                    session_id TEXT,
                    event_id TEXT NOT NULL,
                    message TEXT,
                    attrs TEXT);
                CREATE UNIQUE INDEX IF NOT EXISTS entries_of_stack ON entries (stack, ns, event_id);
                PRAGMA max_page_count = {settings.MostStoredBytes / Number(connection, "PRAGMA page_size")};
                """);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <returns>Null when nothing has been stored yet.</returns>
    public SqliteConnection? OpenReader()
    {
        if (!File.Exists(_path))
        {
            return null;
        }
        // Writable only so that a reader may use the write-ahead log's index.
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = _path, Mode = SqliteOpenMode.ReadWrite, Pooling = false, DefaultTimeout = LockSeconds,
        }.ToString());
        try
        {
            connection.Open();
            Execute(connection, "PRAGMA query_only = 1");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Whether less than a tenth of what it may have is free, or less than a batch needs.</summary>
    public bool IsNearlyFull(SqliteConnection writer)
    {
        var used = Number(writer, "PRAGMA page_count") - Number(writer, "PRAGMA freelist_count");
        return used * Number(writer, "PRAGMA page_size") > settings.MostStoredBytes - Math.Max(settings.MostStoredBytes / 10, RoomForBatch);
    }

    /// <summary>By when they came, which is also their order in the file: a client's clock says nothing about what may go.</summary>
    public static void DeleteOlder(SqliteConnection writer, DateTimeOffset time)
    {
        Execute(writer, $"""
            DELETE FROM entries WHERE id < coalesce(
                (SELECT id FROM entries WHERE received >= {time.ToUnixTimeSeconds()} ORDER BY id LIMIT 1), (SELECT max(id) + 1 FROM entries));
            """);
        ShrinkAfterDelete(writer);
    }

    /// <summary>The oldest twentieth.</summary>
    /// <returns>How many there were to delete.</returns>
    public static int DeleteOldest(SqliteConnection writer)
    {
        var deleted = Execute(writer, "DELETE FROM entries WHERE id <= (SELECT min(id) + (max(id) - min(id)) / 20 FROM entries)");
        ShrinkAfterDelete(writer);
        return deleted;
    }

    /// <summary>A damaged file goes; a day of logs is not worth a repair.</summary>
    public void Replace()
    {
        foreach (var part in (string[])["", "-wal", "-shm"])
        {
            File.Delete(_path + part);
        }
    }

    /// <summary>Gives pages back to the disk, but for those that the next entries need.</summary>
    private static void ShrinkAfterDelete(SqliteConnection writer)
    {
        if (Number(writer, "PRAGMA freelist_count") is > 2_000 and var free)
        {
            Execute(writer, $"PRAGMA incremental_vacuum({free - 1_000})");
        }
    }

    private static int Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteNonQuery();
    }

    private static long Number(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }

    private static long LengthOf(string path)
    {
        var file = new FileInfo(path);
        return file.Exists ? file.Length : 0;
    }
}
