using System.Diagnostics.CodeAnalysis;

namespace AiStackDeployer.Core.Naming;

/// <summary>
/// Lets calls start no faster than so many a second and no more at once than allowed; who waits, waits in line. Who
/// gives up waiting has used nothing of the allowance.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore whose wait handle is never taken owns nothing, and late slots are returned after shutdown.")]
internal sealed class CallPace(TimeProvider time, NamingOptions options)
{
    private readonly SemaphoreSlim slots = new(options.UpstreamConcurrency);
    private readonly SemaphoreSlim door = new(1);
    private readonly TimeSpan interval = TimeSpan.FromSeconds(1.0 / options.UpstreamCallsPerSecond);
    private readonly long start = time.GetTimestamp();

    /// <summary>When, since <see cref="start"/>, the allowance is full again; only touched by who stands in the door.</summary>
    private TimeSpan fullAt;

    /// <summary>Waits for a turn. Disposing the answer makes room for another call.</summary>
    public async Task<IDisposable> EnterAsync(CancellationToken ct)
    {
        await slots.WaitAsync(ct);
        try
        {
            await PassDoorAsync(ct);
            return new Slot(slots);
        }
        catch
        {
            slots.Release();
            throw;
        }
    }

    private async Task PassDoorAsync(CancellationToken ct)
    {
        await door.WaitAsync(ct);
        try
        {
            var wait = fullAt - (interval * (options.UpstreamBurst - 1)) - time.GetElapsedTime(start);
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, time, ct);
            }

            var now = time.GetElapsedTime(start);
            fullAt = (fullAt > now ? fullAt : now) + interval;
        }
        finally
        {
            door.Release();
        }
    }

    private sealed class Slot(SemaphoreSlim slots) : IDisposable
    {
        private int isReturned;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref isReturned, 1) == 0)
            {
                slots.Release();
            }
        }
    }
}
