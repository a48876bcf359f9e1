namespace AiStackDeployer.Core.Audit;

/// <summary>By which way somebody acted.</summary>
public enum AuditWay
{
    Web,
    Rest,
    Mcp,

    /// <summary>The portal by itself.</summary>
    System,
}

public enum AuditOutcome
{
    Done,

    /// <summary>It was not allowed.</summary>
    Refused,

    /// <summary>It was allowed and did not work.</summary>
    Failed,
}

/// <summary>One line of the audit log: who did what, on what, with what outcome. Never changed, and holds no secret.</summary>
public sealed record AuditEntry
{
    /// <summary><c>aud_{unix ms}_{random}</c>: sorts by time.</summary>
    public required string Id { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>The person; null = nobody who is known.</summary>
    public string? ActorId { get; init; }

    /// <summary>As the person was called then.</summary>
    public string? ActorName { get; init; }

    public required AuditWay Way { get; init; }

    /// <summary>The network address it came from.</summary>
    public string? Address { get; init; }

    /// <summary>The token or client that acted for the person; null = the person in a browser.</summary>
    public string? TokenName { get; init; }

    /// <summary>A code such as <c>sign-in</c> or <c>stack.delete</c>.</summary>
    public required string Action { get; init; }

    /// <summary>The id of what it was done to.</summary>
    public string? TargetId { get; init; }

    /// <summary>Its name, such as a stack's.</summary>
    public string? TargetName { get; init; }

    /// <summary>Whose it is, where that is not the actor.</summary>
    public string? OwnerId { get; init; }

    public required AuditOutcome Outcome { get; init; }

    /// <summary>A code that says more, such as why it was refused; or what was changed, in a few words.</summary>
    public string? Detail { get; init; }
}
