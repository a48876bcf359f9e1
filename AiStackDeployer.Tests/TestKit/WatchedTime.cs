using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace AiStackDeployer.Tests.TestKit;

/// <summary>A clock that the test moves, and that tells when somebody begins to wait for a certain time.</summary>
internal sealed class WatchedTime(DateTimeOffset start) : FakeTimeProvider(start)
{
    private readonly Channel<TimeSpan> _waits = Channel.CreateUnbounded<TimeSpan>();

    public Task WaitsForAsync(TimeSpan due) => TimerAsync(wait => wait == due, TestContext.Current.CancellationToken);

    /// <summary>The next wait that begins, or has begun since the last question.</summary>
    public ValueTask<TimeSpan> NextWaitAsync() => _waits.Reader.ReadAsync(TestContext.Current.CancellationToken);

    /// <summary>Completes when a timer that fits has been set.</summary>
    public async Task TimerAsync(Func<TimeSpan, bool> fits, CancellationToken cancellationToken)
    {
        while (!fits(await _waits.Reader.ReadAsync(cancellationToken)))
        {
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        _waits.Writer.TryWrite(dueTime);
        return timer;
    }
}
