using System.Text;
using AiStackDeployer.LogIngest.Diagnostics;
using AiStackDeployer.LogIngest.Query;
using AiStackDeployer.LogIngest.Settings;
using Microsoft.Data.Sqlite;

namespace AiStackDeployer.LogIngest.Store;

/// <summary>
/// The embedded store: one file, one writer, a batch for each transaction. It is bounded by age and by size, whichever comes first. What
/// cannot be written (a full disk, a file that somebody else holds) is counted and dropped: a log is not worth stopping for.
/// </summary>
internal sealed partial class LogStore : ILogBackend, IDisposable
{
    /// <summary>How often what is too old goes.</summary>
    private static readonly TimeSpan Trimming = TimeSpan.FromMinutes(1);

    private static readonly string[] Columns = ["received", "ns", "stack", "source", "type", "level", "session_id", "event_id", "message", "attrs"];

    private readonly StoreFile _file;
    private readonly IngestSettings _settings;
    private readonly TimeProvider _time;
    private readonly IngestMetrics _metrics;
    private readonly ILogger<LogStore> _logger;
    private readonly Lock _lock = new();
    private SqliteConnection? _writer;
    private long? _trimmedAt;
    private bool _isFailing;

    public LogStore(StoreFile file, IngestSettings settings, TimeProvider time, IngestMetrics metrics, ILogger<LogStore> logger)
    {
        (_file, _settings, _time, _metrics, _logger) = (file, settings, time, metrics, logger);
    }

    public long StoredBytes => _file.Length;

    public Task WriteAsync(IReadOnlyList<LogEntry> entries, CancellationToken stopping, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            try
            {
                _writer ??= _file.OpenWriter();
                Trim(_writer);
                Insert(_writer, entries);
                _metrics.Pushes.Add(PushOutcome.Ok);
                if (_isFailing)
                {
                    _isFailing = false;
                    LogRecovered();
                }
            }
            catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException)
            {
                Failed(e);
                _metrics.Pushes.Add(PushOutcome.Failed);
                _metrics.Dropped.Add(DropReason.StoreFailed, entries.Count);
            }
        }
        return Task.CompletedTask;
    }

    public Task<LogPage> QueryAsync(LogQuestion question, CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            try
            {
                using var reader = _file.OpenReader();
                return reader is null ? new LogPage([], false) : StoreQuery.Run(reader, question);
            }
            catch (SqliteException e)
            {
                throw new BackendException($"The store cannot be read: {e.Message}", e);
            }
        },
        cancellationToken);

    public void Dispose()
    {
        lock (_lock)
        {
            _writer?.Dispose();
        }
    }

    private void Insert(SqliteConnection writer, IReadOnlyList<LogEntry> entries)
    {
        var now = _time.GetUtcNow().ToUnixTimeSeconds();
        using var transaction = writer.BeginTransaction();
        using var insert = writer.CreateCommand();
        insert.Transaction = transaction;
        insert.CommandText = $"INSERT OR IGNORE INTO entries ({string.Join(", ", Columns)}) VALUES ({string.Join(", ", Columns.Select(c => "$" + c))})";
        var values = Columns.Select(c => insert.Parameters.Add(new SqliteParameter { ParameterName = "$" + c })).ToArray();
        foreach (var entry in entries)
        {
            object?[] row =
            [
                now, entry.Ns, entry.Stream.Stack, entry.Stream.Source, entry.Type, entry.Level, entry.SessionId, entry.EventId, entry.Message,
                entry.Attrs.Length == 0 ? null : Encoding.UTF8.GetString(entry.Attrs),
            ];
            for (var i = 0; i < row.Length; i++)
            {
                values[i].Value = row[i] ?? DBNull.Value;
            }
            insert.ExecuteNonQuery();
        }
        transaction.Commit();
    }

    private void Trim(SqliteConnection writer)
    {
        if (_trimmedAt is null || _time.GetElapsedTime(_trimmedAt.Value) >= Trimming)
        {
            _trimmedAt = _time.GetTimestamp();
            StoreFile.DeleteOlder(writer, _time.GetUtcNow() - _settings.Keep);
        }
        while (_file.IsNearlyFull(writer) && StoreFile.DeleteOldest(writer) > 0)
        {
            // Until a tenth is free again; what is deleted leaves pages for new entries.
        }
    }

    private void Failed(Exception e)
    {
        if (!_isFailing)
        {
            _isFailing = true;
            LogFailed(e.Message);
        }
        // A new connection next time: the file may have been replaced, or be damaged.
        _writer?.Dispose();
        _writer = null;
        if (e is SqliteException { SqliteErrorCode: SQLitePCL.raw.SQLITE_CORRUPT or SQLitePCL.raw.SQLITE_NOTADB })
        {
            _file.Replace();
            LogReplaced();
        }
    }

    [LoggerMessage(1, LogLevel.Error, "Events cannot be stored, and are lost until they can: {Reason}")]
    private partial void LogFailed(string reason);

    [LoggerMessage(2, LogLevel.Information, "Events can be stored again")]
    private partial void LogRecovered();

    [LoggerMessage(3, LogLevel.Error, "The store was damaged; a new one begins, and what was in it is lost")]
    private partial void LogReplaced();
}
