namespace AiStackDeployer.Web.Components.Deploy;

/// <summary>What a screen reader is told: the newest news, and no more often than it can be said.</summary>
public sealed class Announcer
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(3);

    private DateTimeOffset? _saidAt;
    private string? _news;

    /// <summary>The text of the live region.</summary>
    public string? Said { get; private set; }

    /// <summary>Something newer than <see cref="Said"/> waits for its moment.</summary>
    public bool IsWaiting => _news is not null && _news != Said;

    public void Tell(string? news, DateTimeOffset now)
    {
        _news = news;
        Look(now);
    }

    public void Look(DateTimeOffset now)
    {
        if (IsWaiting && (_saidAt is not { } at || now - at >= Pause))
        {
            (Said, _saidAt) = (_news, now);
        }
    }
}
