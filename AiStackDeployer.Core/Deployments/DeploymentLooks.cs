using System.Collections.Concurrent;

namespace AiStackDeployer.Core.Deployments;

/// <summary>
/// Reads of deployments, shared by all who watch: after a change five hundred watchers cost one read and not five hundred.
/// </summary>
internal sealed class DeploymentLooks
{
    /// <summary>A watcher that looks by itself does so because a signal may have been lost, so a look does not stand for longer.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private readonly IDeploymentStore _store;
    private readonly DeploymentSnapshots _snapshots;
    private readonly TimeProvider _time;
    private ConcurrentDictionary<string, Lazy<Task<DeploymentLook?>>> _looks = new();

    public DeploymentLooks(IDeploymentStore store, DeploymentSignals signals, DeploymentSnapshots snapshots, TimeProvider time)
    {
        (_store, _snapshots, _time) = (store, snapshots, time);
        // All of them: a deployment's state also depends on the queue and on the operations after it. A look that had begun before the
        // change goes to those who wait for it; the signal of the same change makes them look again.
        signals.Changed += () => Volatile.Write(ref _looks, new());
    }

    /// <summary>The state now; null = unknown.</summary>
    public async Task<DeploymentLook?> LookAsync(string deploymentId, CancellationToken cancellationToken)
    {
        // A look that is there already would be handed out to a watcher that has left.
        cancellationToken.ThrowIfCancellationRequested();
        var looks = Volatile.Read(ref _looks);
        while (true)
        {
            var shared = looks.GetOrAdd(deploymentId, id => new(() => ReadAsync(id)));
            try
            {
                var look = await shared.Value.WaitAsync(cancellationToken);
                if (look is not null && _time.GetElapsedTime(look.At) <= Fresh)
                {
                    return look;
                }
                looks.TryRemove(KeyValuePair.Create(deploymentId, shared));
                if (look is null)
                {
                    return null;
                }
            }
            catch (Exception) when (!cancellationToken.IsCancellationRequested)
            {
                // Whoever asks next asks the database again.
                looks.TryRemove(KeyValuePair.Create(deploymentId, shared));
                throw;
            }
        }
    }

    // Not with the token of the watcher that came first: others wait for the same answer.
    private async Task<DeploymentLook?> ReadAsync(string deploymentId) =>
        await _snapshots.FindAsync(deploymentId, CancellationToken.None) is { } snapshot
            ? new DeploymentLook(snapshot, _time.GetTimestamp(), _store)
            : null;
}

/// <summary>What one read found, and on request the log up to it.</summary>
internal sealed class DeploymentLook(DeploymentSnapshot snapshot, long at, IDeploymentStore store)
{
    private const int Page = 500;

    private readonly ConcurrentDictionary<long, Lazy<Task<DeploymentUpdate>>> _updates = new();

    public DeploymentSnapshot Snapshot => snapshot;

    /// <summary>When it was made; a timestamp of the time provider.</summary>
    public long At => at;

    /// <summary>The same object for all watchers that have the log up to the same event.</summary>
    public async Task<DeploymentUpdate> SinceAsync(long after, CancellationToken cancellationToken)
    {
        var shared = _updates.GetOrAdd(after, from => new(() => ReadAsync(from)));
        try
        {
            return await shared.Value.WaitAsync(cancellationToken);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            _updates.TryRemove(KeyValuePair.Create(after, shared));
            throw;
        }
    }

    private async Task<DeploymentUpdate> ReadAsync(long after)
    {
        var events = new List<DeploymentEvent>();
        while (after < snapshot.LastSequence)
        {
            var page = await store.ReadEventsAsync(snapshot.Id, after, Page, CancellationToken.None);
            if (page.Count == 0)
            {
                break;
            }
            events.AddRange(page.Where(e => e.Sequence <= snapshot.LastSequence));
            after = page[^1].Sequence;
        }
        return new DeploymentUpdate(snapshot, events);
    }
}
