using AiStackDeployer.Core.Audit;

namespace AiStackDeployer.Web.Api;

/// <summary>One line of the audit log: who did what, on what, with what outcome.</summary>
public sealed record AuditAnswer
{
    /// <summary>Its id; sorts by time.</summary>
    public required string Id { get; init; }

    /// <summary>When it was done.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The person; absent when nobody is known.</summary>
    public string? ActorId { get; init; }

    /// <summary>As the person was called then.</summary>
    public string? ActorName { get; init; }

    /// <summary>By which way.</summary>
    public required AuditWay Way { get; init; }

    /// <summary>The network address it came from.</summary>
    public string? Address { get; init; }

    /// <summary>The token or client that acted for the person; absent when the person did it in a browser.</summary>
    public string? TokenName { get; init; }

    /// <summary>What was done, such as `sign-in`, `stack.delete` or `credentials.show`.</summary>
    public required string Action { get; init; }

    /// <summary>The id of what it was done to.</summary>
    public string? TargetId { get; init; }

    /// <summary>Its name.</summary>
    public string? TargetName { get; init; }

    /// <summary>Whose it is; absent where it is the actor's own.</summary>
    public string? OwnerId { get; init; }

    /// <summary>`refused`: it was not allowed. `failed`: it was allowed and did not work.</summary>
    public required AuditOutcome Outcome { get; init; }

    /// <summary>More about it in a few words, such as why it failed.</summary>
    public string? Detail { get; init; }

    internal static AuditAnswer Of(AuditEntry entry) => new()
    {
        Id = entry.Id, At = entry.At, ActorId = entry.ActorId, ActorName = entry.ActorName, Way = entry.Way, Address = entry.Address, TokenName = entry.TokenName,
        Action = entry.Action, TargetId = entry.TargetId, TargetName = entry.TargetName, OwnerId = entry.OwnerId, Outcome = entry.Outcome, Detail = entry.Detail,
    };
}

/// <summary>A page of the audit log, newest first.</summary>
/// <param name="Items">The lines.</param>
/// <param name="Next">The address of the next page; absent on the last one.</param>
public sealed record AuditListAnswer(IReadOnlyList<AuditAnswer> Items, string? Next);
