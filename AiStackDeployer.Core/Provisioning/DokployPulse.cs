using AiStackDeployer.Core.Dokploy;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AiStackDeployer.Core.Provisioning;

/// <summary>
/// One small question to Dokploy at the start and every half minute: so that the pages can tell its state while nobody deploys,
/// and a breaker that opened finds out that it may close. At the start it asks until a key with Dokploy's default limit has been refused:
/// better now than in the middle of somebody's deployment.
/// </summary>
internal sealed partial class DokployPulse(DokployClient dokploy, DokployHealth health, TimeProvider time, ILogger<DokployPulse> logger)
    : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        await AskAsync(stoppingToken);
        for (var asked = 0; asked < DokployKeyHistory.CallsOfDefaultLimit && !health.Current.Key.IsLimitSettled; asked++)
        {
            await AskAsync(stoppingToken);
        }
        if (health.Current.Key is { AcceptedInARow: 0, LastRefusal.AfterAccepted: > 0 and var calls })
        {
            KeyIsLimited(calls);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await AskAsync(stoppingToken);
        }
    }

    private async Task AskAsync(CancellationToken cancellationToken)
    {
        try
        {
            await dokploy.GetVersionAsync(cancellationToken);
        }
        catch (DokployException)
        {
            // The client has logged it and DokployHealth remembers it: that is what the question is for.
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Dokploy refuses the API key after {Calls} calls: it seems to be rate-limited. Create one without a limit")]
    private partial void KeyIsLimited(int calls);
}
