using AiStackDeployer.Core.Naming;
using Microsoft.Extensions.Time.Testing;

namespace AiStackDeployer.Tests.Naming;

public sealed class CallPaceTests
{
    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private CallPace Pace(int concurrency, int perSecond, int burst) => new(_time, new NamingOptions
    {
        UpstreamConcurrency = concurrency,
        UpstreamCallsPerSecond = perSecond,
        UpstreamBurst = burst,
    });

    [Fact]
    public async Task No_more_calls_run_at_once_than_allowed()
    {
        var pace = Pace(concurrency: 2, perSecond: 1000, burst: 1000);
        var first = await pace.EnterAsync(Ct);
        await pace.EnterAsync(Ct);
        var third = pace.EnterAsync(Ct);
        Assert.False(third.IsCompleted);

        first.Dispose();
        first.Dispose();

        await third;
        Assert.False(pace.EnterAsync(Ct).IsCompleted);
    }

    [Fact]
    public async Task After_a_burst_calls_start_one_interval_apart()
    {
        var pace = Pace(concurrency: 100, perSecond: 10, burst: 3);
        for (var call = 0; call < 3; call++)
        {
            Assert.True(pace.EnterAsync(Ct).IsCompleted);
        }

        var fourth = pace.EnterAsync(Ct);
        var fifth = pace.EnterAsync(Ct);
        _time.Advance(TimeSpan.FromMilliseconds(99));
        Assert.False(fourth.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await fourth;
        Assert.False(fifth.IsCompleted);
    }

    [Fact]
    public void A_calm_moment_gives_back_the_burst_and_no_more()
    {
        var pace = Pace(concurrency: 100, perSecond: 10, burst: 2);
        _ = pace.EnterAsync(Ct);
        _ = pace.EnterAsync(Ct);

        _time.Advance(TimeSpan.FromHours(1));

        Assert.True(pace.EnterAsync(Ct).IsCompleted);
        Assert.True(pace.EnterAsync(Ct).IsCompleted);
        Assert.False(pace.EnterAsync(Ct).IsCompleted);
    }

    [Fact]
    public async Task Who_gives_up_in_line_uses_neither_a_slot_nor_the_allowance()
    {
        var pace = Pace(concurrency: 2, perSecond: 10, burst: 1);
        using var gone = new CancellationTokenSource();
        (await pace.EnterAsync(Ct)).Dispose();
        var given = new[] { pace.EnterAsync(gone.Token), pace.EnterAsync(gone.Token), pace.EnterAsync(gone.Token) };

        await gone.CancelAsync();
        foreach (var call in given)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        }

        _time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.True(pace.EnterAsync(Ct).IsCompleted);
    }
}
