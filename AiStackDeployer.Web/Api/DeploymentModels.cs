using AiStackDeployer.Core.Deployments;

namespace AiStackDeployer.Web.Api;

/// <summary>A deployment (or the deletion of a stack), and the data of each progress, complete and error event of its stream.</summary>
public sealed record StatusAnswer
{
    /// <summary>The deployment's id.</summary>
    public required string DeploymentId { get; init; }

    /// <summary>The stack it makes. Absent in a stream's progress events of the past.</summary>
    public string? StackId { get; init; }

    /// <summary>The stack's name.</summary>
    public required string Name { get; init; }

    /// <summary>The stack's address.</summary>
    public required string Url { get; init; }

    /// <summary>The address of the stack's web terminal; absent when stacks have none.</summary>
    public string? TerminalUrl { get; init; }

    /// <summary>What is done to the stack, e.g. `deploy` or `delete`; more kinds may come.</summary>
    public required string Kind { get; init; }

    /// <summary>The last three are final. A deployment that cleans up keeps the status it had, and has its `error` already.</summary>
    public required DeploymentStatus Status { get; init; }

    /// <summary>0-100, never lower than before; 100 only when completed.</summary>
    public required int Progress { get; init; }

    /// <summary>What happens now, or how it ended: a sentence in the caller's language.</summary>
    public required string CurrentStep { get; init; }

    /// <summary>1 = next; only while it waits in the portal's line.</summary>
    public int? PlaceInLine { get; init; }

    /// <summary>1 = next; only while Dokploy works on others first.</summary>
    public int? PlaceInDokploy { get; init; }

    /// <summary>When Dokploy began with the one that it works on, while this one waits behind it; absent when it does not say.</summary>
    public DateTimeOffset? DokployBusySince { get; init; }

    /// <summary>All planned steps in order, and the clean-up when there is one.</summary>
    public IReadOnlyList<StepAnswer>? Steps { get; init; }

    /// <summary>Why it did not succeed, from the moment that is known.</summary>
    public StatusError? Error { get; init; }

    /// <summary>When it was asked for.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>When its turn came.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>Whether the web terminal answered; absent when it was not asked (yet).</summary>
    public bool? TerminalAnswers { get; init; }

    /// <summary>The named volumes that stay on the server when what had them was removed; absent when there are none.</summary>
    public IReadOnlyList<string>? KeptVolumes { get; init; }

    /// <summary>When the stack was gone; absent while it is not.</summary>
    public DateTimeOffset? StackDeletedAt { get; init; }

    /// <summary>Stands in every line of the portal's log about this deployment.</summary>
    public string? TraceId { get; init; }
}

/// <summary>One step of a deployment.</summary>
/// <param name="Step">Which one.</param>
/// <param name="Outcome">How far it is.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="EndedAt">When it ended.</param>
public sealed record StepAnswer(
    DeploymentStep Step,
    StepOutcome Outcome,
    DateTimeOffset? StartedAt,
    DateTimeOffset? EndedAt);

/// <summary>Why a deployment did not succeed.</summary>
/// <param name="Code">Stable, to be switched on: a failure's code, or `cancelled`.</param>
/// <param name="Message">The reason, in the caller's language.</param>
/// <param name="Remedy">What can be done about it.</param>
/// <param name="Step">Where it happened.</param>
/// <param name="Log">What Docker or the container said, without secrets.</param>
/// <param name="LeftBehind">What could not be removed, by name; absent when nothing is left.</param>
public sealed record StatusError(
    string Code,
    string Message,
    string? Remedy,
    DeploymentStep? Step,
    IReadOnlyList<string>? Log,
    IReadOnlyList<string>? LeftBehind);

/// <summary>A page of deployments, newest first.</summary>
/// <param name="Items">The rows.</param>
/// <param name="Total">How many match in all.</param>
/// <param name="Skip">How many were left out before these.</param>
/// <param name="Take">How many were asked for.</param>
/// <param name="Next">The address of the next page; absent on the last one.</param>
public sealed record DeploymentListAnswer(IReadOnlyList<StatusAnswer> Items, int Total, int Skip, int Take, string? Next);

/// <summary>A part of a deployment's events, oldest first.</summary>
/// <param name="Items">The events.</param>
/// <param name="Ended">Whether the deployment has ended and nothing comes after these.</param>
/// <param name="Next">The address of what comes after these, when there is more already.</param>
public sealed record EventListAnswer(IReadOnlyList<EventAnswer> Items, bool Ended, string? Next);

/// <summary>One event of a deployment.</summary>
/// <param name="Id">1 for the first, without gaps; the same ids as in the stream.</param>
/// <param name="At">When it happened.</param>
/// <param name="Type">`complete` and `error` are the last of a deployment.</param>
/// <param name="Status">The deployment's status as of this event.</param>
/// <param name="Step">The step as of this event.</param>
/// <param name="Progress">0-100 as of this event.</param>
/// <param name="Message">A sentence in the caller's language, or a line of Docker's own.</param>
/// <param name="Code">Why the deployment fails, from the event on in which that is known.</param>
public sealed record EventAnswer(
    long Id,
    DateTimeOffset At,
    DeploymentEventKind Type,
    DeploymentStatus Status,
    DeploymentStep Step,
    int Progress,
    string Message,
    string? Code);

/// <summary>A deployment's log.</summary>
/// <param name="DeploymentId">The deployment's id.</param>
/// <param name="Items">All lines, oldest first.</param>
public sealed record LogListAnswer(string DeploymentId, IReadOnlyList<LogAnswer> Items);

/// <summary>One line of the log, and the data of a stream's log event.</summary>
/// <param name="At">When it happened.</param>
/// <param name="Message">A sentence in the caller's language, or a line of Docker's own.</param>
public sealed record LogAnswer(DateTimeOffset At, string Message);

/// <summary>Why a deployment is where it is, what that rests on, and what can be done.</summary>
/// <param name="DeploymentId">Which one.</param>
/// <param name="Name">The stack's name.</param>
/// <param name="Status">As in the deployment itself.</param>
/// <param name="Code">Stable, to be switched on: the failure's code, or what is the matter, e.g. <c>waiting-in-dokploy</c>.</param>
/// <param name="Cause">A sentence in the caller's language.</param>
/// <param name="Advice">What can be done, in the caller's language.</param>
/// <param name="NeedsAdministrator">Whether trying again is of no use before an administrator did something.</param>
/// <param name="Evidence">Facts, one a line.</param>
/// <param name="RawLines">What Docker or the container said, masked.</param>
/// <param name="Log">The last lines of the log.</param>
/// <param name="TraceId">What all log lines of the portal about this deployment carry; 32 hex digits.</param>
public sealed record DiagnosisAnswer(
    string DeploymentId,
    string Name,
    DeploymentStatus Status,
    string Code,
    string Cause,
    string Advice,
    bool NeedsAdministrator,
    IReadOnlyList<string> Evidence,
    IReadOnlyList<string>? RawLines,
    IReadOnlyList<LogAnswer> Log,
    string TraceId);
