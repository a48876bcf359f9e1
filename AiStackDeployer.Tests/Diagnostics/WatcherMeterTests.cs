using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Diagnostics;
using AiStackDeployer.Tests.TestKit;
using AiStackDeployer.Web.Components.Parts;

namespace AiStackDeployer.Tests.Diagnostics;

public sealed class WatcherMeterTests : IDisposable
{
    private readonly TestMeters _meters = new();
    private readonly DeploymentSignals _signals = new();
    private readonly WatcherMeter _watchers;

    public WatcherMeterTests() => _watchers = new WatcherMeter(_meters, _signals);

    public void Dispose() => _meters.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Watchers_of_the_feed_are_those_that_listen_now()
    {
        using (_signals.Subscribe("dep_1"))
        {
            Assert.Equal(1, _meters.Observe("aistack.feed.watchers")[0].Value);
        }
        Assert.Equal(0, _meters.Observe("aistack.feed.watchers")[0].Value);
    }

    [Fact]
    public void A_stream_that_is_closed_twice_is_closed_once()
    {
        var stream = _watchers.StreamOpened();
        Assert.Equal(1, _meters.Sum("aistack.streams", ""));

        stream.Dispose();
        stream.Dispose();

        Assert.Equal(0, _meters.Sum("aistack.streams", ""));
    }

    [Fact]
    public async Task A_circuit_is_in_one_state_at_a_time_and_leaves_none_behind()
    {
        var circuit = new CircuitCount(_watchers);

        await circuit.OnCircuitOpenedAsync(null!, Token);
        Assert.Equal((0, 1), Circuits());
        await circuit.OnConnectionUpAsync(null!, Token);
        Assert.Equal((1, 0), Circuits());
        await circuit.OnConnectionDownAsync(null!, Token);
        Assert.Equal((0, 1), Circuits());
        await circuit.OnConnectionUpAsync(null!, Token);
        // The framework says "down" once more when it throws a connected circuit away.
        await circuit.OnConnectionDownAsync(null!, Token);
        await circuit.OnConnectionDownAsync(null!, Token);
        Assert.Equal((0, 1), Circuits());
        await circuit.OnCircuitClosedAsync(null!, Token);
        Assert.Equal((0, 0), Circuits());
    }

    [Fact]
    public async Task A_circuit_that_closes_before_its_connection_is_gone_counts_nowhere_afterwards()
    {
        var circuit = new CircuitCount(_watchers);
        await circuit.OnCircuitOpenedAsync(null!, Token);
        await circuit.OnConnectionUpAsync(null!, Token);

        await circuit.OnCircuitClosedAsync(null!, Token);
        await circuit.OnConnectionDownAsync(null!, Token);

        Assert.Equal((0, 0), Circuits());
    }

    private (double Connected, double Disconnected) Circuits() =>
        (_meters.Sum("aistack.circuits", "state=connected"), _meters.Sum("aistack.circuits", "state=disconnected"));
}
