using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Core.Naming;
using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Tests.Deployments;

/// <summary>The real store, with a test's hand on every call: to count it, to hold it back, to let it fail.</summary>
internal sealed class HookedStore(IDeploymentStore inner) : IDeploymentStore
{
    private readonly ConcurrentQueue<string> _calls = new();

    /// <summary>Runs before each call, given the method's name.</summary>
    public Func<string, Task> Before { get; set; } = _ => Task.CompletedTask;

    public int CountOf(string method) => _calls.Count(call => call == method);

    /// <summary>From now on these methods find the database locked.</summary>
    public void Lock(params string[] methods) => Before = method => methods.Contains(method)
        ? Task.FromException(new StorageUnavailableException("locked", new IOException()))
        : Task.CompletedTask;

    public Task<BeginResult> BeginAsync(NewOperation wanted, CancellationToken cancellationToken) =>
        CallAsync(() => inner.BeginAsync(wanted, cancellationToken));

    public Task<HandoverResult> HandOverAsync(string stackId, string personId, CancellationToken cancellationToken) =>
        CallAsync(() => inner.HandOverAsync(stackId, personId, cancellationToken));

    public Task<Deployment?> FindAsync(string deploymentId, CancellationToken cancellationToken) =>
        CallAsync(() => inner.FindAsync(deploymentId, cancellationToken));

    public Task<Deployment?> FindByRequestAsync(string ownerId, string requestId, CancellationToken cancellationToken) =>
        CallAsync(() => inner.FindByRequestAsync(ownerId, requestId, cancellationToken));

    public Task<Deployment?> FindByRequestAsync(string requestId, CancellationToken cancellationToken) =>
        CallAsync(() => inner.FindByRequestAsync(requestId, cancellationToken));

    public Task<T?> ChangeAsync<T>(string deploymentId, Func<Deployment, T> change, CancellationToken cancellationToken) =>
        CallAsync(() => inner.ChangeAsync(deploymentId, change, cancellationToken));

    public Task<IReadOnlyList<DeploymentEvent>> ReadEventsAsync(
        string deploymentId, long after, int take, CancellationToken cancellationToken) =>
        CallAsync(() => inner.ReadEventsAsync(deploymentId, after, take, cancellationToken));

    public Task<IReadOnlyList<DeploymentEvent>> ReadLastLogAsync(string deploymentId, int take, CancellationToken cancellationToken) =>
        CallAsync(() => inner.ReadLastLogAsync(deploymentId, take, cancellationToken));

    public Task<IReadOnlyList<Deployment>> ListActiveAsync(CancellationToken cancellationToken) =>
        CallAsync(() => inner.ListActiveAsync(cancellationToken));

    public Task<int> CountQueuedBeforeAsync(string deploymentId, DateTimeOffset createdAt, CancellationToken cancellationToken) =>
        CallAsync(() => inner.CountQueuedBeforeAsync(deploymentId, createdAt, cancellationToken));

    public Task<IReadOnlyList<string>> ListQueuedIdsAsync(CancellationToken cancellationToken) =>
        CallAsync(() => inner.ListQueuedIdsAsync(cancellationToken));

    public Task<(IReadOnlyList<Deployment> Rows, int Total)> ListAsync(DeploymentQuery query, CancellationToken cancellationToken) =>
        CallAsync(() => inner.ListAsync(query, cancellationToken));

    public Task<int> CountActiveAsync(CancellationToken cancellationToken) => CallAsync(() => inner.CountActiveAsync(cancellationToken));

    public Task<ActiveFigures> ReadActiveFiguresAsync(CancellationToken cancellationToken) =>
        CallAsync(() => inner.ReadActiveFiguresAsync(cancellationToken));

    public Task<Stack?> FindStackAsync(string stackId, CancellationToken cancellationToken) =>
        CallAsync(() => inner.FindStackAsync(stackId, cancellationToken));

    public Task<StackRow?> FindStackByNameAsync(StackName name, CancellationToken cancellationToken) =>
        CallAsync(() => inner.FindStackByNameAsync(name, cancellationToken));

    public Task<bool> EverMadeContainerAsync(string stackId, CancellationToken cancellationToken) =>
        CallAsync(() => inner.EverMadeContainerAsync(stackId, cancellationToken));

    public Task<IReadOnlyList<DeploymentEvent>> ReadLooksAsync(string stackId, int take, CancellationToken cancellationToken) =>
        CallAsync(() => inner.ReadLooksAsync(stackId, take, cancellationToken));

    public Task<IReadOnlyList<string>> ListReadyStackIdsAsync(CancellationToken cancellationToken) =>
        CallAsync(() => inner.ListReadyStackIdsAsync(cancellationToken));

    public Task<IReadOnlyList<Stack>> ListDueForRemovalAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        CallAsync(() => inner.ListDueForRemovalAsync(now, cancellationToken));

    public Task<IReadOnlyList<Stack>> ListKeptAsync(CancellationToken cancellationToken) => CallAsync(() => inner.ListKeptAsync(cancellationToken));

    public Task<IReadOnlyList<Stack>> ListRestingAsync(CancellationToken cancellationToken) =>
        CallAsync(() => inner.ListRestingAsync(cancellationToken));

    public Task<IReadOnlyList<StackPassword>> ListStackPasswordsAsync(CancellationToken cancellationToken) =>
        CallAsync(() => inner.ListStackPasswordsAsync(cancellationToken));

    public Task<StackPage> ListStacksAsync(StackQuery query, CancellationToken cancellationToken) =>
        CallAsync(() => inner.ListStacksAsync(query, cancellationToken));

    public Task<IReadOnlyList<string>> ListStackIdsAsync(StackQuery query, CancellationToken cancellationToken) =>
        CallAsync(() => inner.ListStackIdsAsync(query, cancellationToken));

    public Task<IReadOnlyList<StackRow>> FindStacksAsync(IReadOnlyCollection<string> stackIds, CancellationToken cancellationToken) =>
        CallAsync(() => inner.FindStacksAsync(stackIds, cancellationToken));

    public Task<IReadOnlyList<TroubledStack>> ListTroubledAsync(CancellationToken cancellationToken) =>
        CallAsync(() => inner.ListTroubledAsync(cancellationToken));

    public Task<IReadOnlyList<EndedDeployment>> ListEndedAsync(DateTimeOffset since, CancellationToken cancellationToken) =>
        CallAsync(() => inner.ListEndedAsync(since, cancellationToken));

    public Task<IReadOnlyList<ImageCount>> ListImagesAsync(CancellationToken cancellationToken) => CallAsync(() => inner.ListImagesAsync(cancellationToken));

    public Task<PortalFigures> ReadFiguresAsync(DateTimeOffset today, DateTimeOffset sevenDaysAgo, CancellationToken cancellationToken) =>
        CallAsync(() => inner.ReadFiguresAsync(today, sevenDaysAgo, cancellationToken));

    public Task<IReadOnlyList<PastRun>> ReadPastRunsAsync(Operation kind, int runs, CancellationToken cancellationToken) =>
        CallAsync(() => inner.ReadPastRunsAsync(kind, runs, cancellationToken));

    private async Task<T> CallAsync<T>(Func<Task<T>> call, [CallerMemberName] string method = "")
    {
        _calls.Enqueue(method);
        await Before(method);
        return await call();
    }
}
