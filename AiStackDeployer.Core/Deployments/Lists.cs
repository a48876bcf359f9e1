using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Core.Deployments;

/// <summary>A page of all deployments: which of them, from where. Always newest first.</summary>
public sealed record DeploymentQuery
{
    /// <summary>Part of a name, as typed; null = all.</summary>
    public string? Search { get; init; }

    /// <summary>Any of these; empty = all.</summary>
    public IReadOnlyCollection<DeploymentStatus> Statuses { get; init; } = [];

    /// <summary>Null = all.</summary>
    public Operation? Operation { get; init; }

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
    public required Stack Stack { get; init; }

    /// <summary>The stack's health with the newest time it was seen.</summary>
    public StackHealth Health
    {
        get => field ?? Stack.Health;
        init;
    }

    /// <summary>The newest operation on it, and its facts below.</summary>
    public required string DeploymentId { get; init; }

    public required Operation Operation { get; init; }

    public required DeploymentPhase Phase { get; init; }

    public required DeploymentStep Step { get; init; }

    public required int Progress { get; init; }

    public FailureCode? FailureCode { get; init; }

    /// <summary>The named volumes that the newest operation on it left on the server.</summary>
    public IReadOnlyList<string> KeptVolumes { get; init; } = [];

    /// <summary>When somebody last used it; for one that nobody has used, since when they could.</summary>
    public DateTimeOffset UnusedSince => Stack.UsedAt ?? Stack.ReadyAt ?? Stack.CreatedAt;

    /// <summary>Whether this operation may begin on the stack now.</summary>
    public bool MayBegin(Operation next) => Phase.IsTerminal() && next.MayBeginOn(Stack);
}

public enum StackSort
{
    Name,
    Owner,
    State,
    Created,
    Image,

    /// <summary>By <see cref="StackRow.UnusedSince"/>.</summary>
    Used,
}

/// <summary>A page of the grid: what to show, in which order, from where.</summary>
public sealed record StackQuery
{
    /// <summary>Part of a name, a label or an owner's name, or an address, as typed; null = all.</summary>
    public string? Search { get; init; }

    /// <summary>Any of these; empty = all.</summary>
    public IReadOnlyCollection<StackState> States { get; init; } = [];

    /// <summary>Only ready stacks of any of these; empty = all stacks.</summary>
    public IReadOnlyCollection<HealthState> Healths { get; init; } = [];

    public string? OwnerId { get; init; }

    /// <summary>Only stacks of nobody who has ever signed in.</summary>
    public bool WithoutPerson { get; init; }

    /// <summary>Only stacks whose newest operation failed for this reason; null = all.</summary>
    public FailureCode? Cause { get; init; }

    /// <summary>Only stacks with this image; null = all.</summary>
    public string? Image { get; init; }

    /// <summary>Only stacks that run or are stopped, and that nobody has used since; null = all.</summary>
    public DateTimeOffset? UnusedSince { get; init; }

    /// <summary>Only stacks made before; null = all.</summary>
    public DateTimeOffset? CreatedBefore { get; init; }

    public StackSort Sort { get; init; } = StackSort.Created;

    public bool Descending { get; init; } = true;

    public int Skip { get; init; }

    /// <summary>1-100.</summary>
    public int Take { get; init; } = 25;
}

public sealed record StackPage(IReadOnlyList<StackRow> Rows, int Total);

/// <summary>The figures above the administrator's grid.</summary>
/// <param name="NotAnswering">Of the ready ones, those that are known not to work now.</param>
/// <param name="InProgress">Operations of every kind.</param>
/// <param name="ReadyInP95Today">Null when nothing got ready today.</param>
/// <param name="SuccessSevenDays">0-1 over completed and failed deployments, not deletions; null when there are none.</param>
public sealed record PortalFigures(int Ready, int NotAnswering, int InProgress, TimeSpan? ReadyInP95Today, double? SuccessSevenDays);
