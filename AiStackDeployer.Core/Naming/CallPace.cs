using System.Diagnostics.CodeAnalysis;

namespace AiStackDeployer.Core.Naming;

/// <summary>
/// Limits the rate and the concurrency of calls; callers wait in the order they arrive. A caller that gives up waiting has
/// used none of the allowance.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore whose wait handle is never taken owns nothing, and late slots are returned after shutdown.")]
internal sealed class CallPace(TimeProvider time, NamingOptions options)
{
    private readonly SemaphoreSlim _slots = new(options.UpstreamConcurrency);
    private readonly SemaphoreSlim _door = new(1);
    private readonly TimeSpan _interval = TimeSpan.FromSeconds(1.0 / options.UpstreamCallsPerSecond);
    private readonly long _start = time.GetTimestamp();

    /// <summary>When, since <see cref="_start"/>, the allowance is full again; touched only while holding <see cref="_door"/>.</summary>
    private TimeSpan _fullAt;

    /// <summary>Waits for a turn. Disposing the answer makes room for another call.</summary>
    public async Task<IDisposable> EnterAsync(CancellationToken cancellationToken)
    {
        await _slots.WaitAsync(cancellationToken);
        try
        {
            await PassDoorAsync(cancellationToken);
            return new Slot(_slots);
        }
        catch
        {
            _slots.Release();
            throw;
        }
    }

    private async Task PassDoorAsync(CancellationToken cancellationToken)
    {
        await _door.WaitAsync(cancellationToken);
        try
        {
            var wait = _fullAt - (_interval * (options.UpstreamBurst - 1)) - time.GetElapsedTime(_start);
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, time, cancellationToken);
            }

            var now = time.GetElapsedTime(_start);
            _fullAt = (_fullAt > now ? _fullAt : now) + _interval;
        }
        finally
        {
            _door.Release();
        }
    }

    private sealed class Slot(SemaphoreSlim slots) : IDisposable
    {
        private int _isReturned;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isReturned, 1) == 0)
            {
                slots.Release();
            }
        }
    }
}
