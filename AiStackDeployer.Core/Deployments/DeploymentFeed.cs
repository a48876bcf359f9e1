using System.Runtime.CompilerServices;

namespace AiStackDeployer.Core.Deployments;

/// <summary>
/// The one way to watch: page, SSE and MCP all use it. Opens on the current state, then follows the log by sequence number.
/// </summary>
public sealed class DeploymentFeed(IDeploymentStore store, DeploymentSignals signals, DeploymentSnapshots snapshots, TimeProvider time)
{
    private const int Page = 500;

    /// <summary>A signal can be lost with the process that sent it; after this long a watcher looks by itself.</summary>
    public static readonly TimeSpan BackupLook = TimeSpan.FromSeconds(10);

    /// <summary>
    /// First the current state with every event after <paramref name="after"/>, then each change; ends after the terminal one.
    /// Empty when the deployment is unknown. Dispose the enumerator (or cancel) to stop watching.
    /// </summary>
    /// <param name="after">The last event the watcher has; 0 = from the beginning, <see cref="long.MaxValue"/> = no old ones.</param>
    public async IAsyncEnumerable<DeploymentUpdate> WatchAsync(
        string deploymentId, long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // The ear is open before the first look, so a change between look and listening cannot fall through.
        using var subscription = signals.Subscribe(deploymentId);
        DeploymentSnapshot? last = null;
        while (true)
        {
            var snapshot = await snapshots.FindAsync(deploymentId, cancellationToken);
            if (snapshot is null)
            {
                yield break;
            }
            if (last is null || last.LastSequence != snapshot.LastSequence || last.PlaceInLine != snapshot.PlaceInLine)
            {
                var events = await ReadAsync(deploymentId, after, snapshot.LastSequence, cancellationToken);
                after = snapshot.LastSequence;
                last = snapshot;
                yield return new DeploymentUpdate(snapshot, events);
            }
            if (snapshot.IsTerminal)
            {
                yield break;
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

    private async Task<IReadOnlyList<DeploymentEvent>> ReadAsync(
        string deploymentId, long after, long upTo, CancellationToken cancellationToken)
    {
        var events = new List<DeploymentEvent>();
        while (after < upTo)
        {
            var page = await store.ReadEventsAsync(deploymentId, after, Page, cancellationToken);
            if (page.Count == 0)
            {
                break;
            }
            events.AddRange(page.Where(e => e.Sequence <= upTo));
            after = page[^1].Sequence;
        }
        return events;
    }
}
