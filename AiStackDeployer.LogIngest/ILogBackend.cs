using AiStackDeployer.LogIngest.Query;

namespace AiStackDeployer.LogIngest;

/// <summary>Where events end up: Loki, or the file of the ingest itself.</summary>
internal interface ILogBackend
{
    long StoredBytes { get; }

    /// <summary>Stores them, or counts those that it cannot store. Takes as long as it must; fails only when it is cancelled.</summary>
    /// <param name="stopping">The ingest ends: no more long pauses.</param>
    /// <param name="cancellationToken">The time to drain is over.</param>
    Task WriteAsync(IReadOnlyList<LogEntry> entries, CancellationToken stopping, CancellationToken cancellationToken);

    /// <exception cref="BackendException">It does not answer.</exception>
    Task<LogPage> QueryAsync(LogQuestion question, CancellationToken cancellationToken);
}

/// <summary>Loki or the store cannot answer; the message says why, for a person.</summary>
internal sealed class BackendException(string message, Exception? inner = null) : Exception(message, inner);
