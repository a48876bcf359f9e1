using AiStackDeployer.Core.Care;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Core.Naming;
using AiStackDeployer.Core.Provisioning.Health;
using AiStackDeployer.Core.Stacks;
using Microsoft.Extensions.Logging;
using Quartz;

namespace AiStackDeployer.Core.Provisioning.Life;

/// <summary>
/// Once a minute: removes for good what was to be deleted and is due, and stops or deletes what nobody uses, as the policies say. A
/// recurring job of the engine, so of several portals one runs it. What it begins are operations like any other.
/// </summary>
[DisallowConcurrentExecution]
internal sealed partial class LifeRound(
    IDeploymentStore store, DeploymentService deployments, IStackGates gates, ILifePolicies policies, PortalCare care, HealthOptions health, TimeProvider time,
    ILogger<LifeRound> logger) : IJob
{
    public const string ExecutionGroup = "life";

    public static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    public ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) => EngineRounds.RunAsync(RunAsync, logger, cancellationToken);

    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        if (await care.FindMaintenanceAsync(cancellationToken) is not null)
        {
            // What is due now is due afterwards as well.
            return;
        }
        foreach (var stack in await store.ListDueForRemovalAsync(time.GetUtcNow(), cancellationToken))
        {
            await BeginAsync(stack, OperationCatalog.Delete, OperationCause.Due, stack.RemoveAt, cancellationToken);
        }
        if (await policies.ReadAsync(cancellationToken) is not { } policyOf)
        {
            return;
        }
        foreach (var stack in await store.ListRestingAsync(cancellationToken))
        {
            await ApplyAsync(stack, policyOf(stack.OwnerId), cancellationToken);
        }
    }

    private async Task ApplyAsync(Stack stack, LifePolicy policy, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        switch (LifeRule.Judge(stack, gates.LastTold(stack.Id), policy, health.Interval * 3, now))
        {
            case LifeVerdict.Used { At: var at }:
                await store.ChangeAsync(stack.LastDeploymentId, deployment => deployment.RecordUse(at), cancellationToken);
                break;
            case LifeVerdict.WarnOfStop { At: var at }:
                await store.ChangeAsync(stack.LastDeploymentId, deployment => deployment.WarnOfStop(at, now), cancellationToken);
                break;
            case LifeVerdict.WarnOfDeletion { At: var at }:
                await store.ChangeAsync(stack.LastDeploymentId, deployment => deployment.WarnOfDeletion(at, now), cancellationToken);
                break;
            case LifeVerdict.Stop:
                await BeginAsync(stack, OperationCatalog.Stop, OperationCause.Idle, stack.IdleWarnedAt, cancellationToken);
                break;
            case LifeVerdict.Delete:
                await BeginAsync(stack, OperationCatalog.ScheduleDeletion, OperationCause.Expired, stack.ExpiryWarnedAt, cancellationToken);
                break;
        }
    }

    /// <param name="occasion">Makes it one operation, however often the same occasion is seen.</param>
    private async Task BeginAsync(Stack stack, Operation operation, OperationCause cause, DateTimeOffset? occasion, CancellationToken cancellationToken)
    {
        var result = await deployments.BeginAsync(
            new OperationRequest
            {
                Operation = operation, StackId = stack.Id, ConfirmName = stack.Name, Cause = cause,
                RequestId = $"{cause}:{stack.Id}:{occasion?.ToUnixTimeMilliseconds()}",
            },
            cancellationToken);
        Begun(operation, stack.Name, cause, result is BeginResult.Started);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Operation} of {StackName}, cause {Cause}, begun: {HasBegun}")]
    private partial void Begun(Operation operation, StackName stackName, OperationCause cause, bool hasBegun);
}
