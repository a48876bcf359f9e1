using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Core.Naming;
using AiStackDeployer.Core.Stacks;
using Microsoft.Extensions.Logging;

namespace AiStackDeployer.Core.Deployments;

/// <content>How operations begin.</content>
public sealed partial class DeploymentService
{
    /// <summary>
    /// Begins an operation on a stack that exists and hands it to the engine. The caller's token ends the waiting, never the operation.
    /// </summary>
    public async Task<BeginResult> BeginAsync(OperationRequest request, CancellationToken cancellationToken)
    {
        using var span = Requests.StartActivity($"request {request.Operation.Name}");
        try
        {
            if (request.Allowance.Refusal() is { } refusal)
            {
                return refusal;
            }
            var environment = await EnvironmentOfAsync(request, cancellationToken);
            return environment is not null && OwnEnvironment.RefusalOf(environment) is { } reason
                ? new BeginResult.VariablesRefused(reason)
                : await HandOverAsync(await store.BeginAsync(Wanted(request, environment, await DefaultImageAsync(request, cancellationToken)), cancellationToken), cancellationToken);
        }
        catch (StorageUnavailableException e)
        {
            NotStored(e, request.Operation.Name, request.StackId);
            return new BeginResult.StorageUnavailable();
        }
    }

    /// <summary>
    /// What this request came to when it was made before, whoever owns the stack; null when it was not. To be asked before the name is
    /// looked up: it may be another stack's by now, which nobody meant.
    /// </summary>
    /// <param name="name">What the request names now.</param>
    /// <param name="confirmName">What it confirms now.</param>
    /// <param name="requestId">Bound to who asks, not to the stack.</param>
    /// <returns><see cref="BeginResult.Started"/>, <see cref="BeginResult.RequestIdReused"/> or <see cref="BeginResult.ConfirmationDiffers"/>.</returns>
    /// <exception cref="StorageUnavailableException">The database cannot be read now.</exception>
    public async Task<BeginResult?> FindBegunAsync(
        Operation operation, string name, string? confirmName, string requestId, CancellationToken cancellationToken) =>
        await store.FindByRequestAsync(requestId, cancellationToken) switch
        {
            null => null,
            var before when before.Operation != operation || before.Name.Value != name => new BeginResult.RequestIdReused(before.Name),
            var before when operation.NeedsConfirmation && before.Name.Value != confirmName => new BeginResult.ConfirmationDiffers(before.Name),
            var before => new BeginResult.Started(await snapshots.BuildAsync(before, cancellationToken), Existing: true),
        };

