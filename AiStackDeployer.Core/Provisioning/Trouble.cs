using AiStackDeployer.Core.Dokploy;

namespace AiStackDeployer.Core.Provisioning;

/// <summary>
/// How long which fault of Dokploy's is sat out within one step. Each sort of fault is counted by itself, and anew once it is over:
/// what passed minutes ago is no reason to believe the next one.
/// </summary>
internal sealed class Trouble(ProvisioningOptions options, DokployHealth health, TimeProvider time)
{
    /// <summary>A fault that names one request as wrong gets a second try: the object may just have been made or removed.</summary>
    private const int RejectionsAtMost = 2;

    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    /// <summary>The longest pause, and a call that took all its time: a fault that was before that has not lasted until now.</summary>
    private static readonly TimeSpan Over = Longest + TimeSpan.FromSeconds(30);

    private readonly Dictionary<Sort, Spell> _spells = [];
    private DokployException? _latest;
    private DokployFault? _told;

    private enum Sort
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
            var sort = SortOf(fault.Kind);
            var spell = _spells[sort];
            return IsOver(sort, spell) || (sort == Sort.Failing && health.Current.LastSuccess > spell.LastAt) ? null : fault;
        }
    }

    /// <summary>Counts the fault; true when waiting longer is no use.</summary>
    public bool IsHopeless(DokployException e)
    {
        _latest = e;
        var sort = SortOf(e.Kind);
        var now = time.GetTimestamp();
        var before = _spells.GetValueOrDefault(sort);
        if (before is null || IsOver(sort, before))
        {
            before = new Spell(now, now, time.GetUtcNow(), 0);
            _told = null;
        }
        var spell = before with { Last = now, LastAt = time.GetUtcNow(), Count = before.Count + 1 };
        _spells[sort] = spell;
        var elapsed = time.GetElapsedTime(spell.Since, now);
        return sort switch
        {
            Sort.Away or Sort.Failing => elapsed >= options.UpstreamPatience,
            // A 401 may be a passing trouble of Dokploy's own; never believe a single one.
            Sort.KeyRefused or Sort.Denied => spell.Count > 1 && elapsed >= options.RefusalPatience,
            Sort.Rejected => spell.Count > RejectionsAtMost,
            _ => throw new ArgumentOutOfRangeException(nameof(e), sort, null),
        };
    }

    /// <summary>True when this kind of trouble has not been told yet.</summary>
    public bool IsNews(DokployException e)
    {
        var news = _told != e.Kind;
        _told = e.Kind;
        return news;
    }

    public TimeSpan Pause(DokployException e)
    {
        var pause = First * Math.Pow(2, Math.Min(_spells[SortOf(e.Kind)].Count - 1, 6));
        if (e.MayHaveHappened && pause < TimeSpan.FromSeconds(1))
        {
            // What was sent may still be at work over there: let it show before looking. Most of all where it was that slow.
            pause = e.Kind == DokployFault.TimedOut ? Longest : TimeSpan.FromSeconds(1);
        }
        return pause < Longest ? pause : Longest;
    }

    private static Sort SortOf(DokployFault kind) => kind switch
    {
        DokployFault.Unreachable or DokployFault.DatabaseDown or DokployFault.CircuitOpen => Sort.Away,
        DokployFault.KeyRefused => Sort.KeyRefused,
        DokployFault.PermissionDenied => Sort.Denied,
        DokployFault.NotFound or DokployFault.InvalidRequest or DokployFault.Rejected => Sort.Rejected,
        DokployFault.TimedOut or DokployFault.RateLimited or DokployFault.ServerError or DokployFault.Unreadable => Sort.Failing,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    private bool IsOver(Sort sort, Spell spell) => time.GetElapsedTime(spell.Last) > Over || sort switch
    {
        Sort.Away => health.Current.LastSuccess > spell.LastAt,
        Sort.KeyRefused => health.Current.Key.LastAccepted > spell.LastAt,
        _ => false,
    };

    /// <summary>Faults of one sort without a proof of the contrary between them.</summary>
    private sealed record Spell(long Since, long Last, DateTimeOffset LastAt, int Count);
}
