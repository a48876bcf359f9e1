namespace AiStackDeployer.Core.Deployments;

/// <content>What administrators ask of all stacks together, and the end of an operation that does not move.</content>
public sealed partial class DeploymentService
{
    /// <summary>An operation that has not written a line for this long may be ended by force: no step may take as long.</summary>
    public static readonly TimeSpan StuckAfter = TimeSpan.FromMinutes(30);

    private const int RowsAtOnce = 500;

    public async Task<TroubleReport> ReadTroubleAsync(CancellationToken cancellationToken) =>
        TroubleReport.Of(await store.ListTroubledAsync(cancellationToken));

    public Task<ActiveFigures> ReadActiveFiguresAsync(CancellationToken cancellationToken) => store.ReadActiveFiguresAsync(cancellationToken);

    public Task<IReadOnlyList<ImageCount>> ListImagesAsync(CancellationToken cancellationToken) => store.ListImagesAsync(cancellationToken);

    public Task<IReadOnlyList<string>> ListReadyStackIdsAsync(CancellationToken cancellationToken) => store.ListReadyStackIdsAsync(cancellationToken);

    /// <summary>How making stacks went on each of the last days, today included.</summary>
    public async Task<IReadOnlyList<DayFigures>> ReadDaysAsync(int days, CancellationToken cancellationToken)
    {
        var today = DateOnly.FromDateTime(time.GetLocalNow().DateTime);
        var first = today.AddDays(1 - days);
        var since = new DateTimeOffset(first.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero) - TimeSpan.FromHours(14);
        return DayFigures.Of(await store.ListEndedAsync(since, cancellationToken), first, today, time.LocalTimeZone);
    }

    public async Task<IReadOnlyList<StackRow>> FindStacksAsync(IReadOnlyCollection<string> stackIds, CancellationToken cancellationToken)
    {
        var rows = new List<StackRow>();
        foreach (var some in stackIds.Chunk(RowsAtOnce))
        {
            rows.AddRange((await store.FindStacksAsync(some, cancellationToken)).Select(Seen));
        }
        return rows;
    }

    /// <summary>All rows that match, a few hundred at a time; which ones is decided once, at the beginning.</summary>
    public async IAsyncEnumerable<IReadOnlyList<StackRow>> ReadAllStacksAsync(
        StackQuery query, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var some in (await store.ListStackIdsAsync(query, cancellationToken)).Chunk(RowsAtOnce))
        {
            yield return await FindStacksAsync(some, cancellationToken);
        }
    }

    /// <summary>When an operation last wrote a line of its log; null = there is no such operation.</summary>
    public async Task<DateTimeOffset?> FindLastMoveAsync(string deploymentId, CancellationToken cancellationToken) =>
        await store.FindAsync(deploymentId, cancellationToken) is { } deployment ? await LastMoveAsync(deployment, cancellationToken) : null;

    /// <summary>Ends an operation that has not moved for <see cref="StuckAfter"/>, whatever still works on it.</summary>
    /// <exception cref="StorageUnavailableException">Nothing was changed.</exception>
    public async Task<ForceEndResult> ForceEndAsync(string deploymentId, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(deploymentId, cancellationToken) is not { } deployment)
        {
            return ForceEndResult.NotFound;
        }
        if (!deployment.Phase.IsTerminal() && time.GetUtcNow() - await LastMoveAsync(deployment, cancellationToken) < StuckAfter)
        {
            return ForceEndResult.StillMoving;
        }
        return await store.ChangeAsync(
            deploymentId,
            // A worker may have written between the look and the lock.
            now => now.Phase.IsTerminal() ? ForceEndResult.AlreadyEnded
                : now.LastSequence != deployment.LastSequence ? ForceEndResult.StillMoving
                : Ended(now),
            cancellationToken);

        ForceEndResult Ended(Deployment now)
        {
            now.ForceEnd(time.GetUtcNow());
            return ForceEndResult.Ended;
        }
    }

    private async Task<DateTimeOffset> LastMoveAsync(Deployment deployment, CancellationToken cancellationToken) =>
        (await store.ReadEventsAsync(deployment.Id, deployment.LastSequence - 1, 1, cancellationToken)) is [var last, ..] ? last.At : deployment.CreatedAt;
}

public enum ForceEndResult
{
    NotFound,
    Ended,
    AlreadyEnded,

    /// <summary>It wrote a line a short while ago: it is slow, and not stuck.</summary>
    StillMoving,

    /// <inheritdoc cref="BeginResult.NotAllowed"/>
    NotAllowed,
}
