using System.Globalization;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Core.Notices;

/// <summary>An operation that has ended, as far as it matters here.</summary>
public sealed record EndedOperation(
    string Id, Operation Operation, DeploymentPhase Phase, OperationCause Cause, DeploymentFailure? Failure, StackChange? Change, string StackId, string StackName,
    string OwnerId, DateTimeOffset FinishedAt);

/// <summary>Decides what of all that is stored is worth a notice. Knows neither the clock nor the database.</summary>
public static class NoticeRule
{
    /// <summary>A restart of the container, or of the proxy in front of it, is over by then.</summary>
    public static readonly TimeSpan SilentFor = TimeSpan.FromMinutes(5);

    /// <summary>Null = nobody need be told.</summary>
    public static Notice? Of(EndedOperation ended)
    {
        var isByPerson = ended.Cause == OperationCause.Person;
        NoticeCause? cause = ended.Phase switch
        {
            DeploymentPhase.Failed when ended.Operation == OperationCatalog.Redeploy && !isByPerson => NoticeCause.UpdateFailed,
            // That the portal could not stop an unused stack harms nobody who uses it.
            DeploymentPhase.Failed when isByPerson || ended.Operation.RemovesStack => NoticeCause.OperationFailed,
            DeploymentPhase.Completed when ended.Operation == OperationCatalog.Redeploy && !isByPerson => NoticeCause.Updated,
            DeploymentPhase.Completed when ended.Operation == OperationCatalog.ScheduleDeletion => NoticeCause.DeletionScheduled,
            // Who typed the name to delete it for good has seen it.
            DeploymentPhase.Completed when ended.Operation.RemovesStack && !isByPerson => NoticeCause.Deleted,
            _ => null,
        };
        return cause is not { } found ? null : new Notice(found, ended.StackId, ended.StackName, ended.OwnerId, ended.FinishedAt)
        {
            Operation = ended.Operation.Name, DeploymentId = ended.Id, Failure = ended.Failure?.Code, Until = ended.Change?.RemoveAt, Image = ended.Change?.Image,
        };
    }

    /// <summary>What the columns of a stack tell that has a name.</summary>
    /// <param name="announced">The detail of the newest line that announced something; null = there is none.</param>
    public static IEnumerable<Notice> Of(Stack stack, string? announced)
    {
        if (stack.State == StackState.Ready && stack.Health is { Since: { } silentSince } health && health.IsFailing())
        {
            yield return New(NoticeCause.NotAnswering, silentSince + SilentFor);
        }
        if (stack.State == StackState.Ready && stack.IdleWarnedAt is { } idle)
        {
            yield return New(NoticeCause.StopAnnounced, idle) with { Until = Moment(announced) };
        }
        if (stack.State is StackState.Ready or StackState.Stopped && stack.ExpiryWarnedAt is { } expiry)
        {
            yield return New(NoticeCause.DeletionAnnounced, expiry) with { Until = Moment(announced) };
        }

        Notice New(NoticeCause cause, DateTimeOffset at) => new(cause, stack.Id, stack.Name.Value, stack.OwnerId, at) { DeploymentId = stack.LastDeploymentId };
    }

    private static DateTimeOffset? Moment(string? detail) =>
        DateTimeOffset.TryParse(detail, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var at) ? at : null;
}
