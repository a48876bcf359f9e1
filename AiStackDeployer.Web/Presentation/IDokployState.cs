namespace AiStackDeployer.Web.Presentation;

public enum DokployState
{
    /// <summary>Not asked yet.</summary>
    Unknown,
    Answers,
    Silent,
}

/// <summary>
/// What pages say about Dokploy. Asked on every page, so it answers from what is already known and never waits for
/// Dokploy itself.
/// </summary>
public interface IDokployState
{
    DokployState Current { get; }

    /// <summary>Raised on any thread when <see cref="Current"/> may have changed; not for every call.</summary>
    event Action? Changed;
}
