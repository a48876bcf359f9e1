namespace AiStackDeployer.Core.Connections.Checks;

/// <summary>
/// A check's own timeout, below the report's: the check can then still say who did not answer, where the report could only say that
/// the check took too long.
/// </summary>
internal sealed class Deadline : IDisposable
{
    private readonly CancellationTokenSource _clock;
    private readonly CancellationTokenSource _either;
    private readonly CancellationToken _outer;

    public Deadline(TimeSpan after, TimeProvider time, CancellationToken outer)
    {
        _outer = outer;
        _clock = new CancellationTokenSource(after, time);
        _either = CancellationTokenSource.CreateLinkedTokenSource(_clock.Token, outer);
    }

    /// <summary>Cancelled when the time is over, and with the caller.</summary>
    public CancellationToken Token => _either.Token;

    /// <summary>Whether the time is over while the caller still waits.</summary>
    public bool HasPassed => _clock.IsCancellationRequested && !_outer.IsCancellationRequested;

    public void Dispose()
    {
        _either.Dispose();
        _clock.Dispose();
    }
}
