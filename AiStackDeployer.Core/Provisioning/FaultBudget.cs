using AiStackDeployer.Core.Dokploy;

namespace AiStackDeployer.Core.Provisioning;

/// <summary>
/// How long which fault of Dokploy's is sat out within one step. Each faultClass of fault is counted by itself, and anew once it is over:
/// what passed minutes ago is no reason to believe the next one.
/// </summary>
internal sealed class FaultBudget(ProvisioningOptions options, DokployHealth health, TimeProvider time)
{
    /// <summary>A fault that names one request as wrong gets a second try: the object may just have been made or removed.</summary>
    private const int MaxRejections = 2;

    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    /// <summary>The longest pause, and a call that took all its time: a fault that was before that has not lasted until now.</summary>
    private static readonly TimeSpan Over = Longest + TimeSpan.FromSeconds(30);

    private readonly Dictionary<FaultClass, FaultStreak> _streaks = [];
    private DokployException? _latest;
    private DokployFault? _lastReported;

    private enum FaultClass
    {
        /// <summary>Dokploy as a whole is away: any answer proves the contrary.</summary>
        Away,

        /// <summary>The key is refused; any call that it is accepted for proves the contrary.</summary>
        KeyRefused,

        /// <summary>This call fails in a way that may pass, whatever others do.</summary>
        Failing,
        Denied,
        Rejected,
    }

    /// <summary>
    /// The latest fault, unless it is known to be over. When there is no time left one good answer after it is enough: had it still
    /// been in the way, the last answer would have been a fault.
    /// </summary>
    public DokployException? Lasting
    {
        get
        {
            if (_latest is not { } fault)
            {
                return null;
            }
            var faultClass = ClassOf(fault.Kind);
            var streak = _streaks[faultClass];
            return IsOver(faultClass, streak) || (faultClass == FaultClass.Failing && health.Current.LastSuccess > streak.LastAt) ? null : fault;
        }
    }

    /// <summary>Counts the fault; true when waiting longer is no use.</summary>
    public bool IsExhausted(DokployException e)
    {
        _latest = e;
        var faultClass = ClassOf(e.Kind);
        var now = time.GetTimestamp();
        var before = _streaks.GetValueOrDefault(faultClass);
        if (before is null || IsOver(faultClass, before))
        {
            before = new FaultStreak(now, now, time.GetUtcNow(), 0);
            _lastReported = null;
        }
        var streak = before with { Last = now, LastAt = time.GetUtcNow(), Count = before.Count + 1 };
        _streaks[faultClass] = streak;
        var elapsed = time.GetElapsedTime(streak.Since, now);
        return faultClass switch
        {
            FaultClass.Away or FaultClass.Failing => elapsed >= options.UpstreamTimeout,
            // A 401 may be a passing trouble of Dokploy's own; never believe a single one.
            FaultClass.KeyRefused or FaultClass.Denied => streak.Count > 1 && elapsed >= options.RefusalTimeout,
            FaultClass.Rejected => streak.Count > MaxRejections,
            _ => throw new ArgumentOutOfRangeException(nameof(e), faultClass, null),
        };
    }

    /// <summary>True when this kind of trouble has not been told yet.</summary>
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
            // What was sent may still be at work over there: let it show before looking. Most of all where it was that slow.
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

    private bool IsOver(FaultClass faultClass, FaultStreak streak) => time.GetElapsedTime(streak.Last) > Over || faultClass switch
    {
        FaultClass.Away => health.Current.LastSuccess > streak.LastAt,
        FaultClass.KeyRefused => health.Current.Key.LastAccepted > streak.LastAt,
        _ => false,
    };

    /// <summary>Faults of one faultClass without a proof of the contrary between them.</summary>
    private sealed record FaultStreak(long Since, long Last, DateTimeOffset LastAt, int Count);
}
