namespace AiStackDeployer.Core.Persistence;

/// <summary>One thing that administrators have decided for the whole portal, as JSON under a key that never changes.</summary>
public sealed class PortalValue
{
    public required string Key { get; init; }

    public required string Json { get; set; }

    public required DateTimeOffset ChangedAt { get; set; }

    /// <summary>Who decided it (<c>usr_…</c>).</summary>
    public required string ChangedBy { get; set; }
}
