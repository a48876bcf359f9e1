namespace AiStackDeployer.DokployEmulator.World;

/// <summary>A request the API received.</summary>
/// <param name="Call">The procedure, e.g. "project.create", as Dokploy spells it when it knows it.</param>
/// <param name="Path">Path and query as sent.</param>
/// <param name="Body">The body as sent, may hold secrets.</param>
public sealed record RecordedCall(string Call, string Method, string Path, string Body, DateTimeOffset At)
{
    private int _status;

    /// <summary>The status answered; 0 = not answered (yet).</summary>
    public int Status
    {
        get => Volatile.Read(ref _status);
        internal set => Volatile.Write(ref _status, value);
    }
}

/// <summary>The calls received so far, refused ones too.</summary>
public sealed class CallLog
{
    /// <summary>Older calls are forgotten, the counts are not.</summary>
    private const int Kept = 20_000;

    private readonly Lock _lock = new();
    private readonly Queue<RecordedCall> _calls = new();
    private readonly Dictionary<string, int> _counts = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<RecordedCall> All
    {
        get
        {
            lock (_lock)
            {
                return [.. _calls];
            }
        }
    }

    /// <summary>How often each procedure was called.</summary>
    public IReadOnlyDictionary<string, int> Counts
    {
        get
        {
            lock (_lock)
            {
                return new SortedDictionary<string, int>(_counts, StringComparer.Ordinal);
            }
        }
    }

    /// <summary>How often a procedure was called.</summary>
    public int Count(string call)
    {
        lock (_lock)
        {
            return _counts.GetValueOrDefault(call);
        }
    }

    /// <summary>Forgets calls and counts.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _calls.Clear();
            _counts.Clear();
        }
    }

    internal void Add(RecordedCall call)
    {
        lock (_lock)
        {
            _calls.Enqueue(call);
            _counts[call.Call] = _counts.GetValueOrDefault(call.Call) + 1;
            while (_calls.Count > Kept)
            {
                _calls.Dequeue();
            }
        }
    }
}
