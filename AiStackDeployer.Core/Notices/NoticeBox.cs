using System.Text.Json.Serialization;

namespace AiStackDeployer.Core.Notices;

/// <summary>Why a message did not arrive. Each has a sentence in every language.</summary>
public enum DeliveryFault
{
    /// <summary>Nothing accepts the connection, or its name is not known.</summary>
    Unreachable,

    /// <summary>No answer in time.</summary>
    TimedOut,

    /// <summary>The certificate is not good for its name, or there is no TLS.</summary>
    Tls,

    /// <summary>The mail server refuses the portal's user name and password.</summary>
    SignIn,

    /// <summary>It was answered with a refusal; the detail is the status.</summary>
    Refused,

    /// <summary>The address leads into a private network.</summary>
    NotPublic,

    /// <summary>The person has no such address any more, or it cannot be decrypted.</summary>
    NoAddress,

    /// <summary>The portal ended while it was sent, each time.</summary>
    Interrupted,

    /// <summary>More waited than is kept.</summary>
    TooMany,
}

/// <param name="Fault">Null = it arrived.</param>
/// <param name="Detail">A status; nothing that others wrote.</param>
public sealed record DeliveryResult(DeliveryFault? Fault = null, string? Detail = null)
{
    public static DeliveryResult Delivered { get; } = new();
}

/// <summary>One message that waits: one notice, or several at once.</summary>
/// <param name="Id">The same at each attempt, so that whoever gets it twice can tell.</param>
/// <param name="DueAt">When it is sent, or sent again.</param>
/// <param name="More">How many notices found no place in it.</param>
public sealed record NoticeDelivery(string Id, NoticeWay Way, IReadOnlyList<Notice> Notices, DateTimeOffset DueAt, int Attempts = 0, int More = 0);

/// <summary>A message that was given up.</summary>
public sealed record DeadDelivery(string Id, NoticeWay Way, int Notices, DateTimeOffset At, DeliveryFault Fault, string? Detail);

