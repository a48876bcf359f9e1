using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Core.Naming;
using AiStackDeployer.Core.Stacks;
using Microsoft.EntityFrameworkCore;

namespace AiStackDeployer.Core.Persistence;

// Translated to SQL, which knows no culture and no StringComparison.
#pragma warning disable CA1304, CA1311, CA1862

/// <summary>Stacks with the newest operation on each, filtered, in an order, a page at a time.</summary>
internal static class StackList
{
    /// <summary>
    /// Sorts ids alone and then reads the rows of one page: sorting whole rows of thousands of stacks costs ten times as much. A stack
    /// whose name is let go between the two is missing on the page.
    /// </summary>
    public static async Task<StackPage> ListAsync(PortalDbContext db, StackQuery query, CancellationToken cancellationToken)
    {
        var matching = Matching(db, query);
        var total = await matching.CountAsync(cancellationToken);
        var ids = await Sorted(db, matching, query).Skip(query.Skip).Take(query.Take).ToListAsync(cancellationToken);
        return new StackPage(await RowsAsync(db, ids, cancellationToken), total);
    }

    public static async Task<IReadOnlyList<string>> IdsAsync(PortalDbContext db, StackQuery query, CancellationToken cancellationToken) =>
        await Sorted(db, Matching(db, query), query).ToListAsync(cancellationToken);

    public static async Task<IReadOnlyList<StackRow>> RowsAsync(PortalDbContext db, IReadOnlyCollection<string> ids, CancellationToken cancellationToken)
    {
        var found = await WithLast(db, db.Stacks.AsNoTracking().Where(s => s.ReleasedAt == null && ids.Contains(s.Id))).ToListAsync(cancellationToken);
        var rows = found.ToDictionary(row => row.Stack.Id, RowOf);
        return [.. ids.Select(rows.GetValueOrDefault).OfType<StackRow>()];
    }

    public static async Task<StackRow?> FindAsync(PortalDbContext db, StackName name, CancellationToken cancellationToken) =>
        await WithLast(db, db.Stacks.AsNoTracking().Where(s => s.Name == name && s.ReleasedAt == null))
            .SingleOrDefaultAsync(cancellationToken) is { } found
            ? RowOf(found)
            : null;

    private static IQueryable<Stack> Matching(PortalDbContext db, StackQuery query)
    {
        var stacks = db.Stacks.AsNoTracking().Where(s => s.ReleasedAt == null);
        if (!string.IsNullOrWhiteSpace(query.Search))
        {
            // A zero byte, which PostgreSQL refuses, is in no name, and neither is a space.
            var part = query.Search.Trim().ToLowerInvariant().Replace('\0', ' ');
            // All addresses end alike: only what no name can hold is looked for in them.
            var address = part.Contains('.', StringComparison.Ordinal) || part.Contains('/', StringComparison.Ordinal) ? part.TrimEnd('/') : null;
            var owners = db.People.Where(p => p.Name.ToLower().Contains(part)).Select(p => p.Id);
            stacks = stacks.Where(s => ((string)(object)s.Name).Contains(part) || s.Label!.ToLower().Contains(part) || owners.Contains(s.OwnerId)
                || (address != null && s.Url.Contains(address)));
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
        if (query.Image is { } image)
        {
            stacks = stacks.Where(s => s.Image == image);
        }
        if (query.CreatedBefore is { } before)
        {
            stacks = stacks.Where(s => s.CreatedAt < before);
        }
        if (query.UnusedSince is { } since)
        {
            stacks = stacks.Where(s => (s.State == StackState.Ready || s.State == StackState.Stopped) && (s.UsedAt ?? s.ReadyAt ?? s.CreatedAt) <= since);
        }
        if (query.Cause is { } cause)
        {
            // As PersistenceJsonContext writes it.
            var stored = $"\"Code\":\"{cause}\"";
            stacks = stacks.Where(s => db.Deployments.Any(d => d.Id == s.LastDeploymentId
                && (d.Phase == DeploymentPhase.Failed || s.State == StackState.DeleteFailed) && ((string)(object)d.Failure!).Contains(stored)));
        }
        return stacks;
    }

    private static IQueryable<StackWithLast> WithLast(PortalDbContext db, IQueryable<Stack> stacks) => stacks.Join(
        db.Deployments, s => s.LastDeploymentId, d => d.Id,
        (s, d) => new StackWithLast(s, d.Id, d.Operation, d.Phase, d.CurrentStep, d.Progress, d.Failure, d.KeptVolumes));

    private static StackRow RowOf(StackWithLast row) => new()
    {
        Stack = row.Stack, DeploymentId = row.Id, Operation = row.Operation, Phase = row.Phase, Step = row.Step, Progress = row.Progress, FailureCode = row.Failure?.Code,
        KeptVolumes = row.KeptVolumes ?? [],
    };

    private static IQueryable<string> Sorted(PortalDbContext db, IQueryable<Stack> stacks, StackQuery query) =>
        InOrder(db, stacks, query).ThenBy(s => s.Name).ThenBy(s => s.Id).Select(s => s.Id);

    private static IOrderedQueryable<Stack> InOrder(PortalDbContext db, IQueryable<Stack> stacks, StackQuery query) => (query.Sort, query.Descending) switch
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
        (StackSort.Used, false) => stacks.OrderBy(s => s.UsedAt ?? s.ReadyAt ?? s.CreatedAt),
        (StackSort.Used, true) => stacks.OrderByDescending(s => s.UsedAt ?? s.ReadyAt ?? s.CreatedAt),
        _ => throw new ArgumentOutOfRangeException(nameof(query), query.Sort, null),
    };

    private sealed record StackWithLast(
        Stack Stack, string Id, Operation Operation, DeploymentPhase Phase, DeploymentStep Step, int Progress, DeploymentFailure? Failure,
        IReadOnlyList<string>? KeptVolumes);
}