    /// <summary>
    /// An operation that came to nothing, again (<see cref="Operation.MayBeRetried"/>). Null when it is unknown.
    /// </summary>
    public async Task<BeginResult?> RetryAsync(string deploymentId, string requestId, Allowance allowance, CancellationToken cancellationToken)
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
                return before.Operation == deployment.Operation && before.Name == deployment.Name
                    ? await RepeatedAsync(before, cancellationToken)
                    : new BeginResult.RequestIdReused(before.Name);
            }
            var now = DeploymentSnapshots.Build(deployment);
            if (!now.MayBeRetried())
            {
                return !now.Operation.MakesStack || now.StackState == StackState.DeleteFailed || now.IsSuperseded()
                    ? new BeginResult.NotNow(deployment.Stack.State, deployment.Stack.LastDeploymentId)
                    : new BeginResult.NameYours(deployment.Stack.LastDeploymentId);
            }
            if (deployment.Operation.MakesStack)
            {
                return await StartAsync(
                    new StartRequest { Name = deployment.Name, OwnerId = deployment.OwnerId, RequestId = requestId, Allowance = allowance }, cancellationToken);
            }
            // What it confirmed then still holds: the name of a stack never changes.
            var again = new OperationRequest
            {
                Operation = deployment.Operation, StackId = deployment.StackId, ConfirmName = deployment.Name, RequestId = requestId,
                Allowance = allowance,
            };
            return await BeginAsync(again, cancellationToken) switch
            {
                // Another tab's try has deleted the stack in this very moment.
                BeginResult.NotFound => new BeginResult.NotNow(StackState.Deleted, deployment.Stack.LastDeploymentId),
                var result => result,
            };
        }
        catch (StorageUnavailableException e)
        {
            NotStored(e, "retry", deploymentId);
            return new BeginResult.StorageUnavailable();
        }
    }

    private async Task<BeginResult> ClaimAsync(StackName name, StartRequest request, CancellationToken cancellationToken)
    {
        if (request.Allowance.Refusal() is { } refusal)
        {
            return refusal;
        }
        var wanted = New(OperationCatalog.Deploy, request.RequestId);
        var claim = new StackClaim(NewStack(name, request.OwnerId, wanted, await images.ImageOfAsync(request.OwnerId, cancellationToken)), request.HolderId, wanted.Now - FailedNameKept)
        {
            StackLimit = request.Allowance.Stacks is { } limitOf ? await limitOf(request.OwnerId, cancellationToken) : null,
        };
        var result = await store.BeginAsync(wanted with { Claim = claim }, cancellationToken);
        return result is BeginResult.NameTaken taken
            ? taken with { Suggestions = (await availability.CheckAsync(name, AskerOf(request), cancellationToken)).Suggestions }
            : await HandOverAsync(result, cancellationToken);
    }

    private static NameHolder AskerOf(StartRequest request) => new(request.HolderId ?? request.RequestId, request.OwnerId);

    private NewOperation New(Operation operation, string requestId) => new()
    {
        Operation = operation,
        DeploymentId = ids.NewDeploymentId(),
        RequestId = requestId,
        TraceId = ids.NewTraceId(),
        Now = time.GetUtcNow(),
    };

    /// <summary>All variables that the stack is to have; null = as it is. Those that are kept are read here and go nowhere else.</summary>
    private async Task<IReadOnlyDictionary<string, string>?> EnvironmentOfAsync(OperationRequest request, CancellationToken cancellationToken) =>
        request.EnvironmentChange is { } change && await store.FindStackAsync(request.StackId, cancellationToken) is { } stack
            ? OwnEnvironment.Merge(OwnEnvironment.Read(stack.ProtectedEnvironment, secrets), change)
            : request.Environment;

    /// <summary>The image that the stack should have. Asked only where it matters: who stops a stack waits for no other question.</summary>
    private async Task<string> DefaultImageAsync(OperationRequest request, CancellationToken cancellationToken) =>
        request is { Operation: RedeployOperation, Image: null } && await store.FindStackAsync(request.StackId, cancellationToken) is { } stack
            ? await images.ImageOfAsync(stack.OwnerId, cancellationToken)
            : defaults.Image;

    private NewOperation Wanted(OperationRequest request, IReadOnlyDictionary<string, string>? environment, string image)
    {
        var wanted = New(request.Operation, request.RequestId);
        var input = new OperationInput(wanted.Now, image, request.Cause == OperationCause.Expired ? LifePolicy.ExpiredUndoWindow : defaults.UndoWindow, () => secrets.Protect(ids.NewPassword()))
        {
            Image = request.Image,
            ProtectedEnvironment = environment is null ? null : OwnEnvironment.Protect(environment, secrets),
        };
        return wanted with
        {
            StackId = request.StackId, ConfirmName = request.ConfirmName, Cause = request.Cause, Change = request.Operation.Prepare(input),
        };
    }

    private Stack NewStack(StackName name, string ownerId, NewOperation wanted, string image) => new()
    {
        Id = ids.NewStackId(),
        Name = name,
        OwnerId = ownerId,
        CreatedAt = wanted.Now,
        Url = defaults.UrlOf(name),
        TerminalPath = defaults.TerminalPath,
        Image = image,
        UserName = defaults.UserName,
        ProtectedPassword = secrets.Protect(ids.NewPassword()),
        LastDeploymentId = wanted.DeploymentId,
    };

    private async Task<BeginResult> RepeatedAsync(Deployment before, CancellationToken cancellationToken) =>
        new BeginResult.Started(await snapshots.BuildAsync(before, cancellationToken), Existing: true);

    /// <summary>What is stored goes to the engine; the answer gets its place in the queue.</summary>
    private async Task<BeginResult> HandOverAsync(BeginResult result, CancellationToken cancellationToken)
    {
        if (result is not BeginResult.Started started)
        {
            return result;
        }
        if (!started.Existing)
        {
            await EnqueueAsync(started);
        }
        try
        {
            return started with { Deployment = await snapshots.CompleteAsync(started.Deployment, cancellationToken) };
        }
        catch (StorageUnavailableException)
        {
            // It has begun; "nothing was begun" would be a lie for want of a place in the queue.
            return started;
        }
    }

    private async Task EnqueueAsync(BeginResult.Started started)
    {
        var deployment = started.Deployment;
        Accepted(deployment.Operation, deployment.Id, deployment.Name, deployment.TraceId);
        if (started.IsEnqueued)
        {
            return;
        }
        try
        {
            // It is stored: a caller who goes away must not take the operation along.
            await queue.EnqueueAsync(deployment.Id, deployment.CreatedAt, deployment.Cause, CancellationToken.None);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The sweep finds an operation without a job within half a minute.
            HandOverFailed(e, deployment.Id);
        }
    }

    // Not the request's id: whoever knows a caller's key is that caller.
    [LoggerMessage(Level = LogLevel.Error, Message = "{Operation} of {Target} could not be stored")]
    private partial void NotStored(Exception e, string operation, string? target);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Operation} accepted: {DeploymentId} of {StackName}, trace {CorrelationId}")]
    private partial void Accepted(Operation operation, string deploymentId, StackName stackName, string correlationId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{DeploymentId} is stored but could not be handed to the engine yet; the sweep will do it")]
    private partial void HandOverFailed(Exception e, string deploymentId);
}
