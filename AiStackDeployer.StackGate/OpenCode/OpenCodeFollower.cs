using System.Net.ServerSentEvents;
using AiStackDeployer.StackGate.Activity;
using AiStackDeployer.StackGate.Events;
using AiStackDeployer.StackGate.Supervision;

namespace AiStackDeployer.StackGate.OpenCode;

/// <summary>
/// Follows OpenCode's event stream for as long as each of its lives lasts. Whatever a gap in the stream hides, OpenCode's own lists tell
/// directly after it, before the first event of the new stream is read.
/// </summary>
internal sealed partial class OpenCodeFollower(
    OpenCodeEndpoint endpoint, OpenCodeClient client, SessionLedger ledger, SessionEvents events, bool withContent, TimeProvider time, Func<double> jitter,
    ILogger<OpenCodeFollower> logger) : BackgroundService
{
    public const int LongestFrame = 1024 * 1024;

    public static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(45);

    /// <summary>A status that got lost would keep a stack awake for ever.</summary>
    public static readonly TimeSpan BetweenReviews = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(0.25);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var run = await endpoint.WaitUntilUpAsync(stoppingToken);
                using var life = CancellationTokenSource.CreateLinkedTokenSource(run.Gone, stoppingToken);
                events.Started(run);
                await FollowAsync(run, life.Token);
            }
            catch (OperationCanceledException)
            {
                // The program stops, or this life of OpenCode has ended.
            }
            ledger.Clear();
        }
    }

    private async Task FollowAsync(OpenCodeRun run, CancellationToken cancellationToken)
    {
        for (var failures = 1; ; failures++)
        {
            var since = time.GetTimestamp();
            try
            {
                using var response = await OpenAsync(run, cancellationToken);
                await using var frames = new BoundedFrames(await response.Content.ReadAsStreamAsync(cancellationToken), LongestFrame, LongestSilence, time);
                await ReadAsync(run, frames, cancellationToken);
                LogEnded(logger);
            }
            // Nothing that OpenCode sends, or does not, may end the gate; its end may show in any way.
            catch (Exception e)
            {
                cancellationToken.ThrowIfCancellationRequested();
                LogBroken(logger, e.Message);
            }
            if (time.GetElapsedTime(since) > LongestPause)
            {
                failures = 1;
            }
            var pause = Math.Min(LongestPause.TotalSeconds, FirstPause.TotalSeconds * Math.Pow(2, failures));
            await Task.Delay(TimeSpan.FromSeconds(pause * jitter()), time, cancellationToken);
        }
    }

    private async Task<HttpResponseMessage> OpenAsync(OpenCodeRun run, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(LongestSilence, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        return await client.OpenEventsAsync(run.Generation, either.Token);
    }

    private async Task ReadAsync(OpenCodeRun run, BoundedFrames frames, CancellationToken cancellationToken)
    {
        var parser = SseParser.Create(frames, (_, data) => FactReader.Read(data, withContent));
        var reviewed = await ReviewAsync(run, cancellationToken);
        var cut = 0;
        await foreach (var item in parser.EnumerateAsync(cancellationToken))
        {
            if (item.Data is { } fact)
            {
                ledger.Apply(fact);
                events.Apply(fact);
            }
            // What was in a frame that was cut is not known.
            var due = frames.Cut == cut ? BetweenReviews : LongestAnswer;
            if (time.GetElapsedTime(reviewed) >= due)
            {
                cut = frames.Cut;
                reviewed = await ReviewAsync(run, cancellationToken);
            }
        }
    }

    private async Task<long> ReviewAsync(OpenCodeRun run, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(LongestAnswer, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        List<string?> folders = run.Generation == 1 ? [.. ledger.Directories] : [null];
        foreach (var folder in folders)
        {
            try
            {
                ledger.Replace(folder is null ? await client.ReadAllAsync(either.Token) : await client.ReadFolderAsync(folder, either.Token));
            }
            catch (Exception e)
            {
                cancellationToken.ThrowIfCancellationRequested();
                // What was known stays, and the next review asks again.
                LogNotTold(logger, e.Message);
            }
        }
        return time.GetTimestamp();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "OpenCode ended its event stream; connecting again.")]
    private static partial void LogEnded(ILogger logger);

    [LoggerMessage(Level = LogLevel.Warning, Message = "OpenCode's event stream broke: {Reason}; connecting again.")]
    private static partial void LogBroken(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "OpenCode did not say which sessions are at work: {Reason}")]
    private static partial void LogNotTold(ILogger logger, string reason);
}
