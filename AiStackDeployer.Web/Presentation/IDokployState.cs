namespace AiStackDeployer.Web.Presentation;

public enum DokployState
{
    /// <summary>Not asked yet.</summary>
    Unknown,
    Answers,
    Silent,
}

/// <summary>
/// What the top bar says about Dokploy. Asked on every page, so it answers from what is already known and never waits for
/// Dokploy itself.
/// </summary>
public interface IDokployState
{
    DokployState Current { get; }
}
