using AiStackDeployer.Core;
using AiStackDeployer.Core.Audit;
using AiStackDeployer.Core.Deployments;

namespace AiStackDeployer.Web.Security;

/// <summary>What is written into the audit log: codes, never changed, as they are filtered by.</summary>
internal static class AuditActions
{
    public const string SignIn = "sign-in";
    public const string SignOut = "sign-out";
    public const string SessionEnd = "session.end";
    public const string TokenMake = "token.make";
    public const string TokenRevoke = "token.revoke";
    public const string ClientAllow = "client.allow";
    public const string ClientRevoke = "client.revoke";
}

/// <summary>Writes the audit log for whoever acts.</summary>
internal sealed partial class AuditTrail(IAuditLog log, Ids ids, TimeProvider time, ILogger<AuditTrail> logger)
{
    /// <summary>What was done is done: that it cannot be written down now is a line of the portal's own log.</summary>
    public async Task RecordAsync(
        Actor actor, string action, AuditOutcome outcome, string? targetId = null, string? targetName = null, string? ownerId = null, string? detail = null)
    {
        try
        {
            await log.WriteAsync(
                new AuditEntry
                {
                    Id = ids.NewAuditId(), At = time.GetUtcNow(), ActorId = actor.PersonId, ActorName = actor.Name, Way = actor.Way, Address = actor.Address,
                    TokenName = actor.TokenName, Action = action, TargetId = targetId, TargetName = targetName,
                    OwnerId = ownerId == actor.PersonId ? null : ownerId, Outcome = outcome, Detail = detail,
                },
                CancellationToken.None);
        }
        catch (StorageUnavailableException e)
        {
            NotWritten(action, actor.PersonId, targetId, e.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The audit log could not be written: {Action} by {ActorId} on {TargetId}: {Reason}")]
    private partial void NotWritten(string action, string? actorId, string? targetId, string reason);
}
