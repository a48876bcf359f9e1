using System.Text.Json;
using AiStackDeployer.Core;
using AiStackDeployer.Core.Audit;
using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Core.Rollouts;

namespace AiStackDeployer.Web.Security;

/// <summary>What is written into the audit log: codes, never changed, because people filter by them.</summary>
internal static class AuditActions
{
    public const string SignIn = "sign-in";
    public const string SignOut = "sign-out";

    /// <summary>A person ended one of their own sessions.</summary>
    public const string EndSession = "session.end";

    public const string MakeToken = "token.make";
    public const string RevokeToken = "token.revoke";

    /// <summary>A person let an OAuth client act for them.</summary>
    public const string AllowClient = "client.allow";

    public const string RevokeClient = "client.revoke";
    public const string Retry = "deployment.retry";
    public const string Cancel = "deployment.cancel";

    /// <summary>An administrator ended an operation that did not move any more.</summary>
    public const string ForceEnd = "deployment.force-end";

    public const string ShowCredentials = "credentials.show";

    /// <summary>A ticket was made with which its owner goes into a stack.</summary>
    public const string OpenStack = "stack.open";

    /// <summary>A person opened the log of somebody else's stack.</summary>
    public const string ReadLog = "log.read";

    /// <summary>A person took the file with everything about a stack that helps to find out what is wrong with it.</summary>
    public const string TakeBundle = "support.bundle";

    public const string HandOver = "stack.handover";

    /// <summary>Somebody wants a stack to run for a while, whoever uses it.</summary>
    public const string KeepRunning = "stack.keep";

    /// <summary>A new label or description.</summary>
    public const string Describe = "stack.describe";

    public const string RepairDns = "dns.repair";

    /// <summary>A project of Dokploy's of which no stack is left was removed.</summary>
    public const string RemoveOrphan = "dokploy.remove-orphan";

    public const string SetLimit = "person.limit";

    /// <summary>An administrator ended all sessions and tokens of a person.</summary>
    public const string SignOutPerson = "person.sign-out";

    public const string BeginMaintenance = "maintenance.begin";
    public const string EndMaintenance = "maintenance.end";
    public const string SetNotice = "notice.set";
    public const string RemoveNotice = "notice.remove";
    public const string SetPolicies = "policies.set";
    public const string StartRollout = "rollout.start";

    /// <summary>A person chose how they are told what happens to their stacks.</summary>
    public const string SetOwnNotices = "own-notices.set";

    /// <summary>In the order in which a filter offers them.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        SignIn, SignOut, EndSession, MakeToken, RevokeToken, AllowClient, RevokeClient, .. OperationCatalog.All.Select(Begin), Retry, Cancel, ForceEnd, OpenStack, ShowCredentials, ReadLog, TakeBundle, Describe, HandOver, KeepRunning,
        SignOutPerson, SetLimit, RepairDns, RemoveOrphan, BeginMaintenance, EndMaintenance, SetNotice, RemoveNotice, SetPolicies, SetOwnNotices, StartRollout, .. Enum.GetValues<RolloutAct>().Select(Of),
    ];

    /// <summary>Such as <c>rollout.go-back</c>.</summary>
    public static string Of(RolloutAct act) => $"rollout.{JsonNamingPolicy.KebabCaseLower.ConvertName(act.ToString())}";

    /// <summary>Such as <c>stack.deploy</c>.</summary>
    public static string Begin(Operation operation) => $"stack.{operation.Name}";
}

/// <summary>
/// Writes the audit log for whoever acts: into the database, and as lines of the portal's own log in a category of their own, which an
/// OTLP endpoint receives like any other line.
/// </summary>
internal sealed partial class AuditTrail(IAuditLog log, Ids ids, TimeProvider time, ILoggerFactory loggers)
{
    /// <summary>Passes at any <c>LOG_LEVEL</c> to where logs are sent.</summary>
    public const string Category = "AiStackDeployer.Audit";

    private readonly ILogger _events = loggers.CreateLogger(Category);
    private readonly ILogger _logger = loggers.CreateLogger<AuditTrail>();

    /// <summary>What was done is done: that it cannot be written down now is a line of the portal's own log.</summary>
    public async Task RecordAsync(
        Actor actor, string action, AuditOutcome outcome, string? targetId = null, string? targetName = null, string? ownerId = null, string? detail = null)
    {
        var entry = new AuditEntry
        {
            Id = ids.NewAuditId(), At = time.GetUtcNow(), ActorId = actor.PersonId, ActorName = actor.Name, Way = actor.Way, Address = actor.Address,
            TokenName = actor.TokenName, Action = action, TargetId = targetId, TargetName = targetName,
            OwnerId = ownerId == actor.PersonId ? null : ownerId, Outcome = outcome, Detail = detail,
        };
        Happened(
            _events, entry.Id, entry.Action, entry.Outcome, entry.ActorId, entry.ActorName, entry.Way, entry.Address, entry.TokenName,
            entry.TargetId, entry.TargetName, entry.OwnerId, entry.Detail);
        try
        {
            await log.WriteAsync(entry, CancellationToken.None);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            NotWritten(_logger, e, entry.Id, action);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message =
        "Audit {AuditId}: {Action} {Outcome} by {ActorId} ({ActorName}) over {Way} from {Address} with token {TokenName} on {TargetId} ({TargetName}) of {OwnerId}: {Detail}")]
    private static partial void Happened(
        ILogger logger, string auditId, string action, AuditOutcome outcome, string? actorId, string? actorName, AuditWay way, string? address, string? tokenName,
        string? targetId, string? targetName, string? ownerId, string? detail);

    [LoggerMessage(Level = LogLevel.Error, Message = "The audit log could not be written, {AuditId} ({Action}) is missing from it")]
    private static partial void NotWritten(ILogger logger, Exception e, string auditId, string action);
}
