using AiStackDeployer.Core.Naming;

namespace AiStackDeployer.Core.Deployments;

/// <summary>Where deployments and stacks are kept. Every write is one transaction: facts and log lines together or not at all.</summary>
public interface IDeploymentStore
{
    /// <summary>Claims the name and stores the deployment; atomic by the unique indexes on name and request id.</summary>
    /// <exception cref="StorageUnavailableException">Locked or full; nothing was written.</exception>
    Task<ClaimOutcome> ClaimAsync(NewDeployment wanted, CancellationToken cancellationToken);

    /// <summary>
    /// Begins a deletion: the stack's state and the operation's rows in one step, so that of two deletions, or of a deletion and
    /// another deployment, one wins.
    /// </summary>
    /// <exception cref="StorageUnavailableException">Locked or full; nothing was written.</exception>
    Task<DeletionOutcome> BeginDeletionAsync(NewDeletion wanted, CancellationToken cancellationToken);

    /// <summary>A copy that nobody else changes; null when unknown.</summary>
    Task<Deployment?> FindAsync(string deploymentId, CancellationToken cancellationToken);

    Task<Deployment?> FindByRequestAsync(string ownerId, string requestId, CancellationToken cancellationToken);

    /// <summary>The deletion that a request began, whoever owns the stack; null when it began none.</summary>
    Task<Deployment?> FindDeletionAsync(string requestId, CancellationToken cancellationToken);

    /// <summary>
    /// Loads, lets <paramref name="change"/> act, stores. When somebody else wrote in between, loads and acts again, so the
    /// change must be free of other effects. Returns default when the deployment is unknown.
    /// </summary>
    /// <exception cref="StaleRunException">From <paramref name="change"/>.</exception>
    /// <exception cref="StorageUnavailableException">Locked or full; nothing was written.</exception>
    Task<T?> ChangeAsync<T>(string deploymentId, Func<Deployment, T> change, CancellationToken cancellationToken);

    /// <summary>Events after a sequence number, in order, at most <paramref name="take"/>.</summary>
    Task<IReadOnlyList<DeploymentEvent>> ReadEventsAsync(string deploymentId, long after, int take, CancellationToken cancellationToken);

    /// <summary>The last log lines, oldest first.</summary>
    Task<IReadOnlyList<DeploymentEvent>> ReadLastLogAsync(string deploymentId, int take, CancellationToken cancellationToken);

    /// <summary>Not terminal, oldest first.</summary>
    Task<IReadOnlyList<Deployment>> ListActiveAsync(CancellationToken cancellationToken);

    /// <summary>The line of those that wait for a worker, next one first.</summary>
    Task<IReadOnlyList<string>> ListQueuedIdsAsync(CancellationToken cancellationToken);

    /// <summary>One page of those that match, newest first, and how many match, wherever the page begins.</summary>
    Task<(IReadOnlyList<Deployment> Rows, int Total)> ListAsync(DeploymentQuery query, CancellationToken cancellationToken);

    Task<int> CountActiveAsync(CancellationToken cancellationToken);

    /// <summary>Those in progress, counted.</summary>
    Task<ActiveFigures> ReadActiveFiguresAsync(CancellationToken cancellationToken);

    /// <summary>A stack that is not released; null when unknown.</summary>
    Task<Stacks.Stack?> FindStackAsync(string stackId, CancellationToken cancellationToken);

    /// <summary>The stack that has this name now, with its last deployment; null when nobody has it.</summary>
    Task<StackRow?> FindStackByNameAsync(StackName name, CancellationToken cancellationToken);

    /// <summary>Whether a container of this stack was ever handed to the servers, which makes its volumes.</summary>
    Task<bool> WasHandedOverAsync(string stackId, CancellationToken cancellationToken);

    Task<StackPage> ListStacksAsync(StackQuery query, CancellationToken cancellationToken);

    Task<PortalFigures> ReadFiguresAsync(DateTimeOffset today, DateTimeOffset sevenDaysAgo, CancellationToken cancellationToken);

    /// <summary>Steps of the last <paramref name="runs"/> completed operations of a kind, those asked for last first.</summary>
    Task<IReadOnlyList<PastRun>> ReadPastRunsAsync(DeploymentKind kind, int runs, CancellationToken cancellationToken);
}

/// <summary>The durations of one completed deployment.</summary>
public sealed record PastRun(TimeSpan Total, IReadOnlyDictionary<DeploymentStep, TimeSpan> Steps);

/// <summary>Everything a claim writes.</summary>
/// <param name="HolderId">The form whose hold of the name is used up by it; null when no form asks.</param>
public sealed record NewDeployment(StackName Name, string OwnerId, string RequestId, string? HolderId, DateTimeOffset Now)
{
    public required string DeploymentId { get; init; }

    public required string TraceId { get; init; }

    /// <summary>The stack to make when the name is new; an own failed stack of this name is used again instead.</summary>
    public required Stacks.Stack NewStack { get; init; }

    /// <summary>A failed stack older than this no longer keeps its name from others.</summary>
    public required DateTimeOffset FailedNamesFreeBefore { get; init; }
}

public abstract record ClaimOutcome
{
    private ClaimOutcome()
    {
    }

    public sealed record Claimed(Deployment Deployment) : ClaimOutcome;

    /// <summary>The same request was made before.</summary>
    public sealed record Repeated(Deployment Deployment) : ClaimOutcome;

    public sealed record Taken(string OwnerId, string DeploymentId) : ClaimOutcome;

    /// <summary>Somebody else's form holds it.</summary>
    public sealed record Held : ClaimOutcome;
}

/// <summary>The database could not be written or read now: locked, full, or not there. Nothing half-written is left.</summary>
public sealed class StorageUnavailableException(string message, Exception inner) : Exception(message, inner);
