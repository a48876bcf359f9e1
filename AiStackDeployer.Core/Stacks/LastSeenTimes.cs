namespace AiStackDeployer.Core.Stacks;

/// <summary>
/// When each stack was last looked at, and when it last answered, in memory: written to the database it would be a write for each
/// stack every few minutes. After a start the stored time counts until the first look.
/// </summary>
public sealed class LastSeenTimes
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _entries = [];

    /// <summary>Notes that a look begins; false when the last one began less than <paramref name="fresh"/> ago.</summary>
    public bool TryBeginLook(string stackId, DateTimeOffset now, TimeSpan fresh)
    {
        lock (_lock)
        {
            var before = _entries.GetValueOrDefault(stackId);
            if (now - before.LookedAt < fresh)
            {
                return false;
            }
            _entries[stackId] = before with { LookedAt = now };
            return true;
        }
    }

    public void Answered(string stackId, DateTimeOffset at)
    {
        lock (_lock)
        {
            _entries[stackId] = _entries.GetValueOrDefault(stackId) with { AnsweredAt = at };
        }
    }

    /// <summary>The health with the newest time it was seen.</summary>
    public StackHealth Complete(string stackId, StackHealth stored)
    {
        lock (_lock)
        {
            return _entries.TryGetValue(stackId, out var entry) && entry.AnsweredAt is { } at && !(at <= stored.SeenAt)
                ? stored with { SeenAt = at }
                : stored;
        }
    }

    /// <summary>Forgets stacks that nobody has looked at since.</summary>
    public void ForgetBefore(DateTimeOffset moment)
    {
        lock (_lock)
        {
            foreach (var (id, _) in _entries.Where(e => e.Value.LookedAt < moment).ToList())
            {
                _entries.Remove(id);
            }
        }
    }

    private readonly record struct Entry(DateTimeOffset LookedAt, DateTimeOffset? AnsweredAt);
}
