using Microsoft.Extensions.Logging;

namespace AiStackDeployer.Core.Connections;

public sealed record ConnectionOptions
{
    private static readonly TimeSpan TimeToReport = TimeSpan.FromSeconds(3);

    /// <summary>The longest the report waits for one check.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// The longest all of a check's calls may take together. Less than <see cref="Timeout"/>: the check can then still say who did
    /// not answer, where the report could only say that the check took too long.
    /// </summary>
    public TimeSpan CheckTimeout => Timeout - TimeToReport;
}

/// <summary>
/// Runs all checks in parallel, once for all callers that ask meanwhile, and keeps the latest report: a storm of probes must not
/// reach Dokploy. One per process.
/// </summary>
public sealed partial class ConnectionReports(
    IEnumerable<IConnectionCheck> checks, ConnectionOptions options, TimeProvider time, ILogger<ConnectionReports> logger)
{
    /// <summary>Maximum report age for callers that do not need a fresh one.</summary>
    public static readonly TimeSpan UsualAge = TimeSpan.FromSeconds(15);

    /// <summary>Maximum report age for callers that ask for a fresh one.</summary>
    public static readonly TimeSpan FreshAge = TimeSpan.FromSeconds(3);

    private readonly IReadOnlyList<IConnectionCheck> _checks = [.. checks];
    private readonly Lock _gate = new();
    private Task<ConnectionReport>? _running;
    private ConnectionReport? _latest;
    private long _latestEnded;

    /// <summary>
    /// The latest report when it is no older than that, else a new one; callers that ask while checks are running share their result.
    /// Cancelling ends this caller's wait only. Never throws for what a check meets.
    /// </summary>
    public async Task<ConnectionReport> GetAsync(TimeSpan maxAge, CancellationToken cancellationToken)
    {
        Task<ConnectionReport> look;
        lock (_gate)
        {
            if (_running is null && _latest is { } latest && time.GetElapsedTime(_latestEnded) <= maxAge)
            {
                return latest;
            }
            // On the thread pool: no check may block the caller, or finish before it is stored as running.
            look = _running ??= Task.Run(LookAsync, CancellationToken.None);
        }
        return await look.WaitAsync(cancellationToken);
    }

    private async Task<ConnectionReport> LookAsync()
    {
        var at = time.GetUtcNow();
        var results = await Task.WhenAll(_checks.Select(RunAsync));
        var report = new ConnectionReport(at, [.. results.SelectMany(r => r).OrderBy(r => r.Target)]);
        lock (_gate)
        {
            _latest = report;
            _latestEnded = time.GetTimestamp();
            _running = null;
        }
        return report;
    }

    private async Task<IReadOnlyList<ConnectionResult>> RunAsync(IConnectionCheck check)
    {
        var collected = new Collector();
        using var timeout = new CancellationTokenSource(options.Timeout, time);
        var blame = ConnectionCause.EarlierFailed;
        var started = time.GetTimestamp();
        try
        {
            // A check that ignores its token is abandoned; later results of it are dropped.
            await Task.Run(() => collected.CollectAsync(check, timeout.Token), CancellationToken.None).WaitAsync(timeout.Token);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            blame = ConnectionCause.CheckTimedOut;
        }
        catch (Exception e)
        {
            blame = ConnectionCause.CheckFailed;
            LogCheckFailed(e, check.GetType().Name);
        }
        var results = collected.Results;
        foreach (var target in check.Targets.Where(t => results.All(r => r.Target != t)).ToList())
        {
            results.Add(new ConnectionResult(target, blame)
            {
                Latency = blame == ConnectionCause.EarlierFailed ? null : time.GetElapsedTime(started),
            });
            blame = ConnectionCause.EarlierFailed;
        }
        return results;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The connection check {Check} failed unexpectedly")]
    private partial void LogCheckFailed(Exception e, string check);

    /// <summary>A check's results so far; safe to read while an abandoned check still adds to them.</summary>
    private sealed class Collector
    {
        private readonly Lock _gate = new();
        private readonly List<ConnectionResult> _results = [];

        public List<ConnectionResult> Results
        {
            get
            {
                lock (_gate)
                {
                    return [.. _results];
                }
            }
        }

        public async Task CollectAsync(IConnectionCheck check, CancellationToken cancellationToken)
        {
            await foreach (var result in check.RunAsync(cancellationToken))
            {
                lock (_gate)
                {
                    _results.Add(result);
                }
            }
        }
    }
}
