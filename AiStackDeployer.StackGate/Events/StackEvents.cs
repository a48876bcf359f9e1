using System.Globalization;
using AiStackDeployer.StackGate.Activity;
using AiStackDeployer.StackGate.Supervision;

namespace AiStackDeployer.StackGate.Events;

/// <summary>The events of the stack as a whole: its start and end, those of OpenCode, and once a minute its memory.</summary>
internal sealed class StackEvents(EventLog log, OpenCodeEndpoint openCode, SessionLedger ledger, ContainerMemory memory, TimeProvider time)
    : BackgroundService, IHostedLifecycleService
{
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private long _dropped;

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        openCode.Exited += Exited;
        log.Add("stack.started", attrs: ("gate", GateOptions.Version));
        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        log.Add("stack.stopping");
        return Task.CompletedTask;
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken)
    {
        openCode.Exited -= Exited;
        return Task.CompletedTask;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                Report();
            }
        }
        catch (OperationCanceledException)
        {
            // The gate stops.
        }
    }

    private void Report()
    {
        log.Add("stack.memory", "debug", attrs:
        [
            ("memory_bytes", Text(memory.Used)), ("memory_limit_bytes", Text(memory.Limit)), ("sessions_at_work", Text(ledger.Now.AtWork)),
        ]);
        var dropped = log.Counts.Dropped;
        if (dropped > _dropped)
        {
            log.Add("events.dropped", "warn", attrs: ("count", Text(dropped - _dropped)));
            _dropped = dropped;
        }
    }

    private void Exited(OpenCodeExit exit) => log.Add("opencode.exited", exit.Stopping ? "info" : "error", attrs:
    [
        ("exit", Text(exit.ExitCode)), ("hung", exit.Hung ? "true" : null), ("stopping", exit.Stopping ? "true" : null), ("lived_ms", Text((long)exit.Lived.TotalMilliseconds)),
    ]);

    private static string? Text(long? number) => number?.ToString(CultureInfo.InvariantCulture);
}
