using AiStackDeployer.LogIngest.Diagnostics;

namespace AiStackDeployer.LogIngest.Pipeline;

/// <summary>Carries the queue to Loki or into the store, a batch at a time. At a stop it goes on with what is left, for as long as the limit says.</summary>
internal sealed partial class Pump(
    EntryQueue queue, ILogBackend backend, IngestLimits limits, TimeProvider time, IngestMetrics metrics, ILogger<Pump> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var end = new CancellationTokenSource();
        await using var drain = time.CreateTimer(_ => end.Cancel(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        await using var stop = stoppingToken.Register(() =>
        {
            queue.Close();
            drain.Change(limits.Draining, Timeout.InfiniteTimeSpan);
        });
        while (await queue.WaitAsync(limits.MostEvents, limits.MostBatchBytes, limits.Gathering, time) && !end.IsCancellationRequested)
        {
            var batch = queue.Take(limits.MostEvents, limits.MostBatchBytes);
            try
            {
                await backend.WriteAsync(batch, stoppingToken, end.Token);
            }
            catch (OperationCanceledException) when (end.IsCancellationRequested)
            {
                metrics.Dropped.Add(DropReason.Shutdown, batch.Count);
            }
            catch (Exception e)
            {
                // One batch, rather than the ingest and with it all that waits.
                metrics.Dropped.Add(DropReason.Error, batch.Count);
                LogFailure(e, batch.Count);
            }
            finally
            {
                queue.Release(batch);
            }
        }
        metrics.Dropped.Add(DropReason.Shutdown, queue.Count);
        if (metrics.Dropped[DropReason.Shutdown] is > 0 and var lost)
        {
            LogLost(lost);
        }
    }

    [LoggerMessage(1, LogLevel.Error, "A batch of {Count} events could not be stored")]
    private partial void LogFailure(Exception e, int count);

    [LoggerMessage(2, LogLevel.Warning, "The ingest ends, and {Count} events that were accepted have not been stored")]
    private partial void LogLost(long count);
}
