using AiStackDeployer.Core.Deployments;

namespace AiStackDeployer.Core.Diagnostics;

/// <summary>
/// The figures of the deployments in progress for gauges that are read in the middle of a scrape: the database is asked by one
/// reading at a time and at most every five seconds, however many gauges and scrapers there are. A reading that takes long is not
/// waited for: the scrape goes on with what the one before it found.
/// </summary>
public sealed class ActiveCensus(IDeploymentStore store, TimeProvider time)
{
    internal static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

    /// <summary>Four gauges wait at most this long each, far less than a scraper does.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(300);

    private readonly Lock _gate = new();
    private Task<ActiveFigures?>? _reading;
    private ActiveFigures? _last;
    private long _begun;

    /// <summary>Null = the database cannot be read now.</summary>
    public ActiveFigures? Read()
    {
        Task<ActiveFigures?> reading;
        lock (_gate)
        {
            if (_reading is null || (_reading.IsCompleted && time.GetElapsedTime(_begun) >= Fresh))
            {
                _last = _reading?.Result;
                _begun = time.GetTimestamp();
                // In a thread of its own: SQLite reads in the thread that asks, and this one holds the gate.
                _reading = Task.Run(ReadAsync, CancellationToken.None);
            }
            reading = _reading;
        }
        // A gauge's callback cannot await. The reading needs none of the threads that may wait here.
        return reading.Wait(Patience, CancellationToken.None) ? reading.Result : _last;
    }

    private async Task<ActiveFigures?> ReadAsync()
    {
        try
        {
            return await store.ReadActiveFiguresAsync(CancellationToken.None);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Locked, full, gone: the gauge of the database says so, and the next reading tries again.
            return null;
        }
    }
}
