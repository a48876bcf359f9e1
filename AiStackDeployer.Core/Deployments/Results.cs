using AiStackDeployer.Core.Naming;

namespace AiStackDeployer.Core.Deployments;

/// <summary>A wish for a stack, from a form or a script.</summary>
public sealed record StartRequest
{
    /// <summary>As typed; checked and normalised here.</summary>
    public required string? Name { get; init; }

    public required string OwnerId { get; init; }

    /// <summary>Makes a double click, or a script's second try, the same deployment.</summary>
    public required string RequestId { get; init; }

    /// <summary>The form that may hold the name; null for a script.</summary>
    public string? HolderId { get; init; }
}

/// <summary>How <see cref="DeploymentService.StartAsync"/> ends.</summary>
public abstract record StartResult
{
    private StartResult()
    {
    }

    /// <summary>Nothing was begun, and why.</summary>
    public abstract record Refusal : StartResult
    {
        private protected Refusal()
        {
        }
    }

    /// <param name="Existing">True when the same request had been made before and nothing new was begun.</param>
    public sealed record Started(DeploymentSnapshot Deployment, bool Existing) : StartResult;

    /// <summary>Illegal or reserved.</summary>
    public sealed record NameRefused(NameVerdict Verdict) : Refusal;

    /// <summary>The caller's own stack has this name already.</summary>
    public sealed record NameYours(string DeploymentId) : Refusal;

    /// <summary>Somebody else has it, or is choosing it right now.</summary>
    public sealed record NameTaken(bool BeingChosen, IReadOnlyList<StackName> Suggestions) : Refusal;

    /// <summary>The same request id came with another name.</summary>
    public sealed record RequestIdReused(string OtherName) : Refusal;

    /// <summary>Of a retry alone: there is nothing to try again, because the stack was deleted since, or is being.</summary>
    /// <param name="Now">How far its deletion is.</param>
    /// <param name="DeploymentId">The newest operation on the stack.</param>
    public sealed record CannotBeRetried(Stacks.StackState Now, string DeploymentId) : Refusal;

    /// <summary>The portal cannot write now; nothing was begun.</summary>
    public sealed record StorageUnavailable : Refusal;
}

public enum CancelResult
{
    /// <summary>It had not begun; it is cancelled.</summary>
    Cancelled,

    /// <summary>It stops at the next safe point and removes what it made.</summary>
    Requested,

    AlreadyEnding,
    AlreadyEnded,

    /// <summary>It is a deletion, and has begun or waits for its turn: it goes on to its end.</summary>
    CannotBeCancelled,

    NotFound,
}

/// <summary>A page of all deployments: which of them, from where. Always newest first.</summary>
public sealed record DeploymentQuery
{
    /// <summary>Part of a name, as typed; null = all.</summary>
    public string? Search { get; init; }

    /// <summary>Any of these; empty = all.</summary>
    public IReadOnlyCollection<DeploymentStatus> Statuses { get; init; } = [];

    /// <summary>Null = all.</summary>
    public DeploymentKind? Kind { get; init; }

    /// <summary>True = those that wait, run or unwind; false = those that have ended; null = both.</summary>
    public bool? Active { get; init; }

    public string? OwnerId { get; init; }

    public string? StackId { get; init; }

    /// <summary>Only those older than this one, whose id it is: where a page ends the next one begins, whatever came meanwhile.</summary>
    public string? Before { get; init; }

    public int Skip { get; init; }

    /// <summary>1-100.</summary>
    public int Take { get; init; } = 25;
}

/// <param name="Total">How many match in all, wherever this page begins.</param>
/// <param name="HasMore">Whether older ones follow.</param>
public sealed record DeploymentPage(IReadOnlyList<DeploymentSnapshot> Rows, int Total, bool HasMore);

/// <summary>One row of the stacks' grid.</summary>
public sealed record StackRow
{
    public required Stacks.Stack Stack { get; init; }

    public required string DeploymentId { get; init; }

    public required DeploymentPhase Phase { get; init; }

    public required DeploymentStep Step { get; init; }

    public required int Progress { get; init; }

    public FailureCode? FailureCode { get; init; }

    /// <summary>The named volumes that the newest operation on it left on the server.</summary>
    public IReadOnlyList<string> KeptVolumes { get; init; } = [];

    /// <summary>Of the newest operation on it.</summary>
    public DeploymentKind Kind => DeploymentPlan.IsOfDeletion(Step) ? DeploymentKind.Delete : DeploymentKind.Deploy;
}

public enum StackSort
{
    Name,
    Owner,
    State,
    Created,
    Image,
}

/// <summary>A page of the grid: what to show, in which order, from where.</summary>
public sealed record StackQuery
{
    /// <summary>Part of a name, as typed; null = all.</summary>
    public string? Search { get; init; }

    /// <summary>Any of these; empty = all.</summary>
    public IReadOnlyCollection<Stacks.StackState> States { get; init; } = [];

    public string? OwnerId { get; init; }

    public StackSort Sort { get; init; } = StackSort.Created;

    public bool Descending { get; init; } = true;

    public int Skip { get; init; }

    /// <summary>1-100.</summary>
    public int Take { get; init; } = 25;
}

public sealed record StackPage(IReadOnlyList<StackRow> Rows, int Total);

/// <summary>The four figures above the administrator's grid.</summary>
/// <param name="InProgress">Operations of every kind.</param>
/// <param name="ReadyInP95Today">Null when nothing got ready today.</param>
/// <param name="SuccessSevenDays">0-1 over completed and failed deployments, not deletions; null when there are none.</param>
public sealed record PortalFigures(int Ready, int InProgress, TimeSpan? ReadyInP95Today, double? SuccessSevenDays);

/// <summary>Learned from past successful runs.</summary>
/// <param name="Median">Per step; empty when there is no run to learn from.</param>
/// <param name="Total">The median of the whole way.</param>
/// <param name="TotalP95">The 95th percentile of the whole way; null while there are too few runs for one.</param>
public sealed record LearnedTimes(IReadOnlyDictionary<DeploymentStep, TimeSpan> Median, TimeSpan? Total, TimeSpan? TotalP95)
{
    public static LearnedTimes None { get; } = new(new Dictionary<DeploymentStep, TimeSpan>(), null, null);
}
