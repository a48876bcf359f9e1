using AiStackDeployer.Core.Naming;

namespace AiStackDeployer.Web.Api;

/// <summary>One thing that can go wrong, as a program may rely on it. Neither number nor code ever changes its meaning.</summary>
internal sealed record ProblemKind(int Status, string Code)
{
    /// <summary>When trying again makes sense, where waiting is what helps.</summary>
    public int? RetryAfterSeconds { get; init; }
}

/// <summary>Every problem that the API answers with. The sentence of each lies under its code in ProblemTexts or NameTexts.</summary>
internal static class ProblemKinds
{
    public static readonly ProblemKind MalformedRequest = new(400, "malformed-request");
    public static readonly ProblemKind ParameterInvalid = new(400, "parameter-invalid");
    public static readonly ProblemKind ConfirmationDiffers = new(400, "confirmation-differs");
    public static readonly ProblemKind IdempotencyKeyInvalid = new(400, "idempotency-key-invalid");
    public static readonly ProblemKind IdempotencyKeyReused = new(422, "idempotency-key-reused");
    public static readonly ProblemKind NotAllowed = new(403, "not-allowed");
    public static readonly ProblemKind NotOwner = new(403, "not-owner");
    public static readonly ProblemKind HostNotAllowed = new(403, "host-not-allowed");
    public static readonly ProblemKind OriginNotAllowed = new(403, "origin-not-allowed");
    public static readonly ProblemKind NotFound = new(404, "not-found");
    public static readonly ProblemKind DeploymentNotFound = new(404, "deployment-not-found");
    public static readonly ProblemKind StackNotFound = new(404, "stack-not-found");
    public static readonly ProblemKind MethodNotAllowed = new(405, "method-not-allowed");
    public static readonly ProblemKind TooSlow = new(408, "too-slow");
    public static readonly ProblemKind NameTaken = new(409, "name-taken");
    public static readonly ProblemKind NameTakenByYou = new(409, "name-taken-by-you");

    /// <summary>A form's hold lasts this long when it is not renewed.</summary>
    public static readonly ProblemKind NameBeingChosen = new(409, "name-being-chosen") { RetryAfterSeconds = 120 };

    public static readonly ProblemKind DeploymentEnded = new(409, "deployment-ended");
    public static readonly ProblemKind CannotBeCancelled = new(409, "cannot-be-cancelled");
    public static readonly ProblemKind CannotBeRetried = new(409, "cannot-be-retried");
    public static readonly ProblemKind RetryNotNeeded = new(409, "retry-not-needed");
    public static readonly ProblemKind StackDiffers = new(409, "stack-differs");
    public static readonly ProblemKind StackBusy = new(409, "stack-busy") { RetryAfterSeconds = 10 };
    /// <summary>What HTTP itself refuses and nothing here has a word for; the status differs.</summary>
    public static readonly ProblemKind Refused = new(400, "refused");

    public static readonly ProblemKind TooLarge = new(413, "too-large");
    public static readonly ProblemKind UnsupportedMediaType = new(415, "unsupported-media-type");
    public static readonly ProblemKind InternalError = new(500, "internal-error");
    public static readonly ProblemKind CredentialsUnreadable = new(500, "credentials-unreadable");
    public static readonly ProblemKind StorageUnavailable = new(503, "storage-unavailable") { RetryAfterSeconds = 5 };

    /// <summary>A broken rule of names.</summary>
    public static ProblemKind Of(NameFault fault) => new(400, fault.ToCode());

    /// <summary>What a status means when no endpoint explained it.</summary>
    public static ProblemKind OfStatus(int status) => status switch
    {
        400 => MalformedRequest,
        401 or 403 => NotAllowed with { Status = status },
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