/// <summary>
/// What waits to be delivered to one person. An attempt is written before it is made, so that a process that dies in the middle costs an
/// attempt and no two processes send the same message at the same time.
/// </summary>
/// <param name="Told">When each stack and cause was last told.</param>
/// <param name="Next">The earliest that another message may be sent, by way.</param>
public sealed record NoticeBox(
    IReadOnlyDictionary<string, DateTimeOffset> Told, IReadOnlyDictionary<NoticeWay, DateTimeOffset> Next, IReadOnlyList<NoticeDelivery> Waiting,
    IReadOnlyList<DeadDelivery> Dead)
{
    /// <summary>One stack and one cause is told once in this time.</summary>
    public static readonly TimeSpan Quiet = TimeSpan.FromHours(1);

    /// <summary>What happens in this time after a message comes together in the next.</summary>
    public static readonly TimeSpan Gather = TimeSpan.FromMinutes(10);

    /// <summary>How long after each attempt the next one is made; after the last of them the message is given up.</summary>
    public static readonly IReadOnlyList<TimeSpan> Waits =
        [TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15), TimeSpan.FromHours(1), TimeSpan.FromHours(4)];

    internal const int MostNotices = 50;
    internal const int MostWaiting = 20;
    internal const int MostDead = 5;

    /// <summary>How long a message that was given up is shown.</summary>
    internal static readonly TimeSpan DeadShown = TimeSpan.FromDays(7);

    public static NoticeBox Empty { get; } = new(new Dictionary<string, DateTimeOffset>(), new Dictionary<NoticeWay, DateTimeOffset>(), [], []);

    [JsonIgnore]
    public bool IsEmpty => Told.Count == 0 && Waiting.Count == 0 && Dead.Count == 0;

    /// <summary>Takes what is new of these; what was taken before, or was told within the hour, is left out.</summary>
    /// <param name="happened">Oldest first.</param>
    /// <param name="ways">The ways by which the person can be told, and wants to be, of a kind.</param>
    public NoticeBox Take(IReadOnlyList<Notice> happened, Func<NoticeKind, IEnumerable<NoticeWay>> ways, DateTimeOffset now)
    {
        var told = new Dictionary<string, DateTimeOffset>(Told);
        var box = this;
        foreach (var notice in happened)
        {
            NoticeWay[] wanted = [.. ways(NoticeKinds.Of(notice.Cause))];
            if (wanted.Length == 0 || (told.TryGetValue(notice.Subject, out var last) && notice.At < last + Quiet))
            {
                continue;
            }
            told[notice.Subject] = notice.At;
            box = wanted.Aggregate(box, (current, way) => current.With(notice, way, now, Waiting));
        }
        return ReferenceEquals(box, this) ? this : box with { Told = told };
    }

    /// <summary>Without what matters no more.</summary>
    /// <param name="since">What happened before is not read again.</param>
    public NoticeBox Tidied(DateTimeOffset since, DateTimeOffset now)
    {
        var told = Told.Where(t => t.Value + Quiet >= since).ToDictionary();
        DeadDelivery[] dead = [.. Dead.Where(d => now - d.At < DeadShown)];
        return told.Count == Told.Count && dead.Length == Dead.Count ? this : this with { Told = told, Dead = dead };
    }

    /// <summary>Begins an attempt: null when it is not due, or somebody else has begun one.</summary>
    public (NoticeBox Box, NoticeDelivery? Begun) Begin(string deliveryId, DateTimeOffset now)
    {
        if (Waiting.FirstOrDefault(d => d.Id == deliveryId) is not { } waiting || waiting.DueAt > now)
        {
            return (this, null);
        }
        if (waiting.Attempts > Waits.Count)
        {
            return (GivenUp(waiting, DeliveryFault.Interrupted, null, now), null);
        }
        var begun = waiting with { Attempts = waiting.Attempts + 1, DueAt = now + Waits[Math.Min(waiting.Attempts, Waits.Count - 1)] };
        return (this with { Waiting = [.. Waiting.Select(d => d == waiting ? begun : d)] }, begun);
    }

    /// <summary>What came of an attempt.</summary>
    public NoticeBox After(NoticeDelivery begun, DeliveryResult result, DateTimeOffset now) =>
        Waiting.FirstOrDefault(d => d.Id == begun.Id) is not { } waiting ? this
        : result.Fault is not { } fault ? this with { Waiting = [.. Waiting.Where(d => d != waiting)] }
        : begun.Attempts > Waits.Count ? GivenUp(waiting, fault, result.Detail, now)
        : this;

    /// <param name="before">What waited before: of that, what is due may be on its way already.</param>
    private NoticeBox With(Notice notice, NoticeWay way, DateTimeOffset now, IReadOnlyList<NoticeDelivery> before)
    {
        if (Waiting.FirstOrDefault(d => d.Way == way && d.Attempts == 0 && (d.DueAt > now || before.All(other => other.Id != d.Id))) is { } open)
        {
            var more = open.Notices.Count < MostNotices ? open with { Notices = [.. open.Notices, notice] } : open with { More = open.More + 1 };
            return this with { Waiting = [.. Waiting.Select(d => d == open ? more : d)] };
        }
        var due = Next.GetValueOrDefault(way) is var next && next > now ? next : now;
        var box = this with
        {
            Waiting = [.. Waiting, new NoticeDelivery(Notice.IdOf($"{way}:{notice.Id}"), way, [notice], due)],
            Next = new Dictionary<NoticeWay, DateTimeOffset>(Next) { [way] = due + Gather },
        };
        return box.Waiting.Count > MostWaiting ? box.GivenUp(box.Waiting[0], DeliveryFault.TooMany, null, now) : box;
    }

    private NoticeBox GivenUp(NoticeDelivery delivery, DeliveryFault fault, string? detail, DateTimeOffset now) => this with
    {
        Waiting = [.. Waiting.Where(d => d != delivery)],
        Dead = [.. Dead.TakeLast(MostDead - 1), new DeadDelivery(delivery.Id, delivery.Way, delivery.Notices.Count + delivery.More, now, fault, detail)],
    };
}
