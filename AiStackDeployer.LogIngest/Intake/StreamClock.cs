namespace AiStackDeployer.LogIngest.Intake;

/// <summary>
/// Fixes the place of an event in time, once. Loki refuses what is too far ahead of its clock, or too far behind the newest of the same
/// stream; such an event is placed at the time it came, because a wrong clock must not cost its stack the log. Loki also keeps only one of two
/// equal lines with the same time, so the digits below the client's clock come from the event's id: they differ between
/// events, and are the same when a batch is sent again.
/// </summary>
internal sealed class StreamClock(TimeProvider time)
{
    /// <summary>Below Loki's 10 minutes by what an event may wait for in the queue or in the difference of two clocks.</summary>
    public static TimeSpan MostAhead { get; } = TimeSpan.FromMinutes(10) - TimeSpan.FromSeconds(30);

    public static TimeSpan MostBehind { get; } = TimeSpan.FromHours(1) - TimeSpan.FromMinutes(1);

    private const int MostStreams = 50_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<LogStream, DateTimeOffset> _newest = [];

    /// <param name="stream">Whose newest event counts.</param>
    /// <param name="at">What the client says.</param>
    /// <param name="index">The event's place in its batch, which keeps the order of events of one millisecond.</param>
    /// <param name="eventId">The event's own id.</param>
    /// <param name="moved">Whether it was placed elsewhere than the client says.</param>
    /// <returns>Nanoseconds since 1970.</returns>
    public long Place(LogStream stream, DateTimeOffset at, int index, string eventId, out bool moved)
    {
        var now = time.GetUtcNow();
        lock (_lock)
        {
            // Without a newer one, now: Loki may have a newer one from before a restart.
            var newest = _newest.TryGetValue(stream, out var known) ? known : now;
            moved = at > now + MostAhead || at < newest - MostBehind;
            at = moved ? now.AddTicks(-(now.UtcTicks % TimeSpan.TicksPerMillisecond)) : at;
            if (at > newest || !_newest.ContainsKey(stream))
            {
                if (_newest.Count >= MostStreams)
                {
                    _newest.Clear();
                }
                _newest[stream] = at > newest ? at : newest;
            }
        }
        var ticks = (at - DateTimeOffset.UnixEpoch).Ticks;
        var isWholeMillisecond = ticks % TimeSpan.TicksPerMillisecond == 0;
        return (ticks * 100) + (isWholeMillisecond ? (index % 500 * 2_000) + (Hash(eventId) % 2_000) : Hash(eventId) % 100);
    }

    /// <summary>FNV-1a: the same after a restart, unlike a string's own hash.</summary>
    private static long Hash(string text)
    {
        var hash = 2_166_136_261u;
        foreach (var c in text)
        {
            hash = unchecked((hash ^ c) * 16_777_619u);
        }
        return hash;
    }
}
