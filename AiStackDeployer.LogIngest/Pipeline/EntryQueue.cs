namespace AiStackDeployer.LogIngest.Pipeline;

internal enum Added
{
    All,

    /// <summary>There is no room, and the stream has no claim to more than it has.</summary>
    Full,

    /// <summary>The ingest ends.</summary>
    Closed,
}

/// <summary>
/// What waits for Loki or the store: bounded by the memory that it takes, a lane for each stream, which are served in turn. When it is full,
/// a stream that has less than its share pushes out the oldest events of the one that has most; the others are refused.
/// </summary>
internal sealed class EntryQueue(long mostBytes) : IDisposable
{
    /// <summary>Events that a lane may hand over before it is the next one's turn.</summary>
    private const int Turn = 50;

    private readonly Lock _lock = new();
    private readonly Dictionary<LogStream, Lane> _lanes = [];
    private readonly Queue<Lane> _turns = new();
    private readonly SemaphoreSlim _changed = new(0);
    private long _bytes;
    private long _waitingBytes;
    private int _count;
    private bool _closed;

    /// <summary>Events that wait; those being pushed are not among them.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _count;
            }
        }
    }

    /// <summary>Memory of all that has not been stored yet, that being pushed included.</summary>
    public long Bytes
    {
        get
        {
            lock (_lock)
            {
                return _bytes;
            }
        }
    }

    public bool IsClosed
    {
        get
        {
            lock (_lock)
            {
                return _closed;
            }
        }
    }

    /// <param name="entries">All of one stream.</param>
    /// <param name="evicted">Events of other streams that had to go.</param>
    public Added TryAdd(IReadOnlyList<LogEntry> entries, out int evicted)
    {
        evicted = 0;
        lock (_lock)
        {
            if (_closed)
            {
                return Added.Closed;
            }
            var stream = entries[0].Stream;
            var bytes = entries.Sum(e => (long)e.Bytes);
            var isNew = !_lanes.TryGetValue(stream, out var lane);
            lane ??= new Lane(stream);
            if (_bytes + bytes > mostBytes && !MakeRoom(lane, isNew, bytes, ref evicted))
            {
                return Added.Full;
            }
            if (isNew)
            {
                _lanes[stream] = lane;
                _turns.Enqueue(lane);
            }
            foreach (var entry in entries)
            {
                lane.Entries.Enqueue(entry);
            }
            lane.Bytes += bytes;
            _bytes += bytes;
            _waitingBytes += bytes;
            _count += entries.Count;
        }
        Pulse();
        return Added.All;
    }

    /// <summary>Waits until something is there, then until it is a batch's worth or <paramref name="gathering"/> is over.</summary>
    /// <returns>False when it is closed and empty.</returns>
    public async Task<bool> WaitAsync(int most, long bytes, TimeSpan gathering, TimeProvider time)
    {
        while (Count == 0)
        {
            if (IsClosed)
            {
                return false;
            }
            await _changed.WaitAsync();
        }
        using var over = new CancellationTokenSource(gathering, time);
        while (!IsEnough(most, bytes) && !over.IsCancellationRequested)
        {
            await _changed.WaitAsync(over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        return true;
    }

    public List<LogEntry> Take(int most, long bytes)
    {
        var batch = new List<LogEntry>(most);
        lock (_lock)
        {
            var room = bytes;
            while (batch.Count < most && _turns.TryPeek(out var lane))
            {
                for (var i = 0; i < Turn && batch.Count < most && lane.Entries.TryPeek(out var next); i++)
                {
                    if (batch.Count > 0 && next.Bytes > room)
                    {
                        return batch;
                    }
                    room -= next.Bytes;
                    batch.Add(next);
                    _waitingBytes -= next.Bytes;
                    Remove(lane);
                }
                _turns.Dequeue();
                if (lane.Entries.Count > 0)
                {
                    _turns.Enqueue(lane);
                }
                else
                {
                    _lanes.Remove(lane.Stream);
                }
            }
        }
        return batch;
    }

    /// <summary>What was taken is stored, or given up: its memory is free.</summary>
    public void Release(IReadOnlyList<LogEntry> batch)
    {
        lock (_lock)
        {
            _bytes -= batch.Sum(e => (long)e.Bytes);
        }
    }

    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
        }
        Pulse();
    }

    public void Dispose() => _changed.Dispose();

    private bool IsEnough(int most, long bytes)
    {
        lock (_lock)
        {
            return _closed || _count >= most || _waitingBytes >= bytes;
        }
    }

    /// <summary>One pulse in stock is enough: whoever waits looks again at everything.</summary>
    private void Pulse()
    {
        if (_changed.CurrentCount == 0)
        {
            _changed.Release();
        }
    }

    private bool MakeRoom(Lane lane, bool isNew, long bytes, ref int evicted)
    {
        var share = mostBytes / (_lanes.Count + (isNew ? 1 : 0));
        if (lane.Bytes + bytes > share)
        {
            return false;
        }
        while (_bytes + bytes > mostBytes)
        {
            var largest = _lanes.Values.MaxBy(l => l.Bytes);
            if (largest is null || largest.Bytes <= share)
            {
                // The rest is being pushed right now.
                return false;
            }
            do
            {
                var oldest = largest.Entries.Peek();
                _bytes -= oldest.Bytes;
                _waitingBytes -= oldest.Bytes;
                Remove(largest);
                evicted++;
            }
            while (largest.Bytes > share && _bytes + bytes > mostBytes);
        }
        return true;
    }

    private void Remove(Lane lane)
    {
        lane.Bytes -= lane.Entries.Dequeue().Bytes;
        _count--;
    }

    private sealed class Lane(LogStream stream)
    {
        public LogStream Stream { get; } = stream;

        public Queue<LogEntry> Entries { get; } = new();

        public long Bytes { get; set; }
    }
}
