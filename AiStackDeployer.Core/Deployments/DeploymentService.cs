using System.Diagnostics;
using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Core.Naming;
using AiStackDeployer.Core.Stacks;
using Microsoft.Extensions.Logging;

namespace AiStackDeployer.Core.Deployments;

/// <summary>
/// What people, scripts and assistants can do with deployments. Who may do it is decided by the caller's policies; this decides
/// whether it can be done.
/// </summary>
public sealed partial class DeploymentService(
    IDeploymentStore store,
    IDeploymentQueue queue,
    NameRules rules,
    NameAvailabilityService availability,
    DeploymentSnapshots snapshots,
    DeploymentSignals signals,
    StackDefaults defaults,
    IStackImages images,
    ISecretProtector secrets,
    LastSeenTimes seen,
    Ids ids,
    TimeProvider time,
    ILogger<DeploymentService> logger)
{
    // Over a circuit there is no HTTP request that a deployment's trace could be linked to: this span stands for it.
    private static readonly ActivitySource Requests = new("AiStackDeployer.Requests");

    private const int MostInHistory = 100;

    /// <summary>How long a failed stack keeps its name from others.</summary>
    public static readonly TimeSpan FailedNameKept = TimeSpan.FromHours(24);

    /// <summary>Claims the name and hands the deployment to the engine. The caller's token ends the waiting, never the deployment.</summary>
    public async Task<BeginResult> StartAsync(StartRequest request, CancellationToken cancellationToken)
    {
        using var span = Requests.StartActivity("request deploy");
        try
        {
            var verdict = rules.Check(request.Name);
            if (verdict.Name is not { } name || verdict.Faults.Count > 0)
            {
                return new BeginResult.NameRefused(verdict);
            }
            if (await store.FindByRequestAsync(request.OwnerId, request.RequestId, cancellationToken) is { } before)
            {
                return before.Operation == OperationCatalog.Deploy && before.Name == name
                    ? await RepeatedAsync(before, cancellationToken)
                    : new BeginResult.RequestIdReused(before.Name);
            }
            return await availability.CheckAsync(name, AskerOf(request), cancellationToken) switch
            {
                // Dokploy may know the name although we do not.
                NameAvailability.TakenByOther taken => new BeginResult.NameTaken(BeingChosen: false, taken.Suggestions),
                NameAvailability.BeingChosen chosen => new BeginResult.NameTaken(BeingChosen: true, chosen.Suggestions),
                // The claim decides: only it can, among all who look in the same instant. When Dokploy cannot be asked, the first step finds out.
                _ => await ClaimAsync(name, request, cancellationToken),
            };
        }
        catch (StorageUnavailableException e)
        {
            NotStored(e, OperationCatalog.Deploy.Name, request.Name);
            return new BeginResult.StorageUnavailable();
        }
    }

    /// <exception cref="StorageUnavailableException">The wish could not be stored.</exception>
    public async Task<CancelResult> CancelAsync(string deploymentId, CancellationToken cancellationToken)
    {
        var result = await store.ChangeAsync<CancelResult?>(
            deploymentId, deployment => deployment.RequestCancel(time.GetUtcNow()), cancellationToken);
        if (result == CancelResult.Requested)
        {
            signals.NotifyCancel(deploymentId);
        }
        return result ?? CancelResult.NotFound;
    }

    /// <exception cref="StorageUnavailableException">Nothing was changed.</exception>
    public Task<HandoverResult> HandOverAsync(string stackId, string personId, CancellationToken cancellationToken) =>
        store.HandOverAsync(stackId, personId, cancellationToken);

    /// <summary>Keeps a stack from being stopped for being unused; false when something is at work on it, or it is not there.</summary>
    /// <exception cref="StorageUnavailableException">Nothing was changed.</exception>
    public async Task<bool> KeepRunningAsync(string stackId, DateTimeOffset until, CancellationToken cancellationToken) =>
        await store.FindStackAsync(stackId, cancellationToken) is { } stack
        && await store.ChangeAsync(stack.LastDeploymentId, deployment => deployment.KeepRunning(until, time.GetUtcNow()), cancellationToken);

    public Task<DeploymentSnapshot?> FindAsync(string deploymentId, CancellationToken cancellationToken) =>
        snapshots.FindAsync(deploymentId, cancellationToken);

    /// <summary>The last log lines, oldest first.</summary>
    public Task<IReadOnlyList<DeploymentEvent>> ReadLastLogAsync(string deploymentId, int take, CancellationToken cancellationToken) =>
        store.ReadLastLogAsync(deploymentId, take, cancellationToken);

    /// <summary>All that wait, run or unwind, oldest first.</summary>
    public async Task<IReadOnlyList<DeploymentSnapshot>> ListActiveAsync(CancellationToken cancellationToken)
    {
        return await snapshots.BuildAsync(await store.ListActiveAsync(cancellationToken), cancellationToken);
    }

    /// <summary>One page of all deployments, newest first.</summary>
    public async Task<DeploymentPage> ListDeploymentsAsync(DeploymentQuery query, CancellationToken cancellationToken)
    {
        var take = Math.Clamp(query.Take, 1, 100);
        // One more than is shown tells whether there is a next page.
        var (rows, total) = await store.ListAsync(query with { Take = take + 1, Skip = Math.Max(0, query.Skip) }, cancellationToken);
        return new DeploymentPage(await snapshots.BuildAsync([.. rows.Take(take)], cancellationToken), total, rows.Count > take);
    }

    /// <summary>A part of a deployment's log: what came after an event, oldest first.</summary>
    public Task<IReadOnlyList<DeploymentEvent>> ReadEventsAsync(
        string deploymentId, long after, int take, CancellationToken cancellationToken) =>
        store.ReadEventsAsync(deploymentId, after, take, cancellationToken);

    public Task<int> CountActiveAsync(CancellationToken cancellationToken) => store.CountActiveAsync(cancellationToken);

    public async Task<StackPage> ListStacksAsync(StackQuery query, CancellationToken cancellationToken)
    {
        var page = await store.ListStacksAsync(
            query with { Take = Math.Clamp(query.Take, 1, 100), Skip = Math.Max(0, query.Skip) }, cancellationToken);
        return page with { Rows = [.. page.Rows.Select(Seen)] };
    }

    /// <summary>The stack that has this name now; null when nobody has it, or no stack can.</summary>
    public async Task<StackRow?> FindStackByNameAsync(string name, CancellationToken cancellationToken) =>
        StackName.TryParse(name, out var parsed) && await store.FindStackByNameAsync(parsed, cancellationToken) is { } row ? Seen(row) : null;

    public Task<PortalFigures> ReadFiguresAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return store.ReadFiguresAsync(new DateTimeOffset(now.Date, TimeSpan.Zero), now.AddDays(-7), cancellationToken);
    }

    /// <summary>The user name and password of a stack; null when it does not exist or is somebody else's.</summary>
    public async Task<StackCredentials?> GetCredentialsAsync(string stackId, string ownerId, CancellationToken cancellationToken) =>
        await store.FindStackAsync(stackId, cancellationToken) is { } stack && stack.OwnerId == ownerId
            ? new StackCredentials(stack.UserName, secrets.Unprotect(stack.ProtectedPassword))
            : null;

    /// <summary>The names of the owner's own variables, in order; null when the stack is gone. The values are read by nobody.</summary>
    /// <exception cref="SecretUnreadableException">The keys they were encrypted with are gone.</exception>
    public async Task<IReadOnlyList<string>?> ListVariablesAsync(string stackId, CancellationToken cancellationToken) =>
        await store.FindStackAsync(stackId, cancellationToken) is { } stack
            ? [.. OwnEnvironment.Read(stack.ProtectedEnvironment, secrets).Keys.Order(StringComparer.Ordinal)]
            : null;

    /// <summary>Changes what its owner calls the stack and says of it; blank = nothing.</summary>
    /// <param name="deploymentId">An operation on the stack.</param>
    /// <exception cref="StorageUnavailableException">Nothing was changed.</exception>
    public async Task<DescribeResult> DescribeAsync(string deploymentId, string? label, string? description, CancellationToken cancellationToken)
    {
        (label, description) = (Trimmed(label), Trimmed(description));
        if (label?.Length > Stack.LongestLabel || description?.Length > Stack.LongestDescription)
        {
            return DescribeResult.TooLong;
        }
        return await store.ChangeAsync<DescribeResult?>(
            deploymentId,
            deployment =>
            {
                if (deployment.Stack.ReleasedAt is not null)
                {
                    return DescribeResult.NotFound;
                }
                (deployment.Stack.Label, deployment.Stack.Description) = (label, description);
                return DescribeResult.Done;
            },
            cancellationToken) ?? DescribeResult.NotFound;
    }

    /// <summary>The newest operations on a stack, and how it was from a moment on.</summary>
    public async Task<StackHistory> ReadHistoryAsync(StackRow row, DateTimeOffset from, CancellationToken cancellationToken)
    {
        var operations = await ListDeploymentsAsync(new DeploymentQuery { StackId = row.Stack.Id, Take = MostInHistory }, cancellationToken);
        var looks = await store.ReadLooksAsync(row.Stack.Id, MostInHistory, cancellationToken);
        return new StackHistory(operations.Rows, operations.Total, HealthSpans.Of(operations.Rows, looks, row, from, time.GetUtcNow()));
    }

    private static string? Trimmed(string? text) => text?.Trim() is { Length: > 0 } trimmed ? trimmed : null;

    private StackRow Seen(StackRow row) => row with { Health = seen.Complete(row.Stack.Id, row.Stack.Health) };
}
