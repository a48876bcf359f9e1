using AiStackDeployer.Core.Audit;

namespace AiStackDeployer.Tests.TestKit;

/// <summary>The audit log in memory, for tests below the database.</summary>
internal sealed class MemoryAudit : IAuditLog
{
    public List<AuditEntry> Entries { get; } = [];

    public List<AuditQuery> Queries { get; } = [];

    /// <summary>Thrown instead of an answer.</summary>
    public Exception? Trouble { get; set; }

    /// <summary>What was done, with what outcome, on what: one line each.</summary>
    public IEnumerable<string> Lines => Entries.Select(e => $"{e.ActorId} {e.Way} {e.Action} {e.Outcome} {e.TargetName} {e.OwnerId}".TrimEnd());

    public Task WriteAsync(AuditEntry entry, CancellationToken cancellationToken) => Answer(() =>
    {
        Entries.Add(entry);
        return true;
    });

    public Task<IReadOnlyList<AuditEntry>> ReadAsync(AuditQuery query, CancellationToken cancellationToken) => Answer<IReadOnlyList<AuditEntry>>(() =>
    {
        Queries.Add(query);
        return [.. Entries.Where(e => query.Action is null || e.Action == query.Action)
            .Where(e => query.Before is null || string.CompareOrdinal(e.Id, query.Before) < 0)
            .OrderByDescending(e => e.Id, StringComparer.Ordinal).Take(query.Take)];
    });

    /// <summary>One place for each time old lines were to be removed.</summary>
    public SemaphoreSlim Forgotten { get; } = new(0);

    public Task<int> ForgetAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        var removed = Answer(() => Entries.RemoveAll(e => e.At < before));
        Forgotten.Release();
        return removed;
    }

    private Task<T> Answer<T>(Func<T> answer) => Trouble is null ? Task.FromResult(answer()) : Task.FromException<T>(Trouble);
}
