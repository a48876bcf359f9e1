using System.Runtime.CompilerServices;
using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Core.Deployments;

/// <summary>
/// The one way to watch: page, SSE and MCP all use it. Opens on the current state, then follows the log by sequence number.
/// </summary>
public sealed class DeploymentFeed(IDeploymentStore store, DeploymentSignals signals, DeploymentSnapshots snapshots, TimeProvider time)
{
    private readonly DeploymentLooks _looks = new(store, signals, snapshots, time);

    /// <summary>A signal can be lost with the process that sent it; after this long a watcher looks by itself.</summary>
    public static readonly TimeSpan BackupLook = TimeSpan.FromSeconds(10);

    /// <summary>
    /// First the current state with every event after <paramref name="after"/>, then each change; ends after the terminal one.
    /// Empty when the deployment is unknown. Dispose the enumerator (or cancel) to stop watching.
    /// </summary>
    /// <param name="after">The last event the watcher has; 0 = from the beginning, <see cref="long.MaxValue"/> = no old ones.</param>
    public IAsyncEnumerable<DeploymentUpdate> WatchAsync(string deploymentId, long after, CancellationToken cancellationToken) =>
        WatchAsync(deploymentId, after, untilReleased: false, cancellationToken);

    /// <summary>
    /// The same, and after the end what becomes of the stack by others' doing, until its name is let go: a page that shows a stack's
    /// password must not show it when there is no such stack any more.
    /// </summary>
    /// <param name="after">As of <see cref="WatchAsync(string, long, CancellationToken)"/>.</param>
    public IAsyncEnumerable<DeploymentUpdate> WatchStackAsync(string deploymentId, long after, CancellationToken cancellationToken) =>
        WatchAsync(deploymentId, after, untilReleased: true, cancellationToken);

    private async IAsyncEnumerable<DeploymentUpdate> WatchAsync(
        string deploymentId, long after, bool untilReleased, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Subscribe before the first read, so that a change between the two is not missed.
        using var subscription = new StackSubscription(signals, deploymentId);
        DeploymentSnapshot? last = null;
        while (true)
        {
            if (await _looks.LookAsync(deploymentId, cancellationToken) is not { Snapshot: var snapshot } look)
            {
                yield break;
            }
            if (snapshot.LastSequence < last?.LastSequence)
            {
                // Shared looks can overtake each other. This one is older than what the watcher has, and the signal of the newer change is
                // still to come.
                await subscription.WaitAsync(BackupLook, time, cancellationToken);
                continue;
            }
            if (last is null || last.LastSequence != snapshot.LastSequence || last.QueuePosition != snapshot.QueuePosition
                || StackOf(last) != StackOf(snapshot))
            {
                var update = await look.SinceAsync(Math.Min(after, snapshot.LastSequence), cancellationToken);
                after = snapshot.LastSequence;
                last = snapshot;
                yield return update;
            }
            if (snapshot.IsTerminal && !(untilReleased && snapshot.StackReleasedAt is null))
            {
                yield break;
            }
            if (subscription.SwitchTo(snapshot.IsTerminal ? snapshot.LastDeploymentId ?? deploymentId : deploymentId))
            {
                continue;
            }
            await subscription.WaitAsync(BackupLook, time, cancellationToken);
        }
    }

    /// <summary>
    /// Yields at once, and then whenever any deployment changes, at most once in <paramref name="atMostEvery"/>. The watcher
    /// reads what it shows itself.
    /// </summary>
    public async IAsyncEnumerable<DateTimeOffset> WatchAllAsync(
        TimeSpan atMostEvery, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var subscription = signals.Subscribe(null);
        while (true)
        {
            yield return time.GetUtcNow();
            await Task.Delay(atMostEvery, time, cancellationToken);
            await subscription.WaitAsync(BackupLook, time, cancellationToken);
        }
    }

    private static (string, StackState, string?, DateTimeOffset?, StackHealth, string?) StackOf(DeploymentSnapshot snapshot) =>
        (snapshot.OwnerId, snapshot.StackState, snapshot.LastDeploymentId, snapshot.StackReleasedAt, snapshot.Health with { SeenAt = null }, snapshot.OpenCodeVersion);

    /// <summary>Follows one operation and, once that has ended, the newest one on its stack.</summary>
    private sealed class StackSubscription(DeploymentSignals signals, string first) : IDisposable
    {
        private string _to = first;
        private DeploymentSubscription _subscription = signals.Subscribe(first);

        /// <summary>True when the subscription changed: signals of the new operation may have been missed, so read again.</summary>
        public bool SwitchTo(string deploymentId)
        {
            if (_to == deploymentId)
            {
                return false;
            }
            _subscription.Dispose();
            (_to, _subscription) = (deploymentId, signals.Subscribe(deploymentId));
            return true;
        }

        public Task WaitAsync(TimeSpan atMost, TimeProvider time, CancellationToken cancellationToken) =>
            _subscription.WaitAsync(atMost, time, cancellationToken);

        public void Dispose() => _subscription.Dispose();
    }
}
