using AiStackDeployer.Core.Http;

namespace AiStackDeployer.Core.Dokploy;

/// <summary>What went wrong with a call, as far as Dokploy's answers tell.</summary>
public enum DokployFault
{
    /// <summary>No connection, or it broke before the answer was complete. Dokploy restarting looks like this for about 17 s.</summary>
    Unreachable,

    /// <summary>An attempt, or the call with its retries, took too long.</summary>
    TimedOut,

    /// <summary>
    /// The API key was refused while the database is healthy: it is wrong, expired, disabled, used up or over its rate limit, which
    /// Dokploy answers alike. Not transient, yet no reason to fail a deployment at once: a rate-limited key works again later.
    /// </summary>
    KeyRefused,

    /// <summary>HTTP 429; Dokploy's API itself never sends it (see <see cref="KeyRefused"/>), a proxy in front of it may.</summary>
    RateLimited,

    /// <summary>Dokploy runs and its database does not; it then answers good keys with 401.</summary>
    DatabaseDown,

    /// <summary>The key is valid but lacks a right.</summary>
    PermissionDenied,

    /// <summary>The object does not exist.</summary>
    NotFound,

    /// <summary>Dokploy could not read our request or found it invalid: a bug of this client.</summary>
    InvalidRequest,

    /// <summary>A well-formed request was turned down (400 or 409 without validation issues).</summary>
    Rejected,

    /// <summary>Dokploy, or the proxy in front of it, failed (5xx).</summary>
    ServerError,

    /// <summary>The answer is not what the contract says: HTML, garbage, a redirect, too large, or empty where a body is due.</summary>
    Unreadable,

    /// <summary>Not sent: too many calls have just failed.</summary>
    CircuitOpen,
}

/// <summary>
/// A call to Dokploy that did not succeed. The message is ours: Dokploy's own texts contain SQL with its parameters
/// and are never repeated.
/// </summary>
internal sealed class DokployException : Exception
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

    /// <summary>Scheme and host that a redirect names; no more of it, because somebody else wrote that.</summary>
    public string? RedirectsTo { get; internal init; }

    /// <summary>The installed version does not have this call, as opposed to not having the object.</summary>
    internal bool CallIsMissing { get; init; }

    /// <summary>The same call may succeed later without anybody changing anything.</summary>
    public bool IsTransient => Kind is DokployFault.Unreachable or DokployFault.TimedOut or DokployFault.RateLimited
        or DokployFault.DatabaseDown or DokployFault.ServerError or DokployFault.Unreadable or DokployFault.CircuitOpen;

    public override string Message => CallFailure.MessageOf(Call, Sentence, HttpStatus, Diagnostic);

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
