using AiStackDeployer.Core.Deployments;
using Quartz;

namespace AiStackDeployer.Core.Provisioning;

/// <summary>
/// The durable job of one deployment. One key per deployment, so the engine runs it once at a time over all replicas; after a
/// crash it runs it again. Everything a run knows is in the database, so the job carries nothing but its key.
/// </summary>
[DisallowConcurrentExecution]
internal sealed class DeploymentJob(DeploymentWorkflow workflow, DeploymentQueue queue) : IJob
{
    private static readonly TimeSpan AfterStorageTrouble = TimeSpan.FromSeconds(5);

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        var deploymentId = context.JobDetail.Key.Name;
        TimeSpan? again;
        try
        {
            again = await workflow.RunAsync(deploymentId, cancellationToken);
        }
        catch (StorageUnavailableException)
        {
            // Nothing half-written: the same step again, when the disk has room or the lock is gone.
            again = AfterStorageTrouble;
        }
        if (again is { } delay)
        {
            await queue.ScheduleAsync(deploymentId, delay, cancellationToken);
        }
    }
}
