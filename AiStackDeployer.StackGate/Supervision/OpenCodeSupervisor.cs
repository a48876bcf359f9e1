namespace AiStackDeployer.StackGate.Supervision;

/// <summary>
/// Keeps OpenCode running: starts it, looks whether it answers, starts it again when it crashed or hangs. When it ends quickly again and
/// again, the gate ends too, so that whoever runs the container learns of it.
/// </summary>
internal sealed partial class OpenCodeSupervisor(
    GateOptions options,
    OpenCodeEndpoint openCode,
    OpenCodeHealth health,
    IPrograms programs,
    ChildEnvironment environment,
    GateEnd end,
    TimeProvider time,
    ILogger<OpenCodeSupervisor> logger) : BackgroundService
{
    public const int MostQuickEnds = 5;

    /// <summary>
    /// About two minutes: a busy OpenCode answers late, and ending it ends the agent's work. Counted, not timed, because a container that
    /// was paused has lost time but not its OpenCode.
    /// </summary>
    public const int MostFailedLooks = 6;

    /// <summary>From then on a start is a slow one, in which an answer may take its time.</summary>
    private static readonly TimeSpan SlowStart = TimeSpan.FromSeconds(30);

    public static TimeSpan StartPause { get; } = TimeSpan.FromSeconds(0.25);

    /// <summary>Long, because a first start may migrate years of sessions.</summary>
    public static TimeSpan StartLimit { get; } = TimeSpan.FromMinutes(5);

    public static TimeSpan LookPause { get; } = TimeSpan.FromSeconds(15);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var backoff = new Backoff();
        while (!stoppingToken.IsCancellationRequested)
        {
            var exit = await LiveAsync(stoppingToken);
            if (exit.Stopping)
            {
                openCode.Down(exit, OpenCodeState.Starting);
                return;
            }
            var pause = backoff.Next(exit.Lived, openCode.Status.State == OpenCodeState.Running);
            LogEnded(exit.ExitCode, exit.Lived, exit.Hung);
            if (backoff.QuickEnds == MostQuickEnds)
            {
                LogGivesUp(MostQuickEnds);
                openCode.Down(exit, OpenCodeState.Failed);
                end.Fail();
                return;
            }
            openCode.Down(exit, OpenCodeState.Starting);
            await Task.Delay(pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<OpenCodeExit> LiveAsync(CancellationToken stopping)
    {
        var began = time.GetTimestamp();
        using var program = programs.Start("opencode", options.OpenCodeCommand, environment);
        using var watching = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var watch = WatchAsync(watching.Token);
        await Task.WhenAny(program.Ended, watch);
        var ended = program.Ended.IsCompleted;
        await watching.CancelAsync();
        await watch.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!ended)
        {
            await program.EndAsync(options.ChildGrace, time);
        }
        var code = await program.Ended;
        program.Kill();
        return new OpenCodeExit(code, Hung: !ended && !stopping.IsCancellationRequested, stopping.IsCancellationRequested, time.GetElapsedTime(began));
    }

    /// <summary>Ends when OpenCode does not come up, or hangs.</summary>
    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        OpenCodeAnswer? answer;
        while ((answer = await health.LookAsync(time.GetElapsedTime(began) < SlowStart ? OpenCodeHealth.StartLookTimeout : OpenCodeHealth.LookTimeout, cancellationToken)) is null)
        {
            if (time.GetElapsedTime(began) >= StartLimit)
            {
                return;
            }
            await Task.Delay(StartPause, time, cancellationToken);
        }
        var duration = time.GetElapsedTime(began);
        LogUp(answer.Version, answer.Generation, duration);
        openCode.Up(answer.Generation, answer.Version);
        for (var failed = 0; failed < MostFailedLooks;)
        {
            await Task.Delay(LookPause, time, cancellationToken);
            failed = await health.LookAsync(OpenCodeHealth.LookTimeout, cancellationToken) is null ? failed + 1 : 0;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "OpenCode {Version} (generation {Generation}) answers after {Duration}.")]
    private partial void LogUp(string? version, int generation, TimeSpan duration);

    [LoggerMessage(Level = LogLevel.Warning, Message = "OpenCode ended with {Code} after {Lived} (hung: {Hung}). It is started again.")]
    private partial void LogEnded(int? code, TimeSpan lived, bool hung);

    [LoggerMessage(Level = LogLevel.Error, Message = "OpenCode failed {Times} times in a row. The gate ends, and the container with it.")]
    private partial void LogGivesUp(int times);
}
