using AiStackDeployer.Core.Deployments;
using Microsoft.EntityFrameworkCore;

namespace AiStackDeployer.Core.Persistence;

/// <summary>The change of a stack's owner, in one transaction.</summary>
internal static class HandoverStore
{
    /// <returns>The answer, and the newest operation on the stack where its owner changed.</returns>
    public static async Task<(HandoverResult Result, string? LastDeploymentId)> HandOverAsync(
        IDbContextFactory<PortalDbContext> contexts, string stackId, string personId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        // The key under which operations begin on this stack.
        await using var transaction = await db.BeginWriteAsync([stackId], cancellationToken);
        if (await db.People.Where(p => p.Id == personId).Select(p => p.Name).SingleOrDefaultAsync(cancellationToken) is not { } name)
        {
            return (new HandoverResult.PersonNotFound(), null);
        }
        var stacks = db.Stacks.Where(s => s.Id == stackId && s.ReleasedAt == null);
        if (await stacks.AsNoTracking().SingleOrDefaultAsync(cancellationToken) is not { } stack)
        {
            return (new HandoverResult.NotFound(), null);
        }
        var deployments = db.Deployments.Where(d => d.StackId == stackId);
        if (await DeploymentStore.Active(deployments).Select(d => d.Id).FirstOrDefaultAsync(cancellationToken) is { } active)
        {
            return (new HandoverResult.Busy(active), null);
        }
        // A claim of the name takes another lock: the version tells whether one was quicker.
        var changed = await stacks.Where(s => s.Version == stack.Version).ExecuteUpdateAsync(
            set => set.SetProperty(s => s.OwnerId, personId).SetProperty(s => s.Version, s => s.Version + 1), cancellationToken);
        if (changed == 0)
        {
            return (new HandoverResult.Busy(stack.LastDeploymentId), null);
        }
        // An owner's request ids are unique, and the new owner may have used the same one.
        await deployments.Where(d => db.Deployments.Any(own => own.OwnerId == personId && own.RequestId == d.RequestId && own.StackId != stackId))
            .ExecuteUpdateAsync(set => set.SetProperty(d => d.RequestId, d => d.RequestId + ":" + d.Id), cancellationToken);
        await deployments.ExecuteUpdateAsync(
            set => set.SetProperty(d => d.OwnerId, personId).SetProperty(d => d.Version, d => d.Version + 1), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return (new HandoverResult.Done(stack.OwnerId, name), stack.LastDeploymentId);
    }
}
