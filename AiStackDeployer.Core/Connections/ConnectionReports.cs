using Microsoft.Extensions.Logging;

namespace AiStackDeployer.Core.Connections;

public sealed record ConnectionOptions
{
    private static readonly TimeSpan TimeToSay = TimeSpan.FromSeconds(3);

    /// <summary>The longest the report waits for one check.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// The longest a check waits for what it looks at, all its questions together. Less than <see cref="Patience"/>, because the
    /// check can then still say who did not answer, and the report only that the check took too long.
    /// </summary>
    public TimeSpan CheckPatience => Patience - TimeToSay;
}

/// <summary>
/// Runs all checks at the same time, one look for everybody who asks meanwhile, and keeps the latest report: a storm of probes
/// must not reach Dokploy. One for the process.
/// </summary>
public sealed partial class ConnectionReports(
    IEnumerable<IConnectionCheck> checks, ConnectionOptions options, TimeProvider time, ILogger<ConnectionReports> logger)
{
    /// <summary>How old a report may be for who does not care.</summary>
    public static readonly TimeSpan UsualAge = TimeSpan.FromSeconds(15);

    /// <summary>How old a report may be for who wants a new one.</summary>
    public static readonly TimeSpan FreshAge = TimeSpan.FromSeconds(3);

    private readonly IReadOnlyList<IConnectionCheck> _checks = [.. checks];
    private readonly Lock _gate = new();
    private Task<ConnectionReport>? _running;
    private ConnectionReport? _latest;
    private long _latestEnded;

    /// <summary>
    /// The latest report when it is no older, else a new one; whoever asks while a look is under way gets that one. Cancelling
    /// ends this caller's waiting, the look goes on. Never throws for what a check meets.
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
            // On the pool: no check may hold up the caller, nor end before it is remembered as running.
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
        var told = new Told();
        using var patience = new CancellationTokenSource(options.Patience, time);
        var blame = ConnectionCause.EarlierFailed;
        var started = time.GetTimestamp();
        try
        {
            // A check that does not heed its token is left behind; what it still tells is not heard.
            await Task.Run(() => told.ListenAsync(check, patience.Token), CancellationToken.None).WaitAsync(patience.Token);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            blame = ConnectionCause.CheckTimedOut;
        }
        catch (Exception e)
        {
            blame = ConnectionCause.CheckFailed;
            CheckBroke(e, check.GetType().Name);
        }
        var results = told.Results;
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

    [LoggerMessage(Level = LogLevel.Error, Message = "The connection check {Check} ended in a fault")]
    private partial void CheckBroke(Exception e, string check);

    /// <summary>What a check has told so far; also while it is being left behind.</summary>
    private sealed class Told
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

        public async Task ListenAsync(IConnectionCheck check, CancellationToken cancellationToken)
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
