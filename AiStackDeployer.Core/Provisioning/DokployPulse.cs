using AiStackDeployer.Core.Dokploy;
using Microsoft.Extensions.Hosting;

namespace AiStackDeployer.Core.Provisioning;

/// <summary>
/// One small question to Dokploy at the start and every half minute: so that the pages can tell its state while nobody deploys,
/// and a breaker that opened finds out that it may close.
/// </summary>
internal sealed class DokployPulse(DokployClient dokploy, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        do
        {
            try
            {
                await dokploy.GetVersionAsync(stoppingToken);
            }
            catch (DokployException)
            {
                // The client has logged it and DokployHealth remembers it: that is what the question is for.
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
