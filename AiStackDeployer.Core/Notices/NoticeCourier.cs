using Microsoft.Extensions.Logging;

namespace AiStackDeployer.Core.Notices;

/// <summary>Sends by one way.</summary>
public interface INoticeSender
{
    NoticeWay Way { get; }

    /// <summary>Whether this person can be told by it at all.</summary>
    bool CanReach(NoticePreferences person);

    /// <summary>Never throws for what others do; the answer says what went wrong.</summary>
    Task<DeliveryResult> SendAsync(NoticePreferences person, NoticeDelivery delivery, CancellationToken cancellationToken);
}

/// <summary>
/// In each round: puts what happened into the boxes of those it concerns, and sends what is due. A round that dies anywhere loses nothing: the cursor moves after the boxes are written, and what is read again is known by them.
/// </summary>
public sealed partial class NoticeCourier(
    IEnumerable<INoticeSource> sources, IStackOwners owners, NoticeStore notices, IEnumerable<INoticeSender> senders, TimeProvider time, ILogger<NoticeCourier> logger)
{
    /// <summary>What happened may be stored a moment after its own time, and clocks of several portals differ.</summary>
    internal static readonly TimeSpan Overlap = TimeSpan.FromMinutes(10);

    private const int AtOnce = 4;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (await notices.ReadCursorAsync(cancellationToken) is not { } cursor)
        {
            // Nobody is told of what happened before there were notices: the next round reads from now on.
            await notices.AdvanceAsync(now + Overlap, cancellationToken);
            return;
        }
        var since = cursor - Overlap;
        var happened = new List<Notice>();
        foreach (var source in sources)
        {
            happened.AddRange(await source.ReadAsync(since, now, cancellationToken));
        }
        foreach (var own in happened.GroupBy(notice => notice.OwnerId))
        {
            await TakeAsync(own.Key, [.. own.OrderBy(notice => notice.At)], now, cancellationToken);
        }
        await notices.AdvanceAsync(now, cancellationToken);
        var boxes = await notices.ListBoxesAsync(cancellationToken);
        foreach (var (personId, box) in boxes.Where(box => !ReferenceEquals(box.Value.Tidied(since, now), box.Value)))
        {
            await notices.ChangeBoxAsync(personId, current => current.Tidied(since, now), cancellationToken);
        }
        var due = boxes.SelectMany(box => box.Value.Waiting.Where(waiting => waiting.DueAt <= now).Select(waiting => (PersonId: box.Key, waiting.Id)));
        await Parallel.ForEachAsync(
            due, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (one, stop) => await SendAsync(one.PersonId, one.Id, stop));
    }

    private async Task TakeAsync(string personId, IReadOnlyList<Notice> happened, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var person = await notices.ReadAsync(personId, cancellationToken);
        NoticeWay[] reachable = [.. senders.Where(sender => sender.CanReach(person)).Select(sender => sender.Way)];
        if (happened.Any(notice => WaysFor(NoticeKinds.Of(notice.Cause)).Any()))
        {
            await notices.ChangeBoxAsync(personId, box => box.Take(happened, WaysFor, now), cancellationToken);
        }

        IEnumerable<NoticeWay> WaysFor(NoticeKind kind) => reachable.Where(way => person.Wants(way, kind));
    }

    private async Task SendAsync(string personId, string deliveryId, CancellationToken cancellationToken)
    {
        NoticeDelivery? begun = null;
        await notices.ChangeBoxAsync(
            personId,
            box =>
            {
                (box, begun) = box.Begin(deliveryId, time.GetUtcNow());
                return box;
            },
            cancellationToken);
        if (begun is null)
        {
            return;
        }
        var result = await TrySendAsync(personId, begun, cancellationToken);
        if (result.Fault is { } fault)
        {
            NotDelivered(begun.Way, personId, begun.Attempts, fault, result.Detail, begun.Attempts > NoticeBox.Waits.Count);
        }
        // It was sent: that is written down even while the portal stops.
        await notices.ChangeBoxAsync(personId, box => box.After(begun, result, time.GetUtcNow()), CancellationToken.None);
    }

    private async Task<DeliveryResult> TrySendAsync(string personId, NoticeDelivery begun, CancellationToken cancellationToken)
    {
        var now = await owners.OwnersAsync([.. begun.Notices.Select(notice => notice.StackId).Distinct()], cancellationToken);
        var own = begun with { Notices = [.. begun.Notices.Where(notice => now.GetValueOrDefault(notice.StackId) == personId)] };
        if (own.Notices.Count == 0)
        {
            // Handed over since; its new owner is told of what happens from then on.
            return DeliveryResult.Delivered;
        }
        var person = await notices.ReadAsync(personId, cancellationToken);
        return senders.FirstOrDefault(sender => sender.Way == begun.Way && sender.CanReach(person)) is { } sender
            ? await sender.SendAsync(person, own, cancellationToken)
            : new DeliveryResult(DeliveryFault.NoAddress);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A notice by {Way} to {PersonId} was not delivered, attempt {Attempt}: {Fault} {Detail}; given up: {IsGivenUp}")]
    private partial void NotDelivered(NoticeWay way, string personId, int attempt, DeliveryFault fault, string? detail, bool isGivenUp);
}
