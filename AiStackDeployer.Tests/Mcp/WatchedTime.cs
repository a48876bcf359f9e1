using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace AiStackDeployer.Tests.Mcp;

/// <summary>Tells when somebody begins to wait for a certain time.</summary>
internal sealed class WatchedTime(DateTimeOffset start) : FakeTimeProvider(start)
{
    private readonly Channel<TimeSpan> _waits = Channel.CreateUnbounded<TimeSpan>();

    public async Task WaitsForAsync(TimeSpan due)
    {
        while (await _waits.Reader.ReadAsync(TestContext.Current.CancellationToken) != due)
        {
        }
    }

    /// <summary>The next wait that begins, or has begun since the last question.</summary>
    public ValueTask<TimeSpan> NextWaitAsync() => _waits.Reader.ReadAsync(TestContext.Current.CancellationToken);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        _waits.Writer.TryWrite(dueTime);
        return timer;
    }
}
