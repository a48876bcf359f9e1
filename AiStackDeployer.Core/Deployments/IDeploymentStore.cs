using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Core.Naming;
using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Core.Deployments;

/// <summary>Where deployments and stacks are kept. Every write is one transaction: facts and log lines together or not at all.</summary>
public interface IDeploymentStore
{
    /// <summary>
    /// Begins an operation: the name or the stack's state and the operation's rows in one step, so that of several that want the same
    /// name or stack one wins.
    /// </summary>
    /// <exception cref="StorageUnavailableException">Locked or full; nothing was written.</exception>
    Task<BeginResult> BeginAsync(NewOperation wanted, CancellationToken cancellationToken);

    /// <summary>Makes a stack and all its deployments another person's, unless an operation waits or runs on it.</summary>
    /// <exception cref="StorageUnavailableException">Locked or full; nothing was written.</exception>
    Task<HandoverResult> HandOverAsync(string stackId, string personId, CancellationToken cancellationToken);

    /// <summary>A copy that nobody else changes; null when unknown.</summary>
    Task<Deployment?> FindAsync(string deploymentId, CancellationToken cancellationToken);

    Task<Deployment?> FindByRequestAsync(string ownerId, string requestId, CancellationToken cancellationToken);

    /// <summary>The operation on an existing stack that a request began, whoever owns the stack; null when it began none.</summary>
    Task<Deployment?> FindByRequestAsync(string requestId, CancellationToken cancellationToken);

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

    /// <summary>How many wait before this one: accepted earlier, or at the same moment and first by id.</summary>
    Task<int> CountQueuedBeforeAsync(string deploymentId, DateTimeOffset createdAt, CancellationToken cancellationToken);

    /// <summary>The line of those that wait for a worker, next one first.</summary>
    Task<IReadOnlyList<string>> ListQueuedIdsAsync(CancellationToken cancellationToken);

    /// <summary>One page of those that match, newest first, and how many match, wherever the page begins.</summary>
    Task<(IReadOnlyList<Deployment> Rows, int Total)> ListAsync(DeploymentQuery query, CancellationToken cancellationToken);

    Task<int> CountActiveAsync(CancellationToken cancellationToken);

    /// <summary>Those in progress, counted.</summary>
    Task<ActiveFigures> ReadActiveFiguresAsync(CancellationToken cancellationToken);

    /// <summary>A stack that is not released; null when unknown.</summary>
    Task<Stack?> FindStackAsync(string stackId, CancellationToken cancellationToken);

    /// <summary>The stack that has this name now, with its last deployment; null when nobody has it.</summary>
    Task<StackRow?> FindStackByNameAsync(StackName name, CancellationToken cancellationToken);

    /// <summary>Whether a container of this stack was ever made, and its volumes with it: it was handed to the servers, and one had room.</summary>
    Task<bool> EverMadeContainerAsync(string stackId, CancellationToken cancellationToken);

    /// <summary>The newest lines that tell whether a stack answered, oldest first, whichever operation's log they are in.</summary>
    Task<IReadOnlyList<DeploymentEvent>> ReadLooksAsync(string stackId, int take, CancellationToken cancellationToken);

    /// <summary>The ids of all ready stacks, oldest first.</summary>
    Task<IReadOnlyList<string>> ListReadyStackIdsAsync(CancellationToken cancellationToken);

    /// <summary>Stacks to be deleted whose time is up, those due first.</summary>
    Task<IReadOnlyList<Stack>> ListDueForRemovalAsync(DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>All stacks that have their name.</summary>
    Task<IReadOnlyList<Stack>> ListKeptAsync(CancellationToken cancellationToken);

    /// <summary>All stacks that are ready or stopped.</summary>
    Task<IReadOnlyList<Stack>> ListRestingAsync(CancellationToken cancellationToken);

    /// <summary>The passwords of all stacks that are not released, as they are stored, by the stacks' names.</summary>
    Task<IReadOnlyList<StackPassword>> ListStackPasswordsAsync(CancellationToken cancellationToken);

    Task<StackPage> ListStacksAsync(StackQuery query, CancellationToken cancellationToken);

    /// <summary>The ids of all that match, in the query's order; its page does not count.</summary>
    Task<IReadOnlyList<string>> ListStackIdsAsync(StackQuery query, CancellationToken cancellationToken);

    /// <summary>The rows of these stacks in the order of their ids; one whose name was let go meanwhile is left out.</summary>
    Task<IReadOnlyList<StackRow>> FindStacksAsync(IReadOnlyCollection<string> stackIds, CancellationToken cancellationToken);

    /// <summary>All stacks of which the newest operation failed, something was left behind, or that do not answer.</summary>
    Task<IReadOnlyList<TroubledStack>> ListTroubledAsync(CancellationToken cancellationToken);

    /// <summary>Each making of a stack that completed or failed since.</summary>
    Task<IReadOnlyList<EndedDeployment>> ListEndedAsync(DateTimeOffset since, CancellationToken cancellationToken);

    /// <summary>The images of all stacks, the most frequent first.</summary>
    Task<IReadOnlyList<ImageCount>> ListImagesAsync(CancellationToken cancellationToken);

    Task<PortalFigures> ReadFiguresAsync(DateTimeOffset today, DateTimeOffset sevenDaysAgo, CancellationToken cancellationToken);

    /// <summary>Steps of the last <paramref name="runs"/> completed runs of an operation, those asked for last first.</summary>
    Task<IReadOnlyList<PastRun>> ReadPastRunsAsync(Operation operation, int runs, CancellationToken cancellationToken);
}
