using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Core.Naming;
using AiStackDeployer.Core.Stacks;
using Microsoft.EntityFrameworkCore;

namespace AiStackDeployer.Core.Persistence;

// Translated to SQL, which knows no culture.
#pragma warning disable CA1304, CA1311

/// <summary>Questions over many stacks and deployments.</summary>
internal static class StackReports
{
    public static async Task<StackPage> ListAsync(PortalDbContext db, StackQuery query, CancellationToken cancellationToken)
    {
        var stacks = db.Stacks.AsNoTracking().Where(s => s.ReleasedAt == null);
        if (!string.IsNullOrWhiteSpace(query.Search))
        {
            // A zero byte, which PostgreSQL refuses, is in no name, and neither is a space.
            var part = query.Search.Trim().ToLowerInvariant().Replace('\0', ' ');
            stacks = stacks.Where(s => ((string)(object)s.Name).Contains(part));
        }
        if (query.States.Count > 0)
        {
            stacks = stacks.Where(s => query.States.Contains(s.State));
        }
        if (query.Healths.Count > 0)
        {
            stacks = stacks.Where(s => s.State == StackState.Ready && query.Healths.Contains(s.Health.State));
        }
        if (query.OwnerId is { } owner)
        {
            stacks = stacks.Where(s => s.OwnerId == owner);
        }
        if (query.WithoutPerson)
        {
            stacks = stacks.Where(s => !db.People.Any(p => p.Id == s.OwnerId));
        }
        var total = await stacks.CountAsync(cancellationToken);
        // Paged after the join: the order of what was paged before it is not promised to survive.
        var rows = await WithLast(db, Sorted(db, stacks, query).ThenBy(s => s.Name).ThenBy(s => s.Id))
            .Skip(query.Skip).Take(query.Take)
            .ToListAsync(cancellationToken);
        return new StackPage([.. rows.Select(RowOf)], total);
    }

    public static async Task<StackRow?> FindAsync(PortalDbContext db, StackName name, CancellationToken cancellationToken) =>
        await WithLast(db, db.Stacks.AsNoTracking().Where(s => s.Name == name && s.ReleasedAt == null))
            .SingleOrDefaultAsync(cancellationToken) is { } found
            ? RowOf(found)
            : null;

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

    private static IQueryable<StackWithLast> WithLast(PortalDbContext db, IQueryable<Stack> stacks) => stacks.Join(
        db.Deployments, s => s.LastDeploymentId, d => d.Id,
        (s, d) => new StackWithLast(s, d.Id, d.Operation, d.Phase, d.CurrentStep, d.Progress, d.Failure, d.KeptVolumes));

    private static StackRow RowOf(StackWithLast row) => new()
    {
        Stack = row.Stack, DeploymentId = row.Id, Operation = row.Operation, Phase = row.Phase, Step = row.Step, Progress = row.Progress, FailureCode = row.Failure?.Code,
        KeptVolumes = row.KeptVolumes ?? [],
    };

    private static IOrderedQueryable<Stack> Sorted(PortalDbContext db, IQueryable<Stack> stacks, StackQuery query) => (query.Sort, query.Descending) switch
    {
        (StackSort.Name, false) => stacks.OrderBy(s => s.Name),
        (StackSort.Name, true) => stacks.OrderByDescending(s => s.Name),
        // By what is shown: the name, or the id of who never signed in.
        (StackSort.Owner, false) => stacks.OrderBy(s => db.People.Where(p => p.Id == s.OwnerId).Select(p => p.Name.ToLower()).FirstOrDefault() ?? s.OwnerId),
        (StackSort.Owner, true) => stacks.OrderByDescending(s => db.People.Where(p => p.Id == s.OwnerId).Select(p => p.Name.ToLower()).FirstOrDefault() ?? s.OwnerId),
        (StackSort.State, false) => stacks.OrderBy(s => s.State),
        (StackSort.State, true) => stacks.OrderByDescending(s => s.State),
        (StackSort.Image, false) => stacks.OrderBy(s => s.Image),
        (StackSort.Image, true) => stacks.OrderByDescending(s => s.Image),
        (StackSort.Created, false) => stacks.OrderBy(s => s.CreatedAt),
        (StackSort.Created, true) => stacks.OrderByDescending(s => s.CreatedAt),
        _ => throw new ArgumentOutOfRangeException(nameof(query), query.Sort, null),
    };

    private sealed record StackWithLast(
        Stack Stack, string Id, Operation Operation, DeploymentPhase Phase, DeploymentStep Step, int Progress, DeploymentFailure? Failure,
        IReadOnlyList<string>? KeptVolumes);
}
