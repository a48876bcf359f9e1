using AiStackDeployer.Core.Deployments;
using Microsoft.Extensions.Logging;
using Quartz;

namespace AiStackDeployer.Core.Provisioning;

/// <summary>
/// The durable job of one deployment. One key per deployment, so the engine runs it once at a time over all replicas; after a
/// crash it runs it again. Everything a run knows is in the database, so the job carries nothing but its key.
/// </summary>
[DisallowConcurrentExecution]
internal sealed partial class DeploymentJob(DeploymentWorkflow workflow, DeploymentQueue queue, ILogger<DeploymentJob> logger) : IJob
{
    private static readonly TimeSpan AfterStorageTrouble = TimeSpan.FromSeconds(5);

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) =>
        await RunAsync(context.JobDetail.Key.Name, context.Trigger.ExecutionGroup == DeploymentQueue.BatchGroup, cancellationToken);

    internal async Task RunAsync(string deploymentId, bool isBatch, CancellationToken cancellationToken)
    {
        TimeSpan? again;
        try
        {
            again = await workflow.RunAsync(deploymentId, cancellationToken);
        }
        catch (StorageUnavailableException e)
        {
            // Nothing was half-written, so the same step can run again once the disk has room or the lock is released.
            StorageFailed(deploymentId, e.Message, (int)AfterStorageTrouble.TotalSeconds);
            again = AfterStorageTrouble;
        }
        if (again is { } delay)
        {
            await queue.ScheduleAsync(deploymentId, delay, isBatch, cancellationToken);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{DeploymentId} is stalled: {Reason} Retrying in {Seconds} s")]
    private partial void StorageFailed(string deploymentId, string reason, int seconds);
}
