using System.Globalization;
using System.Text.Json;
using AiStackDeployer.Core.Audit;
using AiStackDeployer.Core.Care;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Web.Security;

/// <summary>
/// Everything a person does to a stack, for pages, REST and MCP alike: the policy is asked at each act, and what came of it is recorded,
/// also when it was refused. Validation that nothing was begun for is not.
/// </summary>
internal sealed class StackActs(DeploymentService deployments, StackEntrance entrance, VisibleDeployments visible, PortalCare care, AuditTrail audit)
{
    /// <summary>The deployment to act on; null when there is none that this person may see.</summary>
    public async Task<DeploymentSnapshot?> FindAsync(Actor actor, string action, string deploymentId, CancellationToken cancellationToken)
    {
        if (await deployments.FindAsync(deploymentId, cancellationToken) is not { } snapshot)
        {
            return null;
        }
        return await IsAllowedAsync(actor, action, snapshot, Policies.ViewDeployment) ? snapshot : null;
    }

    /// <summary>The stack to act on, by the name it has now; null when there is none that this person may see.</summary>
    public async Task<(StackRow Row, DeploymentSnapshot Last)?> FindStackAsync(Actor actor, string action, string name, CancellationToken cancellationToken) =>
        await deployments.FindStackByNameAsync(name, cancellationToken) is { } row && await FindAsync(actor, action, row.DeploymentId, cancellationToken) is { } last
            ? (row, last)
            : null;

    /// <summary>The stack that this person may open, by the name it has now; null when there is none.</summary>
    public async Task<DeploymentSnapshot?> FindToOpenAsync(Actor actor, string name, CancellationToken cancellationToken) =>
        await FindStackAsync(actor, AuditActions.OpenStack, name, cancellationToken) is var (_, last)
            && await IsAllowedAsync(actor, AuditActions.OpenStack, last, Policies.ViewCredentials)
            ? last
            : null;

    /// <summary>
    /// The maintenance that keeps this person from beginning anything. An administrator may, to repair; where nobody signs in everybody is
    /// one, and the maintenance would stop nobody.
    /// </summary>
    /// <exception cref="StorageUnavailableException">It is not known.</exception>
    public async Task<BeginResult.UnderMaintenance?> FindMaintenanceAsync(Actor actor, CancellationToken cancellationToken) =>
        await care.FindMaintenanceAsync(cancellationToken) is { } maintenance
        && (actor.User.CredentialId() is null || !await visible.MayAsync(actor.User, null, Policies.ManagePortal))
            ? new BeginResult.UnderMaintenance(maintenance.Text, maintenance.Until)
            : null;

    /// <inheritdoc cref="DeploymentService.StartAsync"/>
    public async Task<BeginResult> StartAsync(Actor actor, StartRequest request, CancellationToken cancellationToken)
    {
        var action = AuditActions.Begin(OperationCatalog.Deploy);
        if (!await visible.MayAsync(actor.User, null, Policies.StartDeployment))
        {
            await audit.RecordAsync(actor, action, AuditOutcome.Refused);
            return new BeginResult.NotAllowed();
        }
        var result = await HeldAsync(actor, cancellationToken) ?? await deployments.StartAsync(request, cancellationToken);
        await RecordAsync(actor, action, result, stackId: null, request.Name, actor.PersonId);
        return result;
    }

    /// <inheritdoc cref="DeploymentService.BeginAsync"/>
    /// <param name="last">The newest operation on the stack.</param>
    public async Task<BeginResult> BeginAsync(Actor actor, DeploymentSnapshot last, OperationRequest request, CancellationToken cancellationToken)
    {
        var action = AuditActions.Begin(request.Operation);
        if (!await IsAllowedAsync(actor, action, last, Policies.For(request.Operation), Policies.AdministerDeployments))
        {
            return new BeginResult.NotAllowed();
        }
        var result = await HeldAsync(actor, cancellationToken) ?? await deployments.BeginAsync(request, cancellationToken);
        await RecordAsync(actor, action, result, last.StackId, last.Name, last.OwnerId);
        return result;
    }

    /// <inheritdoc cref="DeploymentService.KeepRunningAsync"/>
    /// <returns>Null = this person may not.</returns>
    public async Task<bool?> KeepRunningAsync(Actor actor, DeploymentSnapshot last, DateTimeOffset until, CancellationToken cancellationToken)
    {
        if (!await IsAllowedAsync(actor, AuditActions.KeepRunning, last, Policies.OperateStack, Policies.AdministerDeployments))
        {
            return null;
        }
        var isDone = await deployments.KeepRunningAsync(last.StackId, until, cancellationToken);
        await audit.RecordAsync(
            actor, AuditActions.KeepRunning, isDone ? AuditOutcome.Done : AuditOutcome.Failed, last.StackId, last.Name, last.OwnerId,
            isDone ? until.ToString("u", CultureInfo.InvariantCulture) : "stack-busy");
        return isDone;
    }

