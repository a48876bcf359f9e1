using AiStackDeployer.Core.Naming;

namespace AiStackDeployer.Web.Api;

/// <summary>One thing that can go wrong. Neither status nor code ever changes its meaning: programs switch on them.</summary>
/// <param name="When">For the OpenAPI document; the sentence for callers lies under the code in ProblemTexts or NameTexts.</param>
internal sealed record ProblemKind(int Status, string Code, string When)
{
    /// <summary>Only where waiting helps.</summary>
    public int? RetryAfterSeconds { get; init; }
}

internal static class ProblemKinds
{
    public static readonly ProblemKind MalformedRequest = new(400, "malformed-request", "The body is not JSON with what the call needs.");
    public static readonly ProblemKind ParameterInvalid = new(400, "parameter-invalid", "A parameter has a value that it cannot have; `parameter` names it.");
    public static readonly ProblemKind ConfirmationDiffers = new(400, "confirmation-differs", "`confirm` is missing, or is not the stack's name.");
    public static readonly ProblemKind VariableRefused = new(400, "variable-refused", "A stack cannot have a variable of this name or value, or so many; `detail` says which.");
    public static readonly ProblemKind IdempotencyKeyInvalid =
        new(400, "idempotency-key-invalid", "The Idempotency-Key is empty, too long or has invisible characters.");
    public static readonly ProblemKind IdempotencyKeyReused = new(422, "idempotency-key-reused", "The caller used this Idempotency-Key for another name.");
    public static readonly ProblemKind NotSignedIn = new(401, "not-signed-in", "The caller sends neither a token nor the cookie of a session, or one that is over.");
    public static readonly ProblemKind NotAllowed =
        new(403, "not-allowed", "The caller's role does not reach so far, or their token lacks the scope. (With `AUTH=none` everybody is an administrator.)");
    public static readonly ProblemKind NotOwner = new(403, "not-owner", "The caller is not the stack's owner, or their token lacks the scope `credentials`.");
    public static readonly ProblemKind HostNotAllowed =
        new(403, "host-not-allowed", "The portal is called by a name that its operator has not given it (`PUBLIC_URL`, `ALLOWED_HOSTS`).");
    public static readonly ProblemKind OriginNotAllowed =
        new(403, "origin-not-allowed", "The caller is a web page that is neither the portal's own nor of `CORS_ORIGINS`.");
    public static readonly ProblemKind NotFound = new(404, "not-found", "Nothing is at this address.");
    public static readonly ProblemKind DeploymentNotFound = new(404, "deployment-not-found", "No deployment has this id.");
    public static readonly ProblemKind StackNotFound = new(404, "stack-not-found", "No stack has this name now.");
    public static readonly ProblemKind PersonNotFound = new(404, "person-not-found", "Nobody with this id has ever signed in.");
    public static readonly ProblemKind MethodNotAllowed = new(405, "method-not-allowed", "The address takes other methods; the header `Allow` names them.");
    public static readonly ProblemKind TooSlow = new(408, "too-slow", "The body came too slowly.");
    public static readonly ProblemKind NameTaken = new(409, "name-taken", "Somebody else has the name, here or in Dokploy; `suggestions` are free.");
    public static readonly ProblemKind NameTakenByYou = new(409, "name-taken-by-you", "The caller's own stack has the name; `deploymentId` leads to it.");
    public static readonly ProblemKind NameBeingChosen =
        new(409, "name-being-chosen", "Somebody else's form holds the name; a hold ends after two minutes.") { RetryAfterSeconds = 120 };
    public static readonly ProblemKind DeploymentEnded = new(409, "deployment-ended", "The deployment has already ended.");
    public static readonly ProblemKind CannotBeCancelled = new(409, "cannot-be-cancelled", "It is the deletion of a stack, or something else that is done to one and runs already: it goes on to its end.");
    public static readonly ProblemKind CannotBeRetried =
        new(409, "cannot-be-retried", "The stack has since been deleted, or is being deleted; `deploymentId` leads to its deletion.");
    public static readonly ProblemKind RetryNotNeeded =
        new(409, "retry-not-needed", "The stack exists already, or is being made; `deploymentId` leads to it.");
    public static readonly ProblemKind QuotaReached =
        new(409, "quota-reached", "The owner has as many stacks as they may have; failed ones do not count.");
    public static readonly ProblemKind StackDiffers = new(409, "stack-differs", "The name now belongs to another stack than `stackId` says.");
    public static readonly ProblemKind StackBusy =
        new(409, "stack-busy", "The stack is in a state in which this cannot begin, or something else is done to it; `deploymentId` leads to that.") { RetryAfterSeconds = 10 };
    public static readonly ProblemKind RolloutNotFound = new(404, "rollout-not-found", "The newest roll-out has another id; only that one can be changed.");
    public static readonly ProblemKind RolloutRefused = new(409, "rollout-refused", "Nothing was started; `detail` says why, and `parameter` the same as a word.");
    public static readonly ProblemKind RolloutNotNow = new(409, "rollout-not-now", "The roll-out is in a phase in which this is not possible.");
    public static readonly ProblemKind Refused =
        new(400, "refused", "HTTP itself does not allow the call; also with another status from 400 to 499 that is not listed here.");
    public static readonly ProblemKind TooLarge = new(413, "too-large", "The body is larger than 4 MB.");
    public static readonly ProblemKind UnsupportedMediaType = new(415, "unsupported-media-type", "The body is not sent as application/json.");
    public static readonly ProblemKind TooManyRequests = new(429, "too-many-requests", "The caller asked too often in a short time; `Retry-After` says when to go on.");
    public static readonly ProblemKind TooManyStreams =
        new(429, "too-many-streams", "The caller, or everybody together, follows as many streams as there is room for.") { RetryAfterSeconds = 30 };
    public static readonly ProblemKind InternalError = new(500, "internal-error", "A fault of the portal.");
    public static readonly ProblemKind CredentialsUnreadable = new(500, "credentials-unreadable", "The portal's encryption keys were replaced.");
    public static readonly ProblemKind StorageUnavailable =
        new(503, "storage-unavailable", "The portal's database is locked, full or away.") { RetryAfterSeconds = 5 };
    public static readonly ProblemKind UnderMaintenance =
        new(503, "under-maintenance", "Nothing new begins while the portal is under maintenance; what runs goes on. `Retry-After` says for how long.");
    public static readonly ProblemKind LogsUnavailable =
        new(503, "logs-unavailable", "Neither the log ingest nor Dokploy answers, or the log ingest does not and a cursor is its own.") { RetryAfterSeconds = 10 };

    /// <summary>Every call that reads or writes the database may end in these.</summary>
    public static readonly ProblemKind[] Always = [InternalError, StorageUnavailable];

    /// <summary>Any address may answer with these, also one that does not exist.</summary>
    public static readonly ProblemKind[] Anywhere = [NotFound, MethodNotAllowed, TooSlow, Refused];

    public static readonly ProblemKind[] NameRules = [.. Enum.GetValues<NameFault>().Select(Of)];

    public static ProblemKind Of(NameFault fault) => new(400, fault.ToCode(), "The name breaks a rule; `detail` says which.");

    /// <summary>What a status means when no endpoint explained it.</summary>
    public static ProblemKind OfStatus(int status) => status switch
    {
        400 => MalformedRequest,
        401 => NotSignedIn,
        403 => NotAllowed,
        404 => NotFound,
        405 => MethodNotAllowed,
        408 => TooSlow,
        413 => TooLarge,
        415 => UnsupportedMediaType,
        503 => StorageUnavailable,
        >= 400 and < 500 => Refused with { Status = status },
        _ => InternalError with { Status = status },
    };
}
