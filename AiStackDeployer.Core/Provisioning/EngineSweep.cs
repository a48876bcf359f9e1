using AiStackDeployer.Core.Deployments;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AiStackDeployer.Core.Provisioning;

/// <summary>
/// On SQLite the claim and the job cannot be one transaction, so a crash between the two leaves a deployment without a job. This
/// finds it, at the start and every half minute.
/// </summary>
internal sealed partial class EngineSweep(
    IDeploymentStore store, DeploymentQueue queue, TimeProvider time, ILogger<EngineSweep> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(30);

    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        foreach (var deployment in await store.ListActiveAsync(cancellationToken))
        {
            if (!await queue.ContainsAsync(deployment.Id, cancellationToken))
            {
                Found(deployment.Id, deployment.Phase);
                await queue.EnqueueAsync(deployment.Id, deployment.CreatedAt, cancellationToken);
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        do
        {
            try
            {
                await SweepAsync(stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // The next round tries again; a sweep that stops for ever would strand what it is there to find.
                Failed(e);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Deployment {DeploymentId} ({Phase}) had no job and gets one")]
    private partial void Found(string deploymentId, DeploymentPhase phase);

    [LoggerMessage(Level = LogLevel.Error, Message = "Looking for deployments without a job failed")]
    private partial void Failed(Exception e);
}
