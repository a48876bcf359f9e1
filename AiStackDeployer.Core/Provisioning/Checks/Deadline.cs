namespace AiStackDeployer.Core.Provisioning.Checks;

/// <summary>
/// A limit of a check's own, below the report's: when it passes, the check still has the time to say who did not answer, where the
/// report could only say that the check was given up.
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
