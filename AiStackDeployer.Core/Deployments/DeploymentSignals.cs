using System.Collections.Concurrent;
using System.Threading.Channels;

namespace AiStackDeployer.Core.Deployments;

/// <summary>
/// "Something changed, look again." A hint and nothing more: the truth is in the database, so a lost or doubled signal costs a
/// look, never a fact. Each watcher has room for one waiting signal; more would say the same.
/// </summary>
public sealed class DeploymentSignals
{
    private readonly ConcurrentDictionary<DeploymentSubscription, byte> _watchers = new();
    private readonly ConcurrentDictionary<CancelWish, byte> _wishes = new();

    /// <summary>Any deployment changed, here or elsewhere; raised before the watchers are signalled.</summary>
    public event Action? Changed;

    /// <summary>Something changed by this process' doing, which other portals on the same database may want to know.</summary>
    public event Action<DeploymentSignal>? Sent;

    /// <summary>How many watch now; 0 when every page and stream has let go.</summary>
    public int WatcherCount => _watchers.Count;

    /// <param name="deploymentId">Null = every deployment.</param>
    public DeploymentSubscription Subscribe(string? deploymentId)
    {
        var subscription = new DeploymentSubscription(this, deploymentId);
        _watchers.TryAdd(subscription, 0);
        return subscription;
    }

    /// <param name="lineMoved">A deployment began or ended, so every queue position may have changed.</param>
    public void Notify(string deploymentId, bool lineMoved = false) =>
        Send(new DeploymentSignal(lineMoved ? SignalKind.LineMoved : SignalKind.Changed, deploymentId));

    /// <summary>A token that is cancelled when somebody wishes this deployment to stop. Dispose the registration when the run ends.</summary>
    public CancelWish WatchForCancel(string deploymentId) => new(this, deploymentId);

    /// <summary>Somebody wishes it to stop; the wish itself stands in the database.</summary>
    public void NotifyCancel(string deploymentId) => Send(new DeploymentSignal(SignalKind.CancelWished, deploymentId));

    /// <summary>What another portal sent.</summary>
    public void Receive(DeploymentSignal signal)
    {
        if (signal.Kind == SignalKind.CancelWished)
        {
            foreach (var (wish, _) in _wishes)
            {
                if (wish.DeploymentId == signal.DeploymentId)
                {
                    wish.Signal();
                }
            }
            return;
        }
        Changed?.Invoke();
        foreach (var (watcher, _) in _watchers)
        {
            if (signal.Kind == SignalKind.LineMoved || watcher.DeploymentId is null || watcher.DeploymentId == signal.DeploymentId)
            {
                watcher.Signal();
            }
        }
    }

    internal void Add(CancelWish wish) => _wishes.TryAdd(wish, 0);

    internal void Remove(CancelWish wish) => _wishes.TryRemove(wish, out _);

    internal void Remove(DeploymentSubscription subscription) => _watchers.TryRemove(subscription, out _);

    private void Send(DeploymentSignal signal)
    {
        Receive(signal);
        Sent?.Invoke(signal);
    }
}

/// <summary>What a watcher, a run or another portal is told.</summary>
public readonly record struct DeploymentSignal(SignalKind Kind, string DeploymentId);

public enum SignalKind
{
    /// <summary>Of this deployment.</summary>
    Changed,

    /// <summary>A deployment began or ended: every watcher looks, because any place in the queue may have changed.</summary>
    LineMoved,

    CancelWished,
}

/// <summary>One watcher's subscription. Dispose it to stop listening.</summary>
public sealed class DeploymentSubscription : IDisposable
{
    private readonly DeploymentSignals _signals;

    private readonly Channel<bool> _channel = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    internal DeploymentSubscription(DeploymentSignals signals, string? deploymentId)
    {
        _signals = signals;
        DeploymentId = deploymentId;
    }

    internal string? DeploymentId { get; }

    /// <summary>Completes at the next signal, at once when one is waiting, or after <paramref name="atMost"/> without any.</summary>
    public async Task WaitAsync(TimeSpan atMost, TimeProvider time, CancellationToken cancellationToken)
    {
        if (_channel.Reader.TryRead(out _))
        {
            return;
        }
        using var timeout = new CancellationTokenSource(atMost, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await _channel.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // A quiet time is an answer too: the caller looks again in case a signal was lost.
        }
    }

    public void Dispose() => _signals.Remove(this);

    internal void Signal() => _channel.Writer.TryWrite(true);
}

/// <summary>A run's subscription to a request to cancel.</summary>
public sealed class CancelWish : IDisposable
{
    private readonly DeploymentSignals _signals;
    private readonly CancellationTokenSource _source = new();

    internal CancelWish(DeploymentSignals signals, string deploymentId)
    {
        _signals = signals;
        DeploymentId = deploymentId;
        signals.Add(this);
    }

    public CancellationToken Token => _source.Token;

    internal string DeploymentId { get; }

    public void Dispose()
    {
        _signals.Remove(this);
        _source.Dispose();
    }

    internal void Signal()
    {
        try
        {
            // Not here and now: the run would go on in the thread, and at the cost, of the person who wishes it to stop.
            _ = _source.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // The run ended between the look-up and here; there is nothing left to stop.
        }
    }
}
