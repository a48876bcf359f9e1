using AiStackDeployer.Core.Http;

namespace AiStackDeployer.Core.Hetzner;

/// <summary>
/// What went wrong with a call. Told apart by the <c>code</c> of Hetzner's error body, as its reference lists them under
/// "Errors" (docs.hetzner.cloud/reference/cloud), and by the status where a body has none.
/// </summary>
public enum HetznerFault
{
    /// <summary>No connection, or it broke before the answer was complete.</summary>
    Unreachable,

    /// <summary>An attempt, the call with its repeats, or an accepted change took too long.</summary>
    TimedOut,

    /// <summary>401 <c>unauthorized</c>: the token is wrong, was deleted, or is one of another Hetzner product.</summary>
    TokenRefused,

    /// <summary>401 <c>token_readonly</c> or 403 <c>forbidden</c>: a good token that may not do this.</summary>
    PermissionDenied,

    /// <summary>404 <c>not_found</c>. A zone of another project answers this too: a token sees one project.</summary>
    NotFound,

    /// <summary>409 <c>uniqueness_error</c> or <c>conflict</c>: it exists already, or somebody changed it at the same moment.</summary>
    Conflict,

    /// <summary>423 <c>locked</c>: another change of this zone is still running.</summary>
    Locked,

    /// <summary>423 <c>protected</c>: someone protected the record set against changes.</summary>
    Protected,

    /// <summary>422 <c>incorrect_zone_mode</c>: a secondary zone, whose records are a copy from elsewhere.</summary>
    WrongZoneMode,

    /// <summary>400 or 422 <c>json_error</c>, <c>invalid_input</c>: Hetzner found the request invalid.</summary>
    Invalid,

    /// <summary>A well-formed request was turned down for another reason, such as a limit of the account.</summary>
    Rejected,

    /// <summary>429: the project's quota is used up at the moment. It comes back one request at a time.</summary>
    RateLimited,

    /// <summary>The change was accepted, and then failed on Hetzner's side.</summary>
    ActionFailed,

    /// <summary>Hetzner's API is down or in maintenance (5xx, 403 <c>maintenance</c>).</summary>
    ServerError,

    /// <summary>The answer is not what the reference says: HTML, a redirect, too large, or a 404 that is not Hetzner's own.</summary>
    Unreadable,
}

/// <summary>A call to Hetzner that did not succeed. The message is made here; Hetzner's own texts never get in.</summary>
internal sealed class HetznerException : Exception
{
    internal HetznerException(HetznerFault kind, string call, Exception? cause = null)
        : base(null, cause)
    {
        Kind = kind;
        Call = call;
    }

    public HetznerFault Kind { get; }

    /// <summary>Name of the call, such as <c>rrsets.create</c>.</summary>
    public string Call { get; }

    public int? HttpStatus { get; internal init; }

    /// <summary>True when a call that changes something may have taken effect although it failed: look before repeating it.</summary>
    public bool MayHaveHappened { get; internal init; }

    /// <summary>Hetzner's error code and the names of refused members; bounded, and safe to log.</summary>
    public string? Diagnostic { get; internal init; }

    /// <summary>Whether the token is known to be one that may only read.</summary>
    internal bool IsReadOnlyToken { get; init; }

    public override string Message => CallFailure.MessageOf(Call, Sentence, HttpStatus, Diagnostic);

    private string Sentence => Kind switch
    {
        HetznerFault.Unreachable => "Hetzner cannot be reached.",
        HetznerFault.TimedOut => "Hetzner did not answer in time.",
        HetznerFault.TokenRefused => "Hetzner refused the API token.",
        HetznerFault.PermissionDenied => "The API token lacks the right for this.",
        HetznerFault.NotFound => "Hetzner does not know this zone or record set in the token's project.",
        HetznerFault.Conflict => "It exists already, or was changed at the same moment.",
        HetznerFault.Locked => "Another change of this zone is still running.",
        HetznerFault.Protected => "It is protected against changes.",
        HetznerFault.WrongZoneMode => "It is a secondary zone, whose records are kept elsewhere.",
        HetznerFault.Invalid => "Hetzner found the request invalid.",
        HetznerFault.Rejected => "Hetzner turned the request down.",
        HetznerFault.RateLimited => "The project's quota of requests is used up at the moment.",
        HetznerFault.ActionFailed => "Hetzner accepted the change and then failed to make it.",
        HetznerFault.ServerError => "Hetzner's API failed.",
        HetznerFault.Unreadable => "Hetzner's answer was not understood.",
        _ => "The call failed.",
    };
}