    /// <inheritdoc cref="DeploymentService.RetryAsync"/>
    public async Task<BeginResult> RetryAsync(
        Actor actor, DeploymentSnapshot failed, string requestId, Allowance allowance, CancellationToken cancellationToken)
    {
        if (!await IsAllowedAsync(actor, AuditActions.Retry, failed, Policies.For(failed.Operation), Policies.AdministerDeployments))
        {
            return new BeginResult.NotAllowed();
        }
        var result = await HeldAsync(actor, cancellationToken)
            ?? await deployments.RetryAsync(failed.Id, requestId, allowance, cancellationToken) ?? new BeginResult.NotFound();
        await RecordAsync(actor, AuditActions.Retry, result, failed.StackId, failed.Name, failed.OwnerId);
        return result;
    }

    /// <inheritdoc cref="DeploymentService.CancelAsync"/>
    public async Task<CancelResult> CancelAsync(Actor actor, DeploymentSnapshot snapshot)
    {
        if (!await IsAllowedAsync(actor, AuditActions.Cancel, snapshot, Policies.CancelDeployment, Policies.AdministerDeployments))
        {
            return CancelResult.NotAllowed;
        }
        // Who leaves now has asked all the same.
        var result = await deployments.CancelAsync(snapshot.Id, CancellationToken.None);
        var isDone = result is CancelResult.Cancelled or CancelResult.Requested;
        if (isDone || result != CancelResult.AlreadyEnding)
        {
            await audit.RecordAsync(
                actor, AuditActions.Cancel, isDone ? AuditOutcome.Done : AuditOutcome.Failed, snapshot.StackId, snapshot.Name, snapshot.OwnerId,
                isDone ? snapshot.Id : CodeOf(result));
        }
        return result;
    }

    /// <inheritdoc cref="DeploymentService.ForceEndAsync"/>
    public async Task<ForceEndResult> ForceEndAsync(Actor actor, DeploymentSnapshot snapshot)
    {
        if (!await IsAllowedAsync(actor, AuditActions.ForceEnd, snapshot, Policies.AdministerDeployments))
        {
            return ForceEndResult.NotAllowed;
        }
        var result = await deployments.ForceEndAsync(snapshot.Id, CancellationToken.None);
        var isDone = result == ForceEndResult.Ended;
        await audit.RecordAsync(
            actor, AuditActions.ForceEnd, isDone ? AuditOutcome.Done : AuditOutcome.Failed, snapshot.StackId, snapshot.Name, snapshot.OwnerId,
            isDone ? snapshot.Id : CodeOf(result));
        return result;
    }

    /// <summary>The stack whose log this person opens; null when there is none that they may see. Who reads somebody else's is recorded.</summary>
    public async Task<(StackRow Row, DeploymentSnapshot Last)?> OpenLogAsync(Actor actor, string name, CancellationToken cancellationToken)
    {
        if (await FindStackAsync(actor, AuditActions.ReadLog, name, cancellationToken) is not var (row, last))
        {
            return null;
        }
        if (last.OwnerId != actor.PersonId)
        {
            await audit.RecordAsync(actor, AuditActions.ReadLog, AuditOutcome.Done, last.StackId, last.Name, last.OwnerId);
        }
        return (row, last);
    }

    /// <summary>The stack whose support bundle this person takes; null when there is none that they may see. Always recorded: it leaves the portal.</summary>
    public async Task<(StackRow Row, DeploymentSnapshot Last)?> TakeBundleAsync(Actor actor, string name, CancellationToken cancellationToken)
    {
        if (await FindStackAsync(actor, AuditActions.TakeBundle, name, cancellationToken) is not var (row, last))
        {
            return null;
        }
        await audit.RecordAsync(actor, AuditActions.TakeBundle, AuditOutcome.Done, last.StackId, last.Name, last.OwnerId);
        return (row, last);
    }

    /// <summary>The password of a stack, which its owner is about to see; null for anybody else.</summary>
    /// <exception cref="SecretUnreadableException">The keys it was encrypted with are gone.</exception>
    public Task<StackCredentials?> ShowCredentialsAsync(Actor actor, DeploymentSnapshot snapshot, CancellationToken cancellationToken) => HandOutAsync(
        actor, AuditActions.ShowCredentials, snapshot, owner => deployments.GetCredentialsAsync(snapshot.StackId, owner, cancellationToken));

    /// <summary>A way into a stack for its owner, who goes there now; null for anybody else.</summary>
    /// <inheritdoc cref="StackEntrance.OpenAsync"/>
    public Task<StackEntry?> OpenAsync(Actor actor, DeploymentSnapshot snapshot, bool isTerminal, CancellationToken cancellationToken) => HandOutAsync(
        actor, AuditActions.OpenStack, snapshot, owner => entrance.OpenAsync(snapshot.StackId, owner, isTerminal, cancellationToken));

    /// <summary>
    /// What the answer to a start tells its owner; null for anybody else, who has not asked for it. Also null when it cannot be read now:
    /// the deployment goes on all the same, and the same call again asks again.
    /// </summary>
    public async Task<StackCredentials?> FindCredentialsAsync(Actor actor, DeploymentSnapshot begun, CancellationToken cancellationToken)
    {
        try
        {
            return await visible.MayAsync(actor.User, begun, Policies.ViewCredentials) ? await ShowCredentialsAsync(actor, begun, cancellationToken) : null;
        }
        catch (Exception e) when (e is StorageUnavailableException or SecretUnreadableException)
        {
            return null;
        }
    }

