using AiStackDeployer.Core.Diagnostics;
using AiStackDeployer.Core.Dokploy;
using AiStackDeployer.Core.Naming;
using AiStackDeployer.Core.Persistence;

namespace AiStackDeployer.Web.Composition;

/// <summary>Gauges exist from the start, though nobody calls them by name; counters begin at zero once the exporters listen.</summary>
internal sealed class MeterWarmup(
    DeploymentMeter deployments, WatcherMeter watchers, StorageMeter storage, DokployMeter dokploy, NameCheckMeter names, ActiveMeter active,
    DataDiskMeter disk) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        GC.KeepAlive(active);
        GC.KeepAlive(disk);
        deployments.BeginAtZero();
        watchers.BeginAtZero();
        storage.BeginAtZero();
        dokploy.BeginAtZero();
        names.BeginAtZero();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
