using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Quartz;

namespace AiStackDeployer.Core.Provisioning;

/// <summary>
/// Starts and stops the engine with the portal. On a stop the running steps reach their safe point first (a call that makes
/// something is waited for), while the web server still answers: the readiness probe then says "not ready" rather than "nobody is
/// there", and watchers see the last lines.
/// </summary>
internal sealed partial class PortalEngine(
    IHostApplicationLifetime lifetime,
    IServiceProvider services,
    IOptionsMonitor<QuartzHostedServiceOptions> options,
    ILogger<PortalEngine> logger) : QuartzHostedService(lifetime, services, options)
{
    public override async Task StoppingAsync(CancellationToken cancellationToken)
    {
        foreach (var scheduler in Schedulers)
        {
            // The host stops twice at once (a signal, and the program's end after it): the second one joins the first.
            if (scheduler.Status == SchedulerStatus.Running)
            {
                Draining();
            }
            await scheduler.Shutdown(waitForJobsToComplete: true, cancellationToken);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Stopping: running steps go to their next safe point, and on from there at the next start")]
    private partial void Draining();
}

/// <summary>Says when the engine has started, from which moment on the portal is ready: after the web server, in the background.</summary>
internal sealed partial class EngineStart(ILogger<PortalEngine> logger) : ISchedulerListener
{
    public ValueTask SchedulerStarted(IScheduler scheduler, CancellationToken cancellationToken = default)
    {
        Started();
        return ValueTask.CompletedTask;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Ready: the engine has started")]
    private partial void Started();
}
