namespace AiStackDeployer.Core.Diagnostics;

/// <summary>
/// A question for gauges that are read in the middle of a scrape: asked by one reading at a time and not more often than said,
/// however many gauges and scrapers there are. A reading that takes long is waited for once and for a moment; the scrape then goes
/// on with what the one before it found, until the one under way counts as one that will not come.
/// </summary>
/// <param name="read">Null, or any exception = there is no answer.</param>
/// <param name="atMostEvery">Between the begins of two readings.</param>
internal sealed class GaugeReading<T>(Func<Task<T?>> read, TimeSpan atMostEvery, TimeProvider time) where T : class
{
    /// <summary>A reading under way for so long says by itself that there is no answer; what was found before it is history.</summary>
    internal static readonly TimeSpan Hanging = TimeSpan.FromSeconds(15);

    private readonly Lock _gate = new();
    private Task<T?>? _reading;
    private GaugeAnswer<T> _last;
    private long _begun;
    private bool _waited;

    /// <summary>How long a scrape waits for a reading: far less than a scraper waits for it.</summary>
    internal TimeSpan ReadTimeout { get; set; } = TimeSpan.FromSeconds(2);

    public GaugeAnswer<T> Read()
    {
        Task<T?> reading;
        TimeSpan timeout;
        lock (_gate)
        {
            if (_reading is null || (_reading.IsCompleted && time.GetElapsedTime(_begun) >= atMostEvery))
            {
                _last = _reading is null ? default : new GaugeAnswer<T>(true, _reading.Result);
                _begun = time.GetTimestamp();
                _waited = false;
                // In a thread of its own: SQLite works in the thread that asks, and this one holds the gate.
                _reading = Task.Run(ReadAsync, CancellationToken.None);
            }
            reading = _reading;
            timeout = _waited ? TimeSpan.Zero : ReadTimeout;
            _waited = true;
        }
        // A gauge's callback cannot await. The reading needs none of the threads that may wait here.
        if (reading.Wait(timeout, CancellationToken.None))
        {
            return new GaugeAnswer<T>(true, reading.Result);
        }
        lock (_gate)
        {
            return time.GetElapsedTime(_begun) >= Hanging ? new GaugeAnswer<T>(true, null) : _last;
        }
    }

    private async Task<T?> ReadAsync()
    {
        try
        {
            return await read();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Locked, full, gone: the gauge says so, and the next reading tries again.
            return null;
        }
    }
}

/// <param name="IsKnown">False while the first reading of all is under way.</param>
/// <param name="Value">Null = there is no answer now.</param>
internal readonly record struct GaugeAnswer<T>(bool IsKnown, T? Value) where T : class;
