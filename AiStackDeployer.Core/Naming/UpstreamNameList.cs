namespace AiStackDeployer.Core.Naming;

/// <summary>
/// The one list of upstream names that everybody shares. It is read only while somebody asks, by one call at a time, and the less
/// often the longer a call takes. A list that is a little old is still handed out while the next one is read.
/// </summary>
/// <remarks>
/// Not HybridCache: the lifetime of its entries is fixed before the value is made, everybody waits each time one expires, and it
/// keeps no failures.
/// </remarks>
public sealed class UpstreamNameList(IUpstreamNames upstream, TimeProvider time, NamingOptions options) : IDisposable
{
    /// <summary>Reading takes at most one part in twenty of the time.</summary>
    private const int FreshPerCost = 20;

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _closing = new();
    private Task<UpstreamNames> _reading = Task.FromResult(UpstreamNames.Unreachable);
    private long _begun;
    private Answer? _last;

    /// <summary>Cancelling ends this caller's waiting and not the call, which the others wait for too.</summary>
    public async Task<UpstreamNames> GetAsync(CancellationToken cancellationToken)
    {
        Task<UpstreamNames> reading;
        TimeSpan left;
        lock (_gate)
        {
            var age = _last is { } last ? time.GetElapsedTime(last.At) : TimeSpan.MaxValue;
            if (_reading.IsCompleted && (_last is null || age >= _last.FreshFor))
            {
                _begun = time.GetTimestamp();
                // Away from the asker's circuit and trace, which the call may outlive.
                using var apart = ExecutionContext.SuppressFlow();
                _reading = Task.Run(ReadAsync, _closing.Token);
            }
            if (_last is not null && age < _last.FreshFor * 2)
            {
                return _last.Names;
            }
            reading = _reading;
            left = options.UpstreamTimeout - time.GetElapsedTime(_begun);
        }
        try
        {
            return await reading.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            return UpstreamNames.Unreachable;
        }
    }

    /// <summary>Ends the call that is out. The source has no timer to dispose of, and may be cancelled twice.</summary>
    public void Dispose() => _closing.Cancel();

    private async Task<UpstreamNames> ReadAsync()
    {
        var names = await upstream.ListAsync(_closing.Token);
        lock (_gate)
        {
            var fresh = names.Projects is null ? options.FreshAtLeast : time.GetElapsedTime(_begun) * FreshPerCost;
            fresh = fresh > options.FreshAtLeast ? fresh : options.FreshAtLeast;
            _last = new Answer(names, time.GetTimestamp(), fresh < options.FreshAtMost ? fresh : options.FreshAtMost);
        }
        return names;
    }

    private sealed record Answer(UpstreamNames Names, long At, TimeSpan FreshFor);
}
