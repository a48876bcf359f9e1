using AiStackDeployer.Core.Deployments;

namespace AiStackDeployer.Tests.Deployments;

public sealed class DeploymentSignalsTests
{
    private readonly DeploymentSignals _signals = new();

    [Fact]
    public void A_signal_before_the_waiting_is_kept_and_many_are_one()
    {
        using var subscription = _signals.Subscribe("dep_1");
        _signals.Notify("dep_1");
        _signals.Notify("dep_1");

        Assert.True(Hears(subscription));
        Assert.False(Hears(subscription));
    }

    [Fact]
    public void An_ear_hears_its_own_deployment_and_the_line_and_the_ear_for_all_hears_everything()
    {
        using var own = _signals.Subscribe("dep_1");
        using var all = _signals.Subscribe(null);

        _signals.Notify("dep_2");
        Assert.Equal((false, true), (Hears(own), Hears(all)));
        _signals.Notify("dep_2", lineMoved: true);
        Assert.Equal((true, true), (Hears(own), Hears(all)));
    }

    [Fact]
    public void A_disposed_ear_is_no_longer_counted()
    {
        var subscription = _signals.Subscribe("dep_1");
        Assert.Equal(1, _signals.WatcherCount);

        subscription.Dispose();
        subscription.Dispose();

        Assert.Equal(0, _signals.WatcherCount);
    }

    [Fact]
    public void A_wish_to_cancel_reaches_the_runs_of_its_deployment_only()
    {
        using var one = _signals.WatchForCancel("dep_1");
        using var other = _signals.WatchForCancel("dep_2");

        _signals.NotifyCancel("dep_1");

        Assert.Equal((true, false), (one.Token.IsCancellationRequested, other.Token.IsCancellationRequested));
    }

    [Fact]
    public void A_wish_after_the_end_of_the_run_goes_nowhere()
    {
        var ended = _signals.WatchForCancel("dep_1");
        ended.Dispose();

        _signals.NotifyCancel("dep_1");
    }

    [Fact]
    public async Task Whoever_wishes_to_cancel_does_not_carry_the_run_on_himself()
    {
        using var wish = _signals.WatchForCancel("dep_1");
        using var wished = new ManualResetEventSlim();
        var carriedOn = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        // In the wisher's own thread this would wait in vain: he gets no further until it returns.
        using var registration = wish.Token.Register(() =>
            carriedOn.SetResult(wished.Wait(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken)));

        _signals.NotifyCancel("dep_1");
        wished.Set();

        Assert.True(await carriedOn.Task.WaitAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>Whether a signal is waiting; takes it. Who may not wait at all gets only that.</summary>
    private static bool Hears(DeploymentSubscription subscription) =>
        subscription.WaitAsync(Timeout.InfiniteTimeSpan, TimeProvider.System, new CancellationToken(canceled: true)).IsCompletedSuccessfully;
}
