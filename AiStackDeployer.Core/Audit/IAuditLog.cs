namespace AiStackDeployer.Core.Audit;

/// <summary>Which lines of the audit log; what is null does not filter.</summary>
public sealed record AuditQuery
{
    /// <summary>Part of a name of the actor, the target or the token; or a whole id or address.</summary>
    public string? Search { get; init; }

    /// <summary>An action, or the beginning of several (<c>stack.</c>).</summary>
    public string? Action { get; init; }

    public AuditWay? Way { get; init; }

    public AuditOutcome? Outcome { get; init; }

    public DateTimeOffset? From { get; init; }

    public DateTimeOffset? To { get; init; }

    /// <summary>Only lines older than this one.</summary>
    public string? Before { get; init; }

    public int Take { get; init; } = 50;
}

/// <summary>Who did what: append-only.</summary>
/// <exception cref="Deployments.StorageUnavailableException">Any of these: the database cannot be used now.</exception>
public interface IAuditLog
{
    Task WriteAsync(AuditEntry entry, CancellationToken cancellationToken);

    /// <summary>Newest first.</summary>
    Task<IReadOnlyList<AuditEntry>> ReadAsync(AuditQuery query, CancellationToken cancellationToken);

    /// <summary>Removes what is older than it has to be kept.</summary>
    Task<int> ForgetAsync(DateTimeOffset before, CancellationToken cancellationToken);
}
