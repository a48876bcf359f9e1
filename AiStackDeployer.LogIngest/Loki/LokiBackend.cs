using AiStackDeployer.LogIngest.Diagnostics;
using AiStackDeployer.LogIngest.Query;

namespace AiStackDeployer.LogIngest.Loki;

/// <summary>
/// Pushes to Loki, one batch at a time, so that a stream's events arrive in order. Only what may pass is tried again, and that with the same
/// times: Loki keeps a line once, however often it comes. While Loki is away the batch waits, and the queue behind it fills up to its limit.
/// </summary>
internal sealed partial class LokiBackend(
    LokiClient loki, TimeProvider time, Func<double> jitter, IngestMetrics metrics, ILogger<LokiBackend> logger) : ILogBackend
{
    /// <summary>A limit of Loki's may last, and must not hold up the other streams for good.</summary>
    public const int MostRateLimited = 10;

    /// <summary>Pushes that the search for bad lines in one batch may cost.</summary>
    public const int MostSplits = 100;

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    private string? _trouble;

    public long StoredBytes => 0;

    public async Task WriteAsync(IReadOnlyList<LogEntry> entries, CancellationToken stopping, CancellationToken cancellationToken)
    {
        var left = MostSplits;
        var parts = new Stack<ArraySegment<LogEntry>>([new ArraySegment<LogEntry>([.. entries])]);
        while (parts.TryPop(out var part))
        {
            var answer = await PushAsync(part, stopping, cancellationToken);
            switch (answer.Result)
            {
                case PushResult.Stored:
                    break;
                case PushResult.Rejected or PushResult.TooLarge when part.Count > 1 && left-- > 0:
                    // Loki names one bad line at most, and has stored the good ones or has not: halving finds out.
                    var half = part.Count / 2;
                    parts.Push(part[half..]);
                    parts.Push(part[..half]);
                    break;
                default:
                    Drop(part.Count, answer);
                    break;
            }
        }
    }

    public async Task<LogPage> QueryAsync(LogQuestion question, CancellationToken cancellationToken)
    {
        var query = LokiQuery.Of(question, time.GetUtcNow());
        return LokiQuery.Read(await loki.QueryRangeAsync(query, cancellationToken), question);
    }

    private async Task<PushAnswer> PushAsync(ArraySegment<LogEntry> entries, CancellationToken stopping, CancellationToken cancellationToken)
    {
        var rateLimited = 0;
        for (var attempt = 1; ; attempt++)
        {
            var answer = await loki.PushAsync(entries, cancellationToken);
            metrics.Pushes.Add(OutcomeOf(answer.Result));
            if (answer.Result is not (PushResult.RateLimited or PushResult.Unavailable))
            {
                Recovered();
                return answer;
            }
            if (answer.Result == PushResult.RateLimited && ++rateLimited == MostRateLimited)
            {
                return answer;
            }
            Trouble(answer.Said);
            metrics.Retry();
            var most = Math.Min(LongestPause.TotalSeconds, FirstPause.TotalSeconds * Math.Pow(2, Math.Min(attempt, 20)));
            var pause = TimeSpan.FromSeconds(Math.Clamp(jitter() * most, Math.Min(answer.RetryAfter?.TotalSeconds ?? 0, LongestPause.TotalSeconds), LongestPause.TotalSeconds));
            await Task.Delay(pause, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stopping.IsCancellationRequested)
            {
                await Task.Delay(FirstPause, time, cancellationToken);
            }
        }
    }

    private void Drop(int count, PushAnswer answer)
    {
        metrics.Dropped.Add(ReasonOf(answer.Result), count);
        LogDropped(count, answer.Said);
    }

    private void Trouble(string said)
    {
        // Once, not at each attempt.
        if (_trouble is null)
        {
            _trouble = said;
            LogTrouble(said);
        }
    }

    private void Recovered()
    {
        if (_trouble is not null)
        {
            _trouble = null;
            LogRecovered();
        }
    }

    private static string OutcomeOf(PushResult result) => result switch
    {
        PushResult.Stored => PushOutcome.Ok,
        PushResult.Rejected or PushResult.TooLarge => PushOutcome.Rejected,
        PushResult.RateLimited => PushOutcome.RateLimited,
        PushResult.Unavailable => PushOutcome.Unavailable,
        PushResult.Blocked => PushOutcome.Blocked,
        _ => PushOutcome.Refused,
    };

    private static string ReasonOf(PushResult result) => result switch
    {
        PushResult.Rejected or PushResult.TooLarge => DropReason.Rejected,
        PushResult.RateLimited => DropReason.RateLimited,
        PushResult.Blocked => DropReason.Blocked,
        _ => DropReason.Refused,
    };

    [LoggerMessage(1, LogLevel.Warning, "Loki does not take events, they wait: {Said}")]
    private partial void LogTrouble(string said);

    [LoggerMessage(2, LogLevel.Information, "Loki takes events again")]
    private partial void LogRecovered();

    [LoggerMessage(3, LogLevel.Warning, "{Count} events are lost, because Loki does not want them: {Said}")]
    private partial void LogDropped(int count, string said);
}
