using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using AiStackDeployer.Core.Deployments;

namespace AiStackDeployer.Web.Api;

/// <summary>
/// A deployment's log as server-sent events. The first event is the current state, or with <c>Last-Event-ID</c> all that came
/// after it; the last is always <c>complete</c> or <c>error</c>, also for whoever comes late.
/// </summary>
internal sealed class DeploymentStream(DeploymentFeed feed, StatusMapper mapper, TimeProvider time)
{
    /// <summary>Proxies cut a silent connection after a minute; the shortest default among the common ones is 30 s.</summary>
    internal static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan Reconnect = TimeSpan.FromSeconds(2);

    /// <param name="lastEventId">What the client has; null or nonsense = nothing.</param>
    public async IAsyncEnumerable<SseItem<string>> FollowAsync(
        string deploymentId, string? lastEventId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var resumes = long.TryParse(lastEventId, NumberStyles.None, CultureInfo.InvariantCulture, out var after);
        await using var updates = feed.WatchAsync(deploymentId, resumes ? after : long.MaxValue, cancellationToken)
            .GetAsyncEnumerator(cancellationToken);
        var next = updates.MoveNextAsync().AsTask();
        for (var first = true; ; first = false)
        {
            while (await Task.WhenAny(next, Task.Delay(Heartbeat, time, cancellationToken)) != next)
            {
                yield return new SseItem<string>("{}", "heartbeat");
            }
            if (!await next)
            {
                yield break;
            }
            var (snapshot, events) = updates.Current;
            if (first && !resumes && !snapshot.IsTerminal)
            {
                yield return Item("progress", snapshot.LastSequence, mapper.Whole(snapshot), ApiJsonContext.Default.StatusAnswer);
            }
            foreach (var e in events)
            {
                if (e.Kind is DeploymentEventKind.Complete or DeploymentEventKind.Error)
                {
                    continue;
                }
                yield return e.Kind == DeploymentEventKind.Log
                    ? Item("log", e.Sequence, mapper.Log(e), ApiJsonContext.Default.LogAnswer)
                    : Item("progress", e.Sequence, mapper.At(e, snapshot), ApiJsonContext.Default.StatusAnswer);
            }
            if (snapshot.IsTerminal)
            {
                yield return Item(
                    snapshot.Phase == DeploymentPhase.Completed ? "complete" : "error",
                    snapshot.LastSequence, mapper.Whole(snapshot), ApiJsonContext.Default.StatusAnswer);
                yield break;
            }
            next = updates.MoveNextAsync().AsTask();
        }
    }

    private static SseItem<string> Item<T>(string type, long id, T data, JsonTypeInfo<T> shape) =>
        new(JsonSerializer.Serialize(data, shape), type)
        {
            EventId = id.ToString(CultureInfo.InvariantCulture), ReconnectionInterval = Reconnect,
        };
}
