namespace AiStackDeployer.Tests.TestKit;

/// <summary>
/// A clock that runs faster than the machine's, timers included: minutes of waiting are over in seconds. A busy machine makes things take
/// longer by it, so only tests may use it in which any timeout may strike at any time.
/// </summary>
internal sealed class FastClock(int rate) : TimeProvider
{
    private readonly DateTimeOffset _start = System.GetUtcNow();
    private readonly long _from = System.GetTimestamp();

    public override DateTimeOffset GetUtcNow() => _start + (System.GetElapsedTime(_from) * rate);

    public override long GetTimestamp() => _from + ((System.GetTimestamp() - _from) * rate);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new FastTimer(System.CreateTimer(callback, state, Real(dueTime), Real(period)), this);

    private TimeSpan Real(TimeSpan span) => span == Timeout.InfiniteTimeSpan ? span : span / rate;

    private sealed class FastTimer(ITimer timer, FastClock clock) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(clock.Real(dueTime), clock.Real(period));

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}
