using System.Diagnostics.CodeAnalysis;

namespace AiStackDeployer.Core.Naming;

/// <summary>
/// Stands between everybody who types and the one platform upstream: answers are kept for a few seconds, one call serves
/// all who ask about the same name, and calls start no faster than the platform is meant to bear.
/// </summary>
internal sealed class SharedUpstreamNames(IUpstreamNames upstream, TimeProvider time, NamingOptions options)
    : IDisposable, IAsyncDisposable
{
    /// <summary>Kept answers beyond this many are swept; the pace of calls keeps the live ones well below it.</summary>
    private const int SweepAbove = 64;

    private readonly Lock _gate = new();
    private readonly Dictionary<StackName, (UpstreamNameAnswer Answer, long At)> _kept = [];
    private readonly Dictionary<StackName, Flight> _flights = [];
    private readonly HashSet<Flight> _unfinished = [];
    private readonly CallPace _pace = new(time, options);
    private bool _isClosed;

    /// <summary>
    /// Cancelling ends this caller's waiting. The call goes on for the others; it is dropped only when nobody waits any
    /// more and it has not left yet.
    /// </summary>
    public async Task<UpstreamNameAnswer> LookUpAsync(StackName name, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Flight? flight;
        bool isMine;
        lock (_gate)
        {
            if (_kept.TryGetValue(name, out var answer) && IsFresh(answer.At))
            {
                return answer.Answer;
            }

            isMine = !_flights.TryGetValue(name, out flight);
            if (flight is null)
            {
                ObjectDisposedException.ThrowIf(_isClosed, this);
                flight = new Flight(name);
                _flights[name] = flight;
                _unfinished.Add(flight);
            }

            flight.Waiting++;
        }

        if (isMine)
        {
            Start(flight);
        }

        try
        {
            return await flight.Answer.WaitAsync(cancellationToken);
        }
        finally
        {
            Leave(flight);
        }
    }

    public void Dispose() => Close();

    public async ValueTask DisposeAsync() =>
        await Task.WhenAll(Close().Select(Task (flight) => flight.Answer)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private Flight[] Close()
    {
        Flight[] rest;
        lock (_gate)
        {
            _isClosed = true;
            rest = [.. _unfinished];
        }

        foreach (var flight in rest)
        {
            flight.End();
        }

        return rest;
    }

    /// <summary>Starts away from the asker's circuit, which the call may outlive because others wait for it too.</summary>
    private void Start(Flight flight)
    {
        var circuit = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            _ = FlyAsync(flight);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(circuit);
        }
    }

    private async Task FlyAsync(Flight flight)
    {
        try
        {
            using var slot = await _pace.EnterAsync(flight.Ended);
            MarkLeft(flight);
            var answer = await CallAsync(flight);
            Remove(flight, answer);
            flight.Land(answer);
        }
        catch (OperationCanceledException) when (flight.Ended.IsCancellationRequested)
        {
            Remove(flight, answer: null);
            flight.Cancel();
        }
        catch (Exception defect)
        {
            Remove(flight, answer: null);
            flight.Fail(defect);
        }
    }

    private void MarkLeft(Flight flight)
    {
        bool isTooLate;
        lock (_gate)
        {
            flight.HasLeft = true;
            isTooLate = _isClosed;
        }

        if (isTooLate)
        {
            // Closing ends the flights one after another: the slot of one may reach the next before its own end does.
            flight.End();
        }

        flight.Ended.ThrowIfCancellationRequested();
    }

    private async Task<UpstreamNameAnswer> CallAsync(Flight flight)
    {
        using var timeout = new CancellationTokenSource(options.UpstreamTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(flight.Ended, timeout.Token);
        try
        {
            // The timeout holds even for a call that does not listen to its token.
            return await upstream.LookUpAsync(flight.Name, either.Token).WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!flight.Ended.IsCancellationRequested)
        {
            return UpstreamNameAnswer.Unreachable;
        }
    }

    private void Remove(Flight flight, UpstreamNameAnswer? answer)
    {
        lock (_gate)
        {
            Unlist(flight);
            _unfinished.Remove(flight);
            if (answer is { } definite and not UpstreamNameAnswer.Unreachable)
            {
                Sweep();
                _kept[flight.Name] = (definite, time.GetTimestamp());
            }
        }
    }

    private void Leave(Flight flight)
    {
        bool isUnwanted;
        lock (_gate)
        {
            isUnwanted = --flight.Waiting == 0 && !flight.HasLeft;
            if (isUnwanted)
            {
                Unlist(flight);
            }
        }

        if (isUnwanted)
        {
            flight.End();
        }
    }

    /// <summary>Nobody joins this flight from here on; one that took its place under the same name stays.</summary>
    private void Unlist(Flight flight)
    {
        if (_flights.TryGetValue(flight.Name, out var current) && current == flight)
        {
            _flights.Remove(flight.Name);
        }
    }

    private void Sweep()
    {
        if (_kept.Count < SweepAbove)
        {
            return;
        }

        foreach (var (name, answer) in _kept)
        {
            if (!IsFresh(answer.At))
            {
                _kept.Remove(name);
            }
        }
    }

    private bool IsFresh(long at) => time.GetElapsedTime(at) < options.CacheFor;

    /// <summary>One call upstream and those who wait for it. The settable members are guarded by the owner's lock.</summary>
    [SuppressMessage("Design", "CA1001", Justification = "A source without timer, link or wait handle owns nothing; disposing it would race with End.")]
    private sealed class Flight(StackName name)
    {
        private readonly TaskCompletionSource<UpstreamNameAnswer> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly CancellationTokenSource _ended = new();

        public StackName Name { get; } = name;

        public int Waiting { get; set; }

        /// <summary>The call has started, so that its answer is worth having even without anybody waiting.</summary>
        public bool HasLeft { get; set; }

        public CancellationToken Ended => _ended.Token;

        public Task<UpstreamNameAnswer> Answer => _answer.Task;

        public void End() => _ended.Cancel();

        public void Land(UpstreamNameAnswer value) => _answer.TrySetResult(value);

        public void Cancel() => _answer.TrySetCanceled(_ended.Token);

        public void Fail(Exception defect) => _answer.TrySetException(defect);
    }
}
