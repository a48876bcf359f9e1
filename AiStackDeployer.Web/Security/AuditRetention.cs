using AiStackDeployer.Core.Audit;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Web.Settings;

namespace AiStackDeployer.Web.Security;

/// <summary>Removes what is older than the audit log has to be kept: at the start, and once a day.</summary>
internal sealed partial class AuditRetention(IAuditLog log, PortalSettings settings, TimeProvider time, ILogger<AuditRetention> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromDays(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        try
        {
            do
            {
                await ForgetAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private async Task ForgetAsync(CancellationToken cancellationToken)
    {
        try
        {
            var removed = await log.ForgetAsync(time.GetUtcNow() - settings.AuditKept, cancellationToken);
            if (removed > 0)
            {
                Removed(removed, settings.AuditKept.TotalDays);
            }
        }
        catch (StorageUnavailableException e)
        {
            // The next day does it.
            NotRemoved(e.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} lines of the audit log were older than {Days} days and are removed")]
    private partial void Removed(int count, double days);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Old lines of the audit log could not be removed: {Reason}")]
    private partial void NotRemoved(string reason);
}
