using AiStackDeployer.Core.Deployments;
using Microsoft.Extensions.Logging;
using Quartz;

namespace AiStackDeployer.Core.Provisioning;

/// <summary>
/// Finds deployments without a job, at the start and every half minute. On SQLite a crash between the claim and the job, which cannot
/// be one transaction there, leaves one; and the engine's tables may be lost. A recurring job of the engine, so of several portals one
/// runs it.
/// </summary>
[DisallowConcurrentExecution]
internal sealed partial class EngineSweep(IDeploymentStore store, DeploymentQueue queue, ILogger<EngineSweep> logger) : IJob
{
    /// <summary>It must not wait for a free worker: what it finds may be all there is to do.</summary>
    public const string ExecutionGroup = "sweep";

    public static readonly TimeSpan Every = TimeSpan.FromSeconds(30);

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        try
        {
            await SweepAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The portal stops; the next start sweeps.
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The next round tries again; a sweep that stops for ever would strand what it is there to find.
            Failed(e);
        }
    }

    internal async Task SweepAsync(CancellationToken cancellationToken)
    {
        foreach (var deployment in await store.ListActiveAsync(cancellationToken))
        {
            if (!await queue.ContainsAsync(deployment.Id, cancellationToken))
            {
                Found(deployment.Id, deployment.Phase);
                await queue.EnqueueAsync(deployment.Id, deployment.CreatedAt, deployment.Cause, cancellationToken);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Deployment {DeploymentId} ({Phase}) had no job and gets one")]
    private partial void Found(string deploymentId, DeploymentPhase phase);

    [LoggerMessage(Level = LogLevel.Error, Message = "Looking for deployments without a job failed")]
    private partial void Failed(Exception e);
}
