using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Notices;
using AiStackDeployer.Core.Stacks;
using Microsoft.EntityFrameworkCore;

namespace AiStackDeployer.Core.Persistence;

/// <summary>What happened to stacks, out of the operations that ended and the stacks' own columns.</summary>
internal sealed class NoticeFacts(IDbContextFactory<PortalDbContext> contexts, StorageMeter storage) : INoticeSource, IStackOwners
{
    public Task<IReadOnlyList<Notice>> ReadAsync(DateTimeOffset since, DateTimeOffset until, CancellationToken cancellationToken) =>
        storage.RepeatAsync<IReadOnlyList<Notice>>(async () =>
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            var ended = await db.Deployments.AsNoTracking()
                .Where(d => d.FinishedAt > since && d.FinishedAt <= until)
                .Select(d => new { d.Id, d.Operation, d.Phase, d.Cause, d.Failure, d.Change, d.StackId, d.Name, d.OwnerId, d.FinishedAt })
                .ToListAsync(cancellationToken);
            var silentSince = since - NoticeRule.SilentFor;
            var silentUntil = until - NoticeRule.SilentFor;
            var told = await db.Stacks.AsNoTracking()
                .Where(s => s.ReleasedAt == null)
                .Where(s => (s.IdleWarnedAt > since && s.IdleWarnedAt <= until) || (s.ExpiryWarnedAt > since && s.ExpiryWarnedAt <= until)
                    || ((s.Health.State == HealthState.NotAnswering || s.Health.State == HealthState.Missing)
                        && s.Health.Since > silentSince && s.Health.Since <= silentUntil))
                .Select(s => new
                {
                    Stack = s,
                    Announced = db.DeploymentEvents
                        .Where(e => e.DeploymentId == s.LastDeploymentId && (e.Log == LogCode.StopAnnounced || e.Log == LogCode.DeletionAnnounced))
                        .OrderByDescending(e => e.Sequence).Select(e => e.Detail).FirstOrDefault(),
                })
                .ToListAsync(cancellationToken);
            return
            [
                .. ended.Select(d => NoticeRule.Of(new EndedOperation(
                    d.Id, d.Operation, d.Phase, d.Cause, d.Failure, d.Change, d.StackId, d.Name.Value, d.OwnerId, d.FinishedAt!.Value))).OfType<Notice>(),
                .. told.SelectMany(row => NoticeRule.Of(row.Stack, row.Announced)).Where(notice => notice.At > since && notice.At <= until),
            ];
        });

    public Task<IReadOnlyDictionary<string, string>> OwnersAsync(IReadOnlyCollection<string> stackIds, CancellationToken cancellationToken) =>
        storage.RepeatAsync<IReadOnlyDictionary<string, string>>(async () =>
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            return await db.Stacks.Where(s => stackIds.Contains(s.Id)).ToDictionaryAsync(s => s.Id, s => s.OwnerId, cancellationToken);
        });
}
