using AiStackDeployer.Core.Dokploy;

namespace AiStackDeployer.Core.Provisioning;

/// <summary>How long which fault of Dokploy's is sat out within one step.</summary>
internal sealed class Trouble(ProvisioningOptions options, TimeProvider time)
{
    /// <summary>A fault that names one request as wrong gets a second try: the object may just have been made or removed.</summary>
    private const int RejectionsAtMost = 2;

    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private DokployFault? _kind;
    private long _since;
    private int _count;

    /// <summary>Counts the fault; true when waiting longer is no use.</summary>
    public bool IsHopeless(DokployException e)
    {
        if (_kind is null)
        {
            _since = time.GetTimestamp();
        }
        _count++;
        var elapsed = time.GetElapsedTime(_since);
        return e.Kind switch
        {
            _ when e.IsTransient => elapsed >= options.UpstreamPatience,
            // A 401 may be a passing trouble of Dokploy's own; never believe a single one.
            DokployFault.KeyRefused or DokployFault.PermissionDenied => _count > 1 && elapsed >= options.RefusalPatience,
            _ => _count > RejectionsAtMost,
        };
    }

    /// <summary>True when this kind of trouble has not been told yet.</summary>
    public bool IsNews(DokployException e)
    {
        var news = _kind != e.Kind;
        _kind = e.Kind;
        return news;
    }

    public TimeSpan Pause(DokployException e)
    {
        var pause = First * Math.Pow(2, Math.Min(_count - 1, 6));
        if (e.MayHaveHappened && pause < TimeSpan.FromSeconds(1))
        {
            // What was sent may still be at work over there: let it show before looking.
            pause = TimeSpan.FromSeconds(1);
        }
        return pause < Longest ? pause : Longest;
    }
}
