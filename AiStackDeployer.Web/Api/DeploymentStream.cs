using System.Collections.Concurrent;
using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Diagnostics;

namespace AiStackDeployer.Web.Api;

/// <summary>
/// A deployment's log as server-sent events. The first event is the current state, or with <c>Last-Event-ID</c> all that came
/// after it; the last is always <c>complete</c> or <c>error</c>, also for a client that comes late. A portal that stops ends the stream
/// before that: the client reconnects with its last id, and the deployment goes on after the next start.
/// </summary>
internal sealed partial class DeploymentStream(
    DeploymentFeed feed, StatusMapper mapper, WatcherMeter watchers, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<DeploymentStream> logger)
{
    /// <summary>Proxies cut a silent connection after a minute; the shortest default among the common ones is 30 s.</summary>
    internal static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan Reconnect = TimeSpan.FromSeconds(2);

    /// <summary>What was written of an update, for all streams that send the same of it.</summary>
    private readonly ConditionalWeakTable<DeploymentUpdate, ConcurrentDictionary<(string Language, bool Opens, bool IsNews), List<SseItem<string>>>> _written = [];

    /// <summary>Whether nothing is left to send to a client that has this event.</summary>
    public static bool HasAll(DeploymentSnapshot snapshot, string? lastEventId) =>
        Sequence(lastEventId) is { } after && after == snapshot.LastSequence;

    /// <param name="lastEventId">What the client has; null or nonsense = nothing.</param>
    public async IAsyncEnumerable<SseItem<string>> FollowAsync(
        string deploymentId, string? lastEventId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var resumeAfter = Sequence(lastEventId);
        using var counted = watchers.StreamOpened();
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        var updates = feed.WatchAsync(deploymentId, resumeAfter ?? long.MaxValue, leaving.Token).GetAsyncEnumerator(leaving.Token);
        Task<bool>? next = null;
        var sent = new Standing(null, null, null, false);
        try
        {
            for (var first = true; ; first = false)
            {
                next = NextAsync(updates, cancellationToken);
                // Each turn has written something, so the silence begins with it.
                while (!await ComesInTimeAsync(next))
                {
                    yield return new SseItem<string>("{}", "heartbeat");
                }
                if (!await next)
                {
                    yield break;
                }
                var snapshot = updates.Current.Snapshot;
                var now = Standing.Of(snapshot);
                foreach (var item in Items(updates.Current, opens: first && resumeAfter is null, isNews: now != sent))
                {
                    yield return item;
                }
                if (snapshot.IsTerminal)
                {
                    yield break;
                }
                sent = now;
            }
        }
        finally
        {
            // An enumerator may only be disposed of when its last step has ended; without this the watcher would stay.
            await leaving.CancelAsync();
            if (next is not null)
            {
                await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            await updates.DisposeAsync();
        }
    }

    private static long? Sequence(string? eventId) =>
        long.TryParse(eventId, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence) ? sequence : null;

    /// <summary>False when the portal stops or its database cannot be read: the stream ends, and the client comes back with what it has.</summary>
    private async Task<bool> NextAsync(IAsyncEnumerator<DeploymentUpdate> updates, CancellationToken gone)
    {
        try
        {
            return await updates.MoveNextAsync();
        }
        catch (StorageUnavailableException)
        {
            StreamBroken();
            return false;
        }
        catch (OperationCanceledException) when (!gone.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task<bool> ComesInTimeAsync(Task next)
    {
        // Without a token: the feed heeds it itself, and an abandoned wait could not be disposed of.
        await next.WaitAsync(Heartbeat, time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return next.IsCompleted;
    }

    private List<SseItem<string>> Items(DeploymentUpdate update, bool opens, bool isNews) => _written.GetOrCreateValue(update).GetOrAdd(
        (CultureInfo.CurrentUICulture.Name, opens, isNews), _ => [.. Write(update.Snapshot, update.Events, opens, isNews)]);

    /// <param name="opens">The client has nothing yet.</param>
    /// <param name="isNews">The deployment's standing differs from what the client was last sent.</param>
    private IEnumerable<SseItem<string>> Write(DeploymentSnapshot snapshot, IReadOnlyList<DeploymentEvent> events, bool opens, bool isNews)
    {
        var isWhole = opens && !snapshot.IsTerminal;
        if (isWhole)
        {
            yield return Item("progress", snapshot.LastSequence, mapper.Whole(snapshot), ApiJsonContext.Default.StatusAnswer);
        }
        // The terminal event is the last one and is sent with the whole state.
        foreach (var e in events.Where(e => !e.IsAfterEnd && e.Kind is not (DeploymentEventKind.Complete or DeploymentEventKind.Error)))
        {
            var isNow = e.Sequence == snapshot.LastSequence && e.Kind == DeploymentEventKind.Progress;
            isWhole |= isNow;
            yield return e.Kind == DeploymentEventKind.Log
                ? Item("log", e.Sequence, mapper.Log(e), ApiJsonContext.Default.LogAnswer)
                : Item("progress", e.Sequence, isNow ? mapper.Whole(snapshot) : mapper.At(e, snapshot), ApiJsonContext.Default.StatusAnswer);
        }
        if (snapshot.IsTerminal)
        {
            yield return Item(
                snapshot.Phase == DeploymentPhase.Completed ? "complete" : "error",
                snapshot.LastSequence, mapper.Whole(snapshot), ApiJsonContext.Default.StatusAnswer);
        }
        else if (!isWhole && (isNews || events.Count == 0))
        {
            // No event of its own, so no id. Also for a client that reconnects and has missed nothing: it sees that the connection works.
            yield return new SseItem<string>(JsonSerializer.Serialize(mapper.Whole(snapshot), ApiJsonContext.Default.StatusAnswer), "progress");
        }
    }

    private static SseItem<string> Item<T>(string type, long id, T data, JsonTypeInfo<T> shape) =>
        new(JsonSerializer.Serialize(data, shape), type)
        {
            EventId = id.ToString(CultureInfo.InvariantCulture), ReconnectionInterval = Reconnect,
        };

    /// <summary>What changes about a deployment without an event of its own.</summary>
    private readonly record struct Standing(int? QueuePosition, int? DokployQueuePosition, DateTimeOffset? DokployBusySince, bool IsStopping)
    {
        public static Standing Of(DeploymentSnapshot now) => 
            new(now.QueuePosition, now.DokployQueuePosition, now.DokployBusySince, now.CancelRequested);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A stream of a deployment's events ended: the database cannot be read now")]
    private partial void StreamBroken();
}
