namespace AiStackDeployer.Core.Dokploy;

/// <summary>What went wrong with a call, told apart as far as Dokploy's answers allow.</summary>
public enum DokployFault
{
    /// <summary>No connection, or it broke before the answer was complete. Dokploy restarting looks like this for about 17 s.</summary>
    Unreachable,

    /// <summary>An attempt, or the call with its repeats, took too long.</summary>
    TimedOut,

    /// <summary>
    /// The API key was refused while the database is well: wrong, expired, disabled, used up or over its rate limit.
    /// Dokploy answers all of these alike, so only an operator can tell. Not transient, yet no reason to fail a
    /// deployment for good either: a rate-limited key works again after an idle window.
    /// </summary>
    KeyRefused,

    /// <summary>HTTP 429; Dokploy's API itself never sends it (see <see cref="KeyRefused"/>), a proxy before it may.</summary>
    RateLimited,

    /// <summary>Dokploy runs and its database does not; it then answers good keys with 401.</summary>
    DatabaseDown,

    /// <summary>The key is good and lacks a right.</summary>
    PermissionDenied,

    /// <summary>The object does not exist.</summary>
    NotFound,

    /// <summary>Dokploy's validation refused our request, or could not read it: a fault of this client.</summary>
    InvalidRequest,

    /// <summary>A well-formed request was turned down (400 or 409 without validation issues).</summary>
    Rejected,

    /// <summary>Dokploy, or the proxy before it, failed (5xx).</summary>
    ServerError,

    /// <summary>The answer is not what the contract says: HTML, garbage, a redirect, too large, or empty where a body is due.</summary>
    Unreadable,

    /// <summary>Not even tried: too many calls failed just before.</summary>
    CircuitOpen,
}

/// <summary>
/// A call to Dokploy that did not succeed. The message is made here; Dokploy's own texts hold SQL with its parameters
/// and never get in.
/// </summary>
public sealed class DokployException : Exception
{
    internal DokployException(DokployFault kind, string call, Exception? cause = null)
        : base(null, cause)
    {
        Kind = kind;
        Call = call;
    }

    public DokployFault Kind { get; }

    /// <summary>Name of the call, such as <c>project.create</c>.</summary>
    public string Call { get; }

    public int? HttpStatus { get; internal init; }

    /// <summary>
    /// True when a call that changes something may have taken effect although it failed (answer lost, timed out, cut
    /// off, 5xx, unreadable success). Creates are not idempotent: look for the object before repeating.
    /// </summary>
    public bool MayHaveHappened { get; internal init; }

    /// <summary>Dokploy's error code and the names of refused members; bounded, and safe to log.</summary>
    public string? Diagnostic { get; internal init; }

    /// <summary>The installed version does not know this call at all, as against: does not know the object.</summary>
    internal bool CallIsMissing { get; init; }

    /// <summary>True when the same call may succeed later without anyone changing anything.</summary>
    public bool IsTransient => Kind is DokployFault.Unreachable or DokployFault.TimedOut or DokployFault.RateLimited
        or DokployFault.DatabaseDown or DokployFault.ServerError or DokployFault.Unreadable or DokployFault.CircuitOpen;

    public override string Message
    {
        get
        {
            var facts = string.Join("; ", new[] { HttpStatus is { } status ? $"HTTP {status}" : null, Diagnostic }.OfType<string>());
            return facts.Length == 0 ? $"{Call}: {Sentence}" : $"{Call}: {Sentence} ({facts})";
        }
    }

    private string Sentence => Kind switch
    {
        DokployFault.Unreachable => "Dokploy cannot be reached.",
        DokployFault.TimedOut => "Dokploy did not answer in time.",
        DokployFault.KeyRefused => "Dokploy refused the API key (wrong, expired, disabled, or over its rate limit).",
        DokployFault.RateLimited => "Too many requests.",
        DokployFault.DatabaseDown => "Dokploy runs, but its database does not answer.",
        DokployFault.PermissionDenied => "The API key lacks the right for this.",
        DokployFault.NotFound when CallIsMissing => "This version of Dokploy does not have this call.",
        DokployFault.NotFound => "Dokploy does not know this object.",
        DokployFault.InvalidRequest => "Dokploy found the request invalid.",
        DokployFault.Rejected => "Dokploy turned the request down.",
        DokployFault.ServerError => "Dokploy failed internally.",
        DokployFault.Unreadable => "Dokploy's answer was not understood.",
        DokployFault.CircuitOpen => "Dokploy failed too often just now; not tried.",
        _ => "The call failed.",
    };
}
