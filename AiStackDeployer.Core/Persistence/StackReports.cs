using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Core.Stacks;
using Microsoft.EntityFrameworkCore;

namespace AiStackDeployer.Core.Persistence;

/// <summary>Questions over many stacks and deployments.</summary>
internal static class StackReports
{
    public static async Task<PortalFigures> FiguresAsync(
        PortalDbContext db, DateTimeOffset today, DateTimeOffset sevenDaysAgo, CancellationToken cancellationToken)
    {
        var stacks = db.Stacks.Where(s => s.ReleasedAt == null && s.State == StackState.Ready);
        var ready = await stacks.CountAsync(cancellationToken);
        var notAnswering = await stacks.CountAsync(
            s => s.Health.State == HealthState.NotAnswering || s.Health.State == HealthState.Missing, cancellationToken);
        var inProgress = await DeploymentStore.Active(db.Deployments).CountAsync(cancellationToken);
        // A deletion that went well is no stack that did.
        var deployments = db.Deployments.Where(d => d.Operation == OperationCatalog.Deploy);
        var completed = await deployments.CountAsync(
            d => d.Phase == DeploymentPhase.Completed && d.FinishedAt >= sevenDaysAgo, cancellationToken);
        var failed = await deployments.CountAsync(
            d => d.Phase == DeploymentPhase.Failed && d.FinishedAt >= sevenDaysAgo, cancellationToken);
        var times = await deployments
            .Where(d => d.Phase == DeploymentPhase.Completed && d.FinishedAt >= today)
            .Select(d => new { d.CreatedAt, FinishedAt = d.FinishedAt!.Value })
            .ToListAsync(cancellationToken);
        return new PortalFigures(
            ready,
            notAnswering,
            inProgress,
            times.Count == 0 ? null : DurationLearner.Percentile([.. times.Select(t => t.FinishedAt - t.CreatedAt)], 0.95),
            completed + failed == 0 ? null : (double)completed / (completed + failed));
    }

    public static async Task<ActiveFigures> ActiveAsync(PortalDbContext db, CancellationToken cancellationToken)
    {
        var groups = await DeploymentStore.Active(db.Deployments).GroupBy(d => new { d.Operation, d.Phase })
            .Select(g => new { g.Key.Operation, g.Key.Phase, Count = g.Count(), Oldest = g.Min(d => d.CreatedAt) })
            .ToListAsync(cancellationToken);
        var stacks = await db.Stacks.Where(s => s.ReleasedAt == null).GroupBy(s => new { s.State, Health = s.Health.State })
            .Select(g => new { g.Key.State, g.Key.Health, Count = g.Count() })
            .ToListAsync(cancellationToken);
        return new ActiveFigures(
            [.. groups.Select(g => new ActiveCount(g.Operation, g.Phase, g.Count))],
            groups.Where(g => g.Phase == DeploymentPhase.Queued).Min(g => (DateTimeOffset?)g.Oldest),
            [.. stacks.Select(s => new StackCount(s.State, s.Health, s.Count))]);
    }

    public static async Task<IReadOnlyList<PastRun>> PastRunsAsync(
        PortalDbContext db, Operation operation, int runs, CancellationToken cancellationToken)
    {
        var past = await db.Deployments.AsNoTracking()
            .Where(d => d.Operation == operation && d.Phase == DeploymentPhase.Completed && d.StartedAt != null)
            // An id begins with its moment: the primary key is read backwards until there are enough, and nothing is sorted.
            .OrderByDescending(d => d.Id).Take(runs)
            .Include(d => d.Steps)
            .ToListAsync(cancellationToken);
        return [.. past.Select(d => new PastRun(
            d.FinishedAt!.Value - d.StartedAt!.Value,
            d.Steps.Where(s => s is { Outcome: StepOutcome.Done, EndedAt: not null, Attempts: <= 1 })
                .ToDictionary(s => s.Index, s => s.EndedAt!.Value - s.StartedAt)))];
    }

    public static async Task<IReadOnlyList<DeploymentEvent>> LooksAsync(PortalDbContext db, string stackId, int take, CancellationToken cancellationToken)
    {
        var rows = await db.DeploymentEvents.AsNoTracking()
            .Where(e => db.Deployments.Any(d => d.Id == e.DeploymentId && d.StackId == stackId))
            .Where(e => e.Log == LogCode.StackSilent || e.Log == LogCode.StackMissing || e.Log == LogCode.StackAnswers)
            .OrderByDescending(e => e.At).ThenByDescending(e => e.Sequence).Take(take)
            .ToListAsync(cancellationToken);
        rows.Reverse();
        return rows;
    }

    public static async Task<IReadOnlyList<TroubledStack>> TroubledAsync(PortalDbContext db, CancellationToken cancellationToken)
    {
        var rows = await db.Stacks.AsNoTracking().Where(s => s.ReleasedAt == null)
            .Join(db.Deployments, s => s.LastDeploymentId, d => d.Id, (s, d) => new { s, d })
            .Where(r => r.d.Phase == DeploymentPhase.Failed || r.s.State == StackState.Failed || r.s.State == StackState.DeleteFailed
                || (r.s.State == StackState.Ready && (r.s.Health.State == HealthState.NotAnswering || r.s.Health.State == HealthState.Missing)))
            .Select(r => new
            {
                r.s.Id, r.s.Name, DeploymentId = r.d.Id, r.s.State, r.s.Health, r.s.FailedAt, r.d.Phase, r.d.Failure, r.d.FinishedAt,
            })
            .ToListAsync(cancellationToken);
        return
        [
            .. rows.Select(r =>
            {
                var hasFailed = r.Phase == DeploymentPhase.Failed || r.State is StackState.Failed or StackState.DeleteFailed;
                return new TroubledStack(
                    r.Id, r.Name, r.DeploymentId, r.State, r.Health, hasFailed, hasFailed ? r.Failure?.Code : null, hasFailed ? r.FinishedAt ?? r.FailedAt : null);
            }),
        ];
    }

    public static async Task<IReadOnlyList<EndedDeployment>> EndedAsync(PortalDbContext db, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var rows = await db.Deployments.AsNoTracking()
            .Where(d => d.Operation == OperationCatalog.Deploy && d.FinishedAt >= since
                && (d.Phase == DeploymentPhase.Completed || d.Phase == DeploymentPhase.Failed))
            .Select(d => new { d.CreatedAt, FinishedAt = d.FinishedAt!.Value, d.Phase })
            .ToListAsync(cancellationToken);
        return [.. rows.Select(r => new EndedDeployment(r.CreatedAt, r.FinishedAt, r.Phase == DeploymentPhase.Completed))];
    }

    public static async Task<IReadOnlyList<ImageCount>> ImagesAsync(PortalDbContext db, CancellationToken cancellationToken)
    {
        var rows = await db.Stacks.Where(s => s.ReleasedAt == null).GroupBy(s => s.Image).Select(g => new { g.Key, Count = g.Count() }).ToListAsync(cancellationToken);
        return [.. rows.OrderByDescending(r => r.Count).ThenBy(r => r.Key, StringComparer.Ordinal).Select(r => new ImageCount(r.Key, r.Count))];
    }
}
