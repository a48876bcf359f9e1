using AiStackDeployer.Core.Deployments;

namespace AiStackDeployer.Core.Diagnostics;

/// <summary>
/// The figures of the deployments in progress for gauges that are read in the middle of a scrape: the database is asked by one
/// reading at a time and at most every five seconds, however many gauges and scrapers there are. A reading that takes long is
/// waited for once and for a moment; the scrape then goes on with what the one before it found.
/// </summary>
public sealed class ActiveCensus(IDeploymentStore store, TimeProvider time)
{
    internal static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private Task<ActiveFigures?>? _reading;
    private CensusReading _last;
    private long _begun;
    private bool _waited;

    /// <summary>Far less than a scraper waits.</summary>
    internal TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(2);

    public CensusReading Read()
    {
        Task<ActiveFigures?> reading;
        TimeSpan patience;
        lock (_gate)
        {
            if (_reading is null || (_reading.IsCompleted && time.GetElapsedTime(_begun) >= Fresh))
            {
                _last = _reading is null ? default : new CensusReading(true, _reading.Result);
                _begun = time.GetTimestamp();
                _waited = false;
                // In a thread of its own: SQLite reads in the thread that asks, and this one holds the gate.
                _reading = Task.Run(ReadAsync, CancellationToken.None);
            }
            reading = _reading;
            patience = _waited ? TimeSpan.Zero : Patience;
            _waited = true;
        }
        // A gauge's callback cannot await. The reading needs none of the threads that may wait here.
        return reading.Wait(patience, CancellationToken.None) ? new CensusReading(true, reading.Result) : _last;
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

/// <param name="IsKnown">False while the first reading of all is under way.</param>
/// <param name="Figures">Null = the database cannot be read now.</param>
public readonly record struct CensusReading(bool IsKnown, ActiveFigures? Figures);
