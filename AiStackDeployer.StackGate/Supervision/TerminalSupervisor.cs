namespace AiStackDeployer.StackGate.Supervision;

/// <summary>Keeps the web terminal running. A stack without one is still of use, so this never gives up.</summary>
internal sealed partial class TerminalSupervisor(
    GateOptions options, IPrograms programs, ChildEnvironment environment, TimeProvider time, ILogger<TerminalSupervisor> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var backoff = new Backoff();
        while (!stoppingToken.IsCancellationRequested)
        {
            var began = time.GetTimestamp();
            using var program = programs.Start("terminal", options.TerminalCommand!, environment);
            await ((Task)program.Ended).WaitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stoppingToken.IsCancellationRequested)
            {
                await program.EndAsync(options.ChildGrace, time);
                return;
            }
            program.Kill();
            LogEnded(await program.Ended);
            await Task.Delay(backoff.Next(time.GetElapsedTime(began), worked: true), time, stoppingToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The terminal ended with {Code}. It is started again.")]
    private partial void LogEnded(int code);
}
