namespace AiStackDeployer.Core.Dokploy;

public enum DokployCircuit
{
    Closed,

    /// <summary>One call is trying whether Dokploy is back.</summary>
    HalfOpen,
    Open,
}

/// <summary>What the calls of this process have met lately; nothing is asked for it.</summary>
public sealed record DokployHealthSnapshot
{
    /// <summary>When Dokploy last answered a call properly, refusals of a single request included; null before the first.</summary>
    public DateTimeOffset? LastSuccess { get; init; }

    /// <summary>The trouble of the latest call, when it was with Dokploy or the key rather than with the one request.</summary>
    public DokployFault? Problem { get; init; }

    /// <summary>When <see cref="Problem"/> first showed without a good answer since.</summary>
    public DateTimeOffset? ProblemSince { get; init; }

    public DokployCircuit Circuit { get; init; }

    public DokployKeyHistory Key { get; init; } = new();

    /// <summary>True when the latest call went well, false when not, null before the first.</summary>
    public bool? IsWell => Problem is not null || Circuit == DokployCircuit.Open ? false : LastSuccess is null ? null : true;
}

/// <summary>What the calls of this process tell about the key; Dokploy itself tells nobody a key's limit.</summary>
public sealed record DokployKeyHistory
{
    /// <summary>Calls in a row that it was accepted for; 0 after a refusal, and 1 after so long a silence that any limit began anew.</summary>
    public int AcceptedInARow { get; init; }

    public DateTimeOffset? LastAccepted { get; init; }

    /// <summary>The beginning of the latest row of refusals, also when it is over; null = none yet.</summary>
    public DokployKeyRefusal? LastRefusal { get; init; }
}

/// <param name="AfterAccepted">Calls in a row that went well directly before; 0 = refused from the first one on.</param>
public sealed record DokployKeyRefusal(DateTimeOffset At, int AfterAccepted);

/// <summary>Holds the latest <see cref="DokployHealthSnapshot"/> of the process. Safe from any thread.</summary>
public sealed class DokployHealth(TimeProvider time)
{
    /// <summary>A key's default window: after so long without a call its counter begins anew.</summary>
    private static readonly TimeSpan KeyWindow = TimeSpan.FromDays(1);

    private readonly Lock _gate = new();
    private DokployHealthSnapshot _current = new();

    /// <summary>Raised on the caller's thread, outside the lock, when the circuit or the problem changed; not for every call.</summary>
    public event Action? Changed;

    public DokployHealthSnapshot Current
    {
        get
        {
            lock (_gate)
            {
                return _current;
            }
        }
    }

    internal void Answered() =>
        Change(current => current with { LastSuccess = time.GetUtcNow(), Problem = null, ProblemSince = null });

    internal void Failed(DokployFault fault)
    {
        switch (fault)
        {
            // These say something about the one request; Dokploy and the key are fine.
            case DokployFault.NotFound or DokployFault.Rejected or DokployFault.InvalidRequest or DokployFault.PermissionDenied:
                Answered();
                break;

            // Keeps the reason for which the circuit opened.
            case DokployFault.CircuitOpen:
                break;

            default:
                Change(current => current with { Problem = fault, ProblemSince = current.ProblemSince ?? time.GetUtcNow() });
                break;
        }
    }

    /// <summary>Dokploy let the key in, whatever it said then.</summary>
    internal void KeyAccepted() => Change(current =>
    {
        var now = time.GetUtcNow();
        var row = current.Key.LastAccepted is { } last && now - last <= KeyWindow ? current.Key.AcceptedInARow : 0;
        return current with { Key = current.Key with { AcceptedInARow = row + 1, LastAccepted = now } };
    });

    internal void KeyRefused() => Change(current => current.Key is { AcceptedInARow: 0, LastRefusal: not null }
        ? current
        : current with
        {
            Key = current.Key with { AcceptedInARow = 0, LastRefusal = new DokployKeyRefusal(time.GetUtcNow(), current.Key.AcceptedInARow) },
        });

    internal void CircuitIs(DokployCircuit circuit) => Change(current => current with { Circuit = circuit });

    private void Change(Func<DokployHealthSnapshot, DokployHealthSnapshot> change)
    {
        bool told;
        lock (_gate)
        {
            var next = change(_current);
            told = next.Problem != _current.Problem || next.Circuit != _current.Circuit;
            _current = next;
        }

        if (told)
        {
            Changed?.Invoke();
        }
    }
}
