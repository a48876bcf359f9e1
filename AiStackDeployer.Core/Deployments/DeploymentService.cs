using System.Diagnostics;
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
    ISecretProtector secrets,
    Ids ids,
    TimeProvider time,
    ILogger<DeploymentService> logger)
{
    // Over a circuit there is no HTTP request that a deployment's trace could be linked to: this span stands for it.
    private static readonly ActivitySource Requests = new("AiStackDeployer.Requests");

    /// <summary>How long a failed stack keeps its name from others.</summary>
    public static readonly TimeSpan FailedNameKept = TimeSpan.FromHours(24);

    /// <summary>Claims the name and hands the deployment to the engine. The caller's token ends the waiting, never the deployment.</summary>
    public async Task<StartResult> StartAsync(StartRequest request, CancellationToken cancellationToken)
    {
        using var span = Requests.StartActivity("request deploy");
        try
        {
            var verdict = rules.Check(request.Name);
            if (verdict.Name is not { } name || verdict.Faults.Count > 0)
            {
                return new StartResult.NameRefused(verdict);
            }
            if (await store.FindByRequestAsync(request.OwnerId, request.RequestId, cancellationToken) is { } before)
            {
                return OtherNameOf(before, name) ?? await RepeatedAsync(before, cancellationToken);
            }
            return await availability.CheckAsync(name.Value, AskerOf(request), cancellationToken) switch
            {
                // Dokploy may know the name although we do not.
                NameAvailability.TakenByOther taken => new StartResult.NameTaken(BeingChosen: false, taken.Suggestions),
                NameAvailability.BeingChosen chosen => new StartResult.NameTaken(BeingChosen: true, chosen.Suggestions),
                // The claim decides: only it can, among all who look in the same instant. When Dokploy cannot be asked, the first step finds out.
                _ => await ClaimAsync(name, request, cancellationToken),
            };
        }
        catch (StorageUnavailableException e)
        {
            StorageFailed(e, request.Name);
            return new StartResult.StorageUnavailable();
        }
    }

    /// <summary>
    /// A failed or cancelled deployment again, under the same name; of a failed deletion, another deletion
    /// (<see cref="DeploymentRetry.MayBeRetried"/>). Null when it is unknown.
    /// </summary>
    public async Task<StartResult?> RetryAsync(string deploymentId, string requestId, CancellationToken cancellationToken)
    {
        try
        {
            if (await store.FindAsync(deploymentId, cancellationToken) is not { } deployment)
            {
                return null;
            }
            // Before any rule: the same request again is the same retry, whatever became of the stack meanwhile.
            if (await store.FindByRequestAsync(deployment.OwnerId, requestId, cancellationToken) is { } before)
            {
                return before.Kind == deployment.Kind && before.Name == deployment.Name
                    ? await RepeatedAsync(before, cancellationToken)
                    : new StartResult.RequestIdReused(before.Name);
            }
            var now = DeploymentSnapshots.Draw(deployment, LearnedTimes.None, placeInLine: null);
            return now switch
            {
                _ when now.MayBeRetried() && now.Kind == DeploymentKind.Delete => await DeleteAgainAsync(deployment, requestId, cancellationToken),
                _ when now.MayBeRetried() => await StartAsync(
                    new StartRequest { Name = deployment.Name, OwnerId = deployment.OwnerId, RequestId = requestId }, cancellationToken),
                _ when now.Kind == DeploymentKind.Delete || now.StackState == StackState.DeleteFailed || now.IsOvertaken() =>
                    new StartResult.CannotBeRetried(deployment.Stack.State, deployment.Stack.LastDeploymentId),
                _ => new StartResult.NameYours(deployment.Stack.LastDeploymentId),
            };
        }
        catch (StorageUnavailableException e)
        {
            RetryNotStored(e, deploymentId);
            return new StartResult.StorageUnavailable();
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

    public Task<DeploymentSnapshot?> FindAsync(string deploymentId, CancellationToken cancellationToken) =>
        snapshots.FindAsync(deploymentId, cancellationToken);

    /// <summary>The last log lines, oldest first.</summary>
    public Task<IReadOnlyList<DeploymentEvent>> ReadLastLogAsync(string deploymentId, int take, CancellationToken cancellationToken) =>
        store.ReadLastLogAsync(deploymentId, take, cancellationToken);

    /// <summary>All that wait, run or unwind, oldest first.</summary>
    public async Task<IReadOnlyList<DeploymentSnapshot>> ListActiveAsync(CancellationToken cancellationToken)
    {
        return await snapshots.DrawAsync(await store.ListActiveAsync(cancellationToken), cancellationToken);
    }

    /// <summary>One page of all deployments, newest first.</summary>
    public async Task<DeploymentPage> ListDeploymentsAsync(DeploymentQuery query, CancellationToken cancellationToken)
    {
        var take = Math.Clamp(query.Take, 1, 100);
        // One more than is shown tells whether there is a next page.
        var (rows, total) = await store.ListAsync(query with { Take = take + 1, Skip = Math.Max(0, query.Skip) }, cancellationToken);
        return new DeploymentPage(await snapshots.DrawAsync([.. rows.Take(take)], cancellationToken), total, rows.Count > take);
    }

    /// <summary>A part of a deployment's log: what came after an event, oldest first.</summary>
    public Task<IReadOnlyList<DeploymentEvent>> ReadEventsAsync(
        string deploymentId, long after, int take, CancellationToken cancellationToken) =>
        store.ReadEventsAsync(deploymentId, after, take, cancellationToken);

    public Task<int> CountActiveAsync(CancellationToken cancellationToken) => store.CountActiveAsync(cancellationToken);

    public Task<StackPage> ListStacksAsync(StackQuery query, CancellationToken cancellationToken) =>
        store.ListStacksAsync(query with { Take = Math.Clamp(query.Take, 1, 100), Skip = Math.Max(0, query.Skip) }, cancellationToken);

    /// <summary>The stack that has this name now; null when nobody has it, or no stack can.</summary>
    public async Task<StackRow?> FindStackByNameAsync(string name, CancellationToken cancellationToken) =>
        StackName.TryParse(name, out var parsed) ? await store.FindStackByNameAsync(parsed, cancellationToken) : null;

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

    private static NameHolder AskerOf(StartRequest request) => new(request.HolderId ?? request.RequestId, request.OwnerId);

    private static StartResult? OtherNameOf(Deployment before, StackName name) =>
        before.Kind == DeploymentKind.Deploy && before.Name == name.Value ? null : new StartResult.RequestIdReused(before.Name);

    private async Task<StartResult> ClaimAsync(StackName name, StartRequest request, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var deploymentId = ids.NewDeploymentId();
        var outcome = await store.ClaimAsync(
            new NewDeployment(name, request.OwnerId, request.RequestId, request.HolderId, now)
            {
                DeploymentId = deploymentId,
                TraceId = ids.NewTraceId(),
                NewStack = NewStack(name, request.OwnerId, deploymentId, now),
                FailedNamesFreeBefore = now - FailedNameKept,
            },
            cancellationToken);
        switch (outcome)
        {
            case ClaimOutcome.Claimed claimed:
                await HandOverAsync(claimed.Deployment);
                return new StartResult.Started(await DrawAcceptedAsync(claimed.Deployment, cancellationToken), Existing: false);
            case ClaimOutcome.Repeated repeated:
                return OtherNameOf(repeated.Deployment, name) ?? await RepeatedAsync(repeated.Deployment, cancellationToken);
            case ClaimOutcome.Taken taken when taken.OwnerId == request.OwnerId:
                return new StartResult.NameYours(taken.DeploymentId);
            case ClaimOutcome.Taken:
                return new StartResult.NameTaken(BeingChosen: false, await SuggestAsync(name, request, cancellationToken));
            case ClaimOutcome.Held:
                return new StartResult.NameTaken(BeingChosen: true, await SuggestAsync(name, request, cancellationToken));
            default:
                throw new InvalidOperationException($"Unknown outcome {outcome.GetType().Name}.");
        }
    }

    private async Task<DeploymentSnapshot> DrawAcceptedAsync(Deployment deployment, CancellationToken cancellationToken)
    {
        try
        {
            return await snapshots.DrawAsync(deployment, cancellationToken);
        }
        catch (StorageUnavailableException)
        {
            // It has begun; "nothing was begun" would be a lie for want of a place in line.
            return DeploymentSnapshots.Draw(deployment, LearnedTimes.None, placeInLine: null);
        }
    }

    private async Task<StartResult> RepeatedAsync(Deployment before, CancellationToken cancellationToken) =>
        new StartResult.Started(await snapshots.DrawAsync(before, cancellationToken), Existing: true);

    private async Task<IReadOnlyList<StackName>> SuggestAsync(StackName name, StartRequest request, CancellationToken cancellationToken) =>
        (await availability.CheckAsync(name.Value, AskerOf(request), cancellationToken)).Suggestions;

    private async Task HandOverAsync(Deployment deployment)
    {
        Accepted(deployment.Kind, deployment.Id, deployment.Name, deployment.TraceId);
        try
        {
            // The claim is written: from here a caller who goes away must not take the deployment with him.
            await queue.EnqueueAsync(deployment.Id, CancellationToken.None);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The sweep finds a deployment without a job within half a minute.
            HandOverFailed(e, deployment.Id);
        }
    }

    private Stack NewStack(StackName name, string ownerId, string deploymentId, DateTimeOffset now) => new()
    {
        Id = ids.NewStackId(),
        Name = name.Value,
        OwnerId = ownerId,
        CreatedAt = now,
        Url = defaults.UrlOf(name.Value),
        TerminalPath = defaults.TerminalPath,
        Image = defaults.Image,
        UserName = defaults.UserName,
        ProtectedPassword = secrets.Protect(ids.NewPassword()),
        LastDeploymentId = deploymentId,
    };

    // Not the request's id: whoever knows a caller's key is that caller.
    [LoggerMessage(Level = LogLevel.Error, Message = "The claim of {Name} could not be stored")]
    private partial void StorageFailed(Exception e, string? name);

    [LoggerMessage(Level = LogLevel.Error, Message = "That deployment {DeploymentId} is tried again could not be stored")]
    private partial void RetryNotStored(Exception e, string deploymentId);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Kind} accepted: {DeploymentId} of {StackName}, trace {CorrelationId}")]
    private partial void Accepted(DeploymentKind kind, string deploymentId, string stackName, string correlationId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Deployment {DeploymentId} is claimed but could not be handed to the engine yet; the sweep will")]
    private partial void HandOverFailed(Exception e, string deploymentId);
}
