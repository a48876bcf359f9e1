using AiStackDeployer.Core.Dokploy;

namespace AiStackDeployer.Core.Provisioning;

/// <summary>
/// How long a step keeps retrying each class of Dokploy fault. Each class has its own streak, which ends once a call proves the
/// fault is over: a fault that passed minutes ago says nothing about the next one.
/// </summary>
internal sealed class FaultBudget(ProvisioningOptions options, DokployHealth health, TimeProvider time)
{
    /// <summary>A rejected request is retried once: the object may just have been created or removed.</summary>
    private const int MaxRejections = 2;

    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The longest pause, a call that timed out with all its retries, and the calls before it: a fault older than that has not lasted until now.
    /// </summary>
    private static readonly TimeSpan Over = Longest + TimeSpan.FromSeconds(30) + TimeSpan.FromSeconds(10);

    private readonly Dictionary<FaultClass, FaultStreak> _streaks = [];
    private DokployException? _latest;
    private DokployFault? _lastReported;

    /// <summary>How long Dokploy was away in this step, all outages together.</summary>
    public TimeSpan LostToOutages { get; private set; }

    private enum FaultClass
    {
        /// <summary>Dokploy is away; any successful call ends the streak.</summary>
        Away,

        /// <summary>The key is refused; any call that accepts it ends the streak.</summary>
        KeyRefused,

        /// <summary>This call fails in a way that may pass, whether or not other calls succeed.</summary>
        Failing,
        Denied,
        Rejected,
    }

    /// <summary>
    /// The latest fault, unless it is known to be over. At the timeout one later success of the same call is enough: had the fault
    /// persisted, its last answer would have been a fault too.
    /// </summary>
    public DokployException? Lasting
    {
        get
        {
            if (_latest is not { } fault)
            {
                return null;
            }
            var streak = _streaks[ClassOf(fault.Kind)];
            return time.GetElapsedTime(streak.Last) > Over || health.LastSuccessOf(fault.Call) > streak.LastAt ? null : fault;
        }
    }

    /// <summary>What is the matter: for a call that was not sent, the fault because of which it was not.</summary>
    public DokployException Cause(DokployException e) =>
        e.Kind == DokployFault.CircuitOpen && _latest is { } latest && latest.Kind == health.Current.Problem ? latest : e;

    /// <summary>Counts the fault; true when the budget is used up and retrying is pointless.</summary>
    public bool IsExhausted(DokployException e)
    {
        _latest = Cause(e);
        var faultClass = ClassOf(e.Kind);
        var now = time.GetTimestamp();
        var before = _streaks.GetValueOrDefault(faultClass);
        if (before is null || IsOver(faultClass, before))
        {
            before = new FaultStreak(now, now, time.GetUtcNow(), time.GetUtcNow(), 0);
            _lastReported = null;
        }
        var streak = before with { Last = now, LastAt = time.GetUtcNow(), Count = before.Count + 1 };
        if (faultClass == FaultClass.Failing && (!MayBeOutage(e) || health.Current.LastSuccess > streak.Began))
        {
            // Other calls are answered: it is this one that fails.
            streak = streak with { AnsweredSince = streak.AnsweredSince ?? now };
        }
        _streaks[faultClass] = streak;
        if (OutageOf(e) is not null)
        {
            LostToOutages += time.GetElapsedTime(before.Last, now);
        }
        var elapsed = time.GetElapsedTime(streak.Since, now);
        return faultClass switch
        {
            FaultClass.Failing when streak.AnsweredSince is { } answered => time.GetElapsedTime(answered, now) >= options.UpstreamTimeout,
            FaultClass.Away or FaultClass.Failing => elapsed >= options.OutageTimeout,
            // Dokploy also answers 401 for transient faults of its own; never believe a single one.
            FaultClass.KeyRefused or FaultClass.Denied => streak.Count > 1 && elapsed >= options.RefusalTimeout,
            FaultClass.Rejected => streak.Count > MaxRejections,
            _ => throw new ArgumentOutOfRangeException(nameof(e), faultClass, null),
        };
    }

    /// <summary>For how long, by now, nothing of Dokploy answers; null when something does. For a fault that was counted.</summary>
    public TimeSpan? OutageOf(DokployException e)
    {
        var faultClass = ClassOf(e.Kind);
        var streak = _streaks[faultClass];
        return faultClass == FaultClass.Away || (faultClass == FaultClass.Failing && streak.AnsweredSince is null)
            ? time.GetElapsedTime(streak.Since)
            : null;
    }

    /// <summary>True when this kind of fault has not been reported yet.</summary>
    public bool IsNews(DokployException e)
    {
        var news = _lastReported != e.Kind;
        _lastReported = e.Kind;
        return news;
    }

    public TimeSpan Pause(DokployException e)
    {
        var pause = First * Math.Pow(2, Math.Min(_streaks[ClassOf(e.Kind)].Count - 1, 6));
        if (e.MayHaveHappened && pause < TimeSpan.FromSeconds(1))
        {
            // Dokploy may still be executing the call: give its result time to show, most of all after a timeout.
            pause = e.Kind == DokployFault.TimedOut ? Longest : TimeSpan.FromSeconds(1);
        }
        return pause < Longest ? pause : Longest;
    }

    private static FaultClass ClassOf(DokployFault kind) => kind switch
    {
        DokployFault.Unreachable or DokployFault.DatabaseDown or DokployFault.CircuitOpen => FaultClass.Away,
        DokployFault.KeyRefused => FaultClass.KeyRefused,
        DokployFault.PermissionDenied => FaultClass.Denied,
        DokployFault.NotFound or DokployFault.InvalidRequest or DokployFault.Rejected => FaultClass.Rejected,
        DokployFault.TimedOut or DokployFault.RateLimited or DokployFault.ServerError or DokployFault.Unreadable => FaultClass.Failing,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    /// <summary>A Dokploy that hangs, or the proxy in front of one that is not there.</summary>
    private static bool MayBeOutage(DokployException e) =>
        e.Kind == DokployFault.TimedOut || e is { Kind: DokployFault.ServerError, HttpStatus: 502 or 503 or 504 };

    private bool IsOver(FaultClass faultClass, FaultStreak streak) => time.GetElapsedTime(streak.Last) > Over || faultClass switch
    {
        FaultClass.Away => health.Current.LastSuccess > streak.LastAt,
        FaultClass.KeyRefused => health.Current.Key.LastAccepted > streak.LastAt,
        _ => false,
    };

    /// <summary>Faults of one class with no proof in between that the fault was over.</summary>
    private sealed record FaultStreak(long Since, long Last, DateTimeOffset Began, DateTimeOffset LastAt, int Count)
    {
        /// <summary>When Dokploy was first seen to answer other calls meanwhile.</summary>
        public long? AnsweredSince { get; init; }
    }
}
