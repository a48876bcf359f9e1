using System.Diagnostics.Metrics;
using AiStackDeployer.Core.Deployments;

namespace AiStackDeployer.Core.Diagnostics;

/// <summary>Who looks on: pages, streams and assistants that follow deployments.</summary>
public sealed class WatcherMeter
{
    public const string Name = "AiStackDeployer.Watchers";

    private readonly UpDownCounter<long> _streams;
    private readonly UpDownCounter<long> _circuits;

    public WatcherMeter(IMeterFactory meters, DeploymentSignals signals)
    {
        var meter = meters.Create(Name);
        meter.CreateObservableUpDownCounter(
            "aistack.feed.watchers", () => signals.WatcherCount, "{watcher}", "Watchers of the feed: pages, streams and assistants together.");
        _streams = meter.CreateUpDownCounter<long>("aistack.streams", "{stream}", "Open streams of server-sent events.");
        _circuits = meter.CreateUpDownCounter<long>(
            "aistack.circuits", "{circuit}", "Open pages: connected, or kept for a browser that may come back.");
    }

    public void BeginAtZero()
    {
        _streams.Add(0);
        CircuitIs(0, isConnected: true);
        CircuitIs(0, isConnected: false);
    }

    /// <summary>A stream is open until the returned token is disposed of.</summary>
    public IDisposable StreamOpened()
    {
        _streams.Add(1);
        return new Closing(() => _streams.Add(-1));
    }

    /// <summary>A circuit comes into (+1) or leaves (-1) a state.</summary>
    public void CircuitIs(int change, bool isConnected) =>
        _circuits.Add(change, new KeyValuePair<string, object?>("state", isConnected ? "connected" : "disconnected"));

    private sealed class Closing(Action close) : IDisposable
    {
        private Action? _close = close;

        public void Dispose() => Interlocked.Exchange(ref _close, null)?.Invoke();
    }
}
