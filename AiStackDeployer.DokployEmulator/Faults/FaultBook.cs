namespace AiStackDeployer.DokployEmulator.Faults;

/// <summary>The faults in force and the gates that are held. Safe to use from any thread.</summary>
public sealed class FaultBook
{
    private readonly Lock _lock = new();
    private readonly List<Entry> _entries = [];
    private readonly List<CallGate> _gates = [];

    /// <summary>The faults still in force, oldest first.</summary>
    public IReadOnlyList<Fault> All
    {
        get
        {
            lock (_lock)
            {
                return _entries.ConvertAll(e => e.Fault with { Times = e.Left, After = e.Skip });
            }
        }
    }

    /// <summary>The oldest fault that fits a call strikes it.</summary>
    public void Add(Fault fault)
    {
        lock (_lock)
        {
            _entries.Add(new Entry(fault));
        }
    }

    /// <summary>Clears all faults; gates stay held.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _entries.Clear();
        }
    }

    /// <summary>Stops every coming call of this name until it is released.</summary>
    /// <param name="call">A procedure, or "*".</param>
    /// <param name="afterWork">Stop between the work and the answer instead of before the work.</param>
    /// <param name="onlyFirst">The calls after the first one pass.</param>
    /// <param name="outlivesClient">
    /// The call waits on, and does its work, when the client has given up: a server in Node does not notice that nobody listens.
    /// </param>
    public CallGate Hold(string call, bool afterWork = false, bool onlyFirst = false, bool outlivesClient = false)
    {
        var gate = new CallGate(call, afterWork, Remove) { OnlyFirst = onlyFirst, OutlivesClient = outlivesClient };
        lock (_lock)
        {
            _gates.Add(gate);
        }

        return gate;
    }

    internal CallGate? GateFor(string call, bool afterWork)
    {
        lock (_lock)
        {
            var gate = _gates.Find(g => g.AfterWork == afterWork && Fits(g.Call, call));
            if (gate is { OnlyFirst: true })
            {
                _gates.Remove(gate);
            }

            return gate;
        }
    }

    /// <summary>The fault that strikes this call, counted down.</summary>
    internal FaultKind? Take(string call)
    {
        lock (_lock)
        {
            FaultKind? struck = null;
            foreach (var entry in _entries.Where(e => Fits(e.Fault.Call, call)).ToList())
            {
                if (entry.Skip > 0)
                {
                    entry.Skip--;
                }
                else if (struck is null)
                {
                    struck = entry.Fault.Kind;
                    if (--entry.Left == 0)
                    {
                        _entries.Remove(entry);
                    }
                }
            }

            return struck;
        }
    }

    private void Remove(CallGate gate)
    {
        lock (_lock)
        {
            _gates.Remove(gate);
        }
    }

    private static bool Fits(string pattern, string call) =>
        (pattern == "*" && call != "stack") || string.Equals(pattern, call, StringComparison.OrdinalIgnoreCase);

    private sealed class Entry(Fault fault)
    {
        public Fault Fault => fault;
        public int? Left { get; set; } = fault.Times;
        public int Skip { get; set; } = fault.After;
    }
}

/// <summary>Calls wait here until a test lets them go.</summary>
public sealed class CallGate : IDisposable
{
    private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Action<CallGate> _remove;

    internal CallGate(string call, bool afterWork, Action<CallGate> remove) => (Call, AfterWork, _remove) = (call, afterWork, remove);

    internal string Call { get; }
    internal bool AfterWork { get; }
    internal bool OnlyFirst { get; init; }
    internal bool OutlivesClient { get; init; }

    /// <summary>Completes when the first call has arrived at the gate.</summary>
    public Task Arrived => _arrived.Task;

    /// <summary>Lets the waiting calls go on and removes the gate.</summary>
    public void Release()
    {
        _remove(this);
        _released.TrySetResult();
    }

    /// <summary>The same as <see cref="Release"/>.</summary>
    public void Dispose() => Release();

    internal Task PassAsync(CancellationToken gone)
    {
        _arrived.TrySetResult();
        return OutlivesClient ? _released.Task : _released.Task.WaitAsync(gone);
    }
}
