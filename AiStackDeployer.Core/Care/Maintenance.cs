namespace AiStackDeployer.Core.Care;

/// <summary>Nobody but administrators begins an operation until it ends; what runs goes on.</summary>
/// <param name="Text">What whoever is refused is told.</param>
/// <param name="Until">It ends by itself then.</param>
public sealed record Maintenance(BilingualText Text, DateTimeOffset Until);

public enum NoticeSeverity
{
    Info,
    Warning,
    Error,
}

/// <summary>What everybody reads at the top of every page for a time.</summary>
/// <param name="Id">Another one for each notice: who has dismissed one reads the next.</param>
public sealed record PortalNotice(string Id, BilingualText Text, NoticeSeverity Severity, DateTimeOffset From, DateTimeOffset Until)
{
    /// <summary>What is more than information stays until it ends.</summary>
    public bool MayBeDismissed => Severity == NoticeSeverity.Info;
}

/// <summary>What stands at the top of every page now.</summary>
public sealed record Announcement(Maintenance? Maintenance, PortalNotice? Notice)
{
    public static Announcement None { get; } = new(null, null);
}
