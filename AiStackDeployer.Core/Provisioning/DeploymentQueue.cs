using System.Data.Common;
using AiStackDeployer.Core.Deployments;
using Quartz;

namespace AiStackDeployer.Core.Provisioning;

/// <summary>Deployments as jobs of the durable engine.</summary>
internal sealed class DeploymentQueue(ISchedulerFactory schedulers, TimeProvider time) : IDeploymentQueue, IEnlistingQueue
{
    /// <summary>Those that nobody waits for: they share one worker of their own.</summary>
    public const string BatchGroup = "batch";

    private const string Group = "deployments";

    public Task EnqueueAsync(string deploymentId, DateTimeOffset acceptedAt, OperationCause cause, CancellationToken cancellationToken) =>
        ScheduleAsync(deploymentId, acceptedAt, cause.IsBatch(), cancellationToken);

    public async Task EnqueueWithinAsync(
        DbTransaction transaction, string deploymentId, DateTimeOffset acceptedAt, OperationCause cause, Func<Task> commit,
        CancellationToken cancellationToken)
    {
        var scheduler = await schedulers.GetScheduler(cancellationToken);
        // Left after the commit: what it scheduled is then to be seen.
        using var enlisted = scheduler.EnlistTransaction(transaction);
        await ScheduleAsync(deploymentId, acceptedAt, cause.IsBatch(), cancellationToken);
        await commit();
    }

    public Task ScheduleAsync(string deploymentId, TimeSpan delay, bool isBatch, CancellationToken cancellationToken) =>
        ScheduleAsync(deploymentId, time.GetUtcNow() + delay, isBatch, cancellationToken);

    private async Task ScheduleAsync(string deploymentId, DateTimeOffset due, bool isBatch, CancellationToken cancellationToken)
    {
        var scheduler = await schedulers.GetScheduler(cancellationToken);
        var job = JobBuilder.Create<DeploymentJob>().WithIdentity(KeyOf(deploymentId)).RequestRecovery().Build();
        var trigger = (isBatch ? TriggerBuilder.Create(time).WithExecutionGroup(BatchGroup) : TriggerBuilder.Create(time))
            // One trigger a deployment: handing it over twice leaves one.
            .WithIdentity(deploymentId, Group)
            .ForJob(job)
            .StartAt(due)
            // Waiting for a free worker is not a misfire: the line stays in the order in which it formed.
            .WithSimpleSchedule(s => s.WithMisfireInstruction(SimpleTriggerMisfireInstruction.IgnoreMisfires))
            .Build();
        await scheduler.ScheduleJob(job, [trigger], new ScheduleJobOptions { Replace = true }, cancellationToken);
    }

    /// <summary>Whether the engine knows the deployment: waiting, running, or due again later.</summary>
    public async Task<bool> ContainsAsync(string deploymentId, CancellationToken cancellationToken)
    {
        var scheduler = await schedulers.GetScheduler(cancellationToken);
        // A trigger that could not create its job stands in error and never fires again: as good as none.
        return await scheduler.Exists(KeyOf(deploymentId), cancellationToken)
            && await scheduler.GetTriggerState(new TriggerKey(deploymentId, Group), cancellationToken) != TriggerState.Error;
    }

    private static JobKey KeyOf(string deploymentId) => new(deploymentId, Group);
}