    /// <inheritdoc cref="DeploymentService.HandOverAsync"/>
    public async Task<HandoverResult> HandOverAsync(Actor actor, DeploymentSnapshot last, string personId)
    {
        if (!await IsAllowedAsync(actor, AuditActions.HandOver, last, Policies.ManagePeople))
        {
            return new HandoverResult.NotAllowed();
        }
        var result = await deployments.HandOverAsync(last.StackId, personId, CancellationToken.None);
        var done = result as HandoverResult.Done;
        await audit.RecordAsync(
            actor, AuditActions.HandOver, done is null ? AuditOutcome.Failed : AuditOutcome.Done, last.StackId, last.Name, done?.FormerOwnerId ?? last.OwnerId,
            done is null ? CodeOf(result) : $"to {done.OwnerName} ({personId})");
        return result;
    }

    /// <summary>The names of the variables that the owner has given the stack; null when this person may not change them, or it is gone.</summary>
    /// <inheritdoc cref="DeploymentService.ListVariablesAsync"/>
    public async Task<IReadOnlyList<string>?> ListVariablesAsync(Actor actor, DeploymentSnapshot last, CancellationToken cancellationToken) =>
        await visible.MayAsync(actor.User, last, Policies.OperateStack, Policies.AdministerDeployments)
            ? await deployments.ListVariablesAsync(last.StackId, cancellationToken)
            : null;

    /// <inheritdoc cref="DeploymentService.DescribeAsync"/>
    public async Task<DescribeResult> DescribeAsync(Actor actor, DeploymentSnapshot last, string? label, string? description)
    {
        if (!await IsAllowedAsync(actor, AuditActions.Describe, last, Policies.OperateStack, Policies.AdministerDeployments))
        {
            return DescribeResult.NotAllowed;
        }
        var result = await deployments.DescribeAsync(last.Id, label, description, CancellationToken.None);
        await audit.RecordAsync(
            actor, AuditActions.Describe, result == DescribeResult.Done ? AuditOutcome.Done : AuditOutcome.Failed, last.StackId, last.Name, last.OwnerId,
            result == DescribeResult.Done ? null : CodeOf(result));
        return result;
    }

    /// <summary>Why nothing begins now, whatever it is; null = it may.</summary>
    private async Task<BeginResult?> HeldAsync(Actor actor, CancellationToken cancellationToken)
    {
        try
        {
            return await FindMaintenanceAsync(actor, cancellationToken);
        }
        catch (StorageUnavailableException)
        {
            return new BeginResult.StorageUnavailable();
        }
    }

    /// <summary>What is the owner's alone.</summary>
    /// <param name="read">Asks once more by the owner in the database: the snapshot may be of a moment before.</param>
    private async Task<T?> HandOutAsync<T>(Actor actor, string action, DeploymentSnapshot snapshot, Func<string, Task<T?>> read)
        where T : class
    {
        if (!await IsAllowedAsync(actor, action, snapshot, Policies.ViewCredentials))
        {
            return null;
        }
        try
        {
            var own = await read(actor.PersonId ?? "");
            await audit.RecordAsync(actor, action, own is null ? AuditOutcome.Refused : AuditOutcome.Done, snapshot.StackId, snapshot.Name, snapshot.OwnerId);
            return own;
        }
        catch (SecretUnreadableException)
        {
            await audit.RecordAsync(actor, action, AuditOutcome.Failed, snapshot.StackId, snapshot.Name, snapshot.OwnerId, "credentials-unreadable");
            throw;
        }
    }

    /// <summary>Any one of the policies is enough.</summary>
    private async Task<bool> IsAllowedAsync(Actor actor, string action, DeploymentSnapshot snapshot, params IReadOnlyList<string> policies)
    {
        var isAllowed = await visible.MayAsync(actor.User, snapshot, policies);
        if (!isAllowed)
        {
            await audit.RecordAsync(actor, action, AuditOutcome.Refused, snapshot.StackId, snapshot.Name, snapshot.OwnerId);
        }
        return isAllowed;
    }

    /// <summary>The same call again changes nothing, and neither does a name that breaks a rule.</summary>
    private Task RecordAsync(Actor actor, string action, BeginResult result, string? stackId, string? name, string? ownerId) => result switch
    {
        BeginResult.NameRefused or BeginResult.Started { Existing: true } => Task.CompletedTask,
        BeginResult.Started { Deployment: var begun } => audit.RecordAsync(actor, action, AuditOutcome.Done, begun.StackId, begun.Name, ownerId, begun.Id),
        _ => audit.RecordAsync(actor, action, AuditOutcome.Failed, stackId, name, ownerId, CodeOf(result)),
    };

    private static string CodeOf(object result) =>
        JsonNamingPolicy.KebabCaseLower.ConvertName(result is Enum ? result.ToString()! : result.GetType().Name);
}
