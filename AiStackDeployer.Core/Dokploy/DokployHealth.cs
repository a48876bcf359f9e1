using System.Collections.Concurrent;

namespace AiStackDeployer.Core.Dokploy;

public enum DokployCircuit
{
    Closed,

    /// <summary>One call is testing whether Dokploy is back.</summary>
    HalfOpen,
    Open,
}

/// <summary>What the latest calls of this process met; causes no calls of its own.</summary>
public sealed record DokployHealthSnapshot
{
    /// <summary>When Dokploy last answered a call properly, refusals of a single request included; null before the first.</summary>
    public DateTimeOffset? LastSuccess { get; init; }

    /// <summary>The fault of the latest call, when it was about Dokploy or the key rather than the one request.</summary>
    public DokployFault? Problem { get; init; }

    /// <summary>When <see cref="Problem"/> began; no call has succeeded since.</summary>
    public DateTimeOffset? ProblemSince { get; init; }

    public DokployCircuit Circuit { get; init; }

    public DokployKeyHistory Key { get; init; } = new();

    /// <summary>True when the latest call went well, false when not, null before the first.</summary>
    public bool? IsWell => Problem is not null || Circuit == DokployCircuit.Open ? false : LastSuccess is null ? null : true;
}

/// <summary>What the calls of this process say about the key: Dokploy does not reveal a key's limit.</summary>
public sealed record DokployKeyHistory
{
    /// <summary>A key created by a script: ten checks a day, and each call takes two.</summary>
    public const int CallsOfDefaultLimit = 5;

    /// <summary>Whether more calls would tell anything more about a limit.</summary>
    public bool IsLimitSettled => AcceptedInARow is 0 or > CallsOfDefaultLimit;

    /// <summary>Calls in a row for which it was accepted; 0 after a refusal, counted from 1 again after a pause that resets any limit.</summary>
    public int AcceptedInARow { get; init; }

    public DateTimeOffset? LastAccepted { get; init; }

    /// <summary>When the latest series of refusals began, even if it is over; null = none yet.</summary>
    public DokployKeyRefusal? LastRefusal { get; init; }
}

/// <param name="AfterAccepted">Calls in a row that were accepted directly before; 0 = refused from the first call on.</param>
public sealed record DokployKeyRefusal(DateTimeOffset At, int AfterAccepted);

/// <summary>Holds the latest <see cref="DokployHealthSnapshot"/> of the process. Thread-safe.</summary>
public sealed class DokployHealth(TimeProvider time)
{
    /// <summary>A key's default window: after this long without a call its counter starts again.</summary>
    private static readonly TimeSpan KeyWindow = TimeSpan.FromDays(1);

    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<string, DateTimeOffset> _answered = new();
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

    /// <summary>When a call of this name last succeeded; null before the first.</summary>
    internal DateTimeOffset? LastSuccessOf(string call) => _answered.TryGetValue(call, out var at) ? at : null;

    internal void Answered(string call)
    {
        _answered[call] = time.GetUtcNow();
        Answered();
    }

    private void Answered() =>
        Change(current => current with { LastSuccess = time.GetUtcNow(), Problem = null, ProblemSince = null });

    internal void Failed(DokployFault fault)
    {
        switch (fault)
        {
            // These are about the one request; Dokploy and the key are fine.
            case DokployFault.NotFound or DokployFault.Rejected or DokployFault.InvalidRequest or DokployFault.PermissionDenied:
                Answered();
                break;

            // The reason for which the circuit opened stays.
            case DokployFault.CircuitOpen:
                break;

            default:
                Change(current => current with { Problem = fault, ProblemSince = current.ProblemSince ?? time.GetUtcNow() });
                break;
        }
    }

    /// <summary>Dokploy accepted the key, whatever it answered then.</summary>
    internal void KeyAccepted() => Change(current =>
    {
        var now = time.GetUtcNow();
        var accepted = current.Key.LastAccepted is { } last && now - last <= KeyWindow ? current.Key.AcceptedInARow : 0;
        return current with { Key = current.Key with { AcceptedInARow = accepted + 1, LastAccepted = now } };
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
        bool isChanged;
        lock (_gate)
        {
            var next = change(_current);
            isChanged = next.Problem != _current.Problem || next.Circuit != _current.Circuit;
            _current = next;
        }
        if (isChanged)
        {
            Changed?.Invoke();
        }
    }
}
