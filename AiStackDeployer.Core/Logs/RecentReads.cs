using System.Collections.Concurrent;

namespace AiStackDeployer.Core.Logs;

/// <summary>What was read a moment ago is for everybody who asks in that moment: each read is a call of somebody else's API.</summary>
internal sealed class RecentReads<TKey, T>(TimeProvider time) where TKey : notnull
{
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<TKey, (DateTimeOffset At, Lazy<Task<T>> Read)> _reads = new();

    public Task<T> ReadAsync(TKey key, Func<Task<T>> read)
    {
        var now = time.GetUtcNow();
        foreach (var old in _reads.Where(entry => now - entry.Value.At >= Kept))
        {
            _reads.TryRemove(old);
        }
        return _reads.GetOrAdd(key, _ => (now, new Lazy<Task<T>>(read))).Read.Value;
    }
}
