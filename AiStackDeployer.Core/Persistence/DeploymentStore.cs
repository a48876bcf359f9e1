using System.Diagnostics.CodeAnalysis;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Core.Diagnostics;
using AiStackDeployer.Core.Naming;
using AiStackDeployer.Core.Stacks;
using Microsoft.EntityFrameworkCore;

namespace AiStackDeployer.Core.Persistence;

/// <summary>Deployments and stacks in the database; tells the signals and the meter after each commit, never before.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore whose wait handle is never taken owns nothing.")]
public sealed class DeploymentStore(
    IDbContextFactory<PortalDbContext> contexts, DeploymentSignals signals, CommittedEvents committed, DeploymentMeter meter, StorageMeter storage,
    TimeProvider time, IEnlistingQueue? engine = null)
    : IDeploymentStore
{
    // On SQLite the second try cannot collide; elsewhere more than a few collisions of a worker and a canceller are a fault.
    private const int MostCollisions = 10;

    // SQLite has one writer, and on PostgreSQL the engine has one lock. Who waits for it there sleeps in steps, or keeps a connection;
    // here the waiting costs nothing and keeps its order.
    private readonly SemaphoreSlim _beginning = new(1);

    public async Task<BeginResult> BeginAsync(NewOperation wanted, CancellationToken cancellationToken)
    {
        var startedAt = time.GetUtcNow();
        var (result, begun, events) = await BeginAloneAsync(wanted, cancellationToken);
        if (begun is not null)
        {
            committed.Tell(begun, events);
            meter.Accepted(begun);
            DeploymentTraces.Accepted(begun, startedAt);
            signals.Notify(begun.Id, lineMoved: true);
        }
        return result;
    }

    public async Task<HandoverResult> HandOverAsync(string stackId, string personId, CancellationToken cancellationToken)
    {
        var (result, last) = await storage.RunAsync(() => HandoverStore.HandOverAsync(contexts, stackId, personId, cancellationToken));
        if (last is not null)
        {
            signals.Notify(last);
        }
        return result;
    }

    public Task<Deployment?> FindAsync(string deploymentId, CancellationToken cancellationToken) =>
        ReadAsync(db => Whole(db).AsNoTracking().SingleOrDefaultAsync(d => d.Id == deploymentId, cancellationToken), cancellationToken);

    public Task<Deployment?> FindByRequestAsync(string ownerId, string requestId, CancellationToken cancellationToken) =>
        ReadAsync(
            db => Whole(db).AsNoTracking().SingleOrDefaultAsync(d => d.OwnerId == ownerId && d.RequestId == requestId, cancellationToken),
            cancellationToken);

    public Task<Deployment?> FindByRequestAsync(string requestId, CancellationToken cancellationToken) =>
        ReadAsync(
            db => Whole(db).AsNoTracking().SingleOrDefaultAsync(
                d => d.Operation != OperationCatalog.Deploy && d.RequestId == requestId, cancellationToken),
            cancellationToken);

    public async Task<T?> ChangeAsync<T>(string deploymentId, Func<Deployment, T> change, CancellationToken cancellationToken)
    {
        for (var collision = 0; ; collision++)
        {
            try
            {
                return await storage.RunAsync(() => TryChangeAsync(deploymentId, change, collision > 0, cancellationToken));
            }
            catch (Exception e) when (collision < MostCollisions && StorageGuard.IsCollision(e))
            {
                // Somebody else wrote since we read: look at the new facts and decide again.
            }
        }
    }

    public Task<IReadOnlyList<DeploymentEvent>> ReadEventsAsync(
        string deploymentId, long after, int take, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<DeploymentEvent>>(
            async db =>
            {
                var rows = await db.DeploymentEvents.AsNoTracking()
                    .Where(e => e.DeploymentId == deploymentId && e.Sequence > after)
                    .OrderBy(e => e.Sequence).Take(take)
                    .ToListAsync(cancellationToken);
                return rows;
            },
            cancellationToken);

    public Task<IReadOnlyList<DeploymentEvent>> ReadLastLogAsync(string deploymentId, int take, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<DeploymentEvent>>(
            async db =>
            {
                var rows = await db.DeploymentEvents.AsNoTracking()
                    .Where(e => e.DeploymentId == deploymentId && e.Kind == DeploymentEventKind.Log)
                    .OrderByDescending(e => e.Sequence).Take(take)
                    .ToListAsync(cancellationToken);
                rows.Reverse();
                return rows;
            },
            cancellationToken);

    public Task<IReadOnlyList<Deployment>> ListActiveAsync(CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<Deployment>>(
            async db => await Active(Whole(db)).AsNoTracking().OrderBy(d => d.CreatedAt).ThenBy(d => d.Id).ToListAsync(cancellationToken),
            cancellationToken);

    public Task<int> CountQueuedBeforeAsync(string deploymentId, DateTimeOffset createdAt, CancellationToken cancellationToken) =>
        ReadAsync(
#pragma warning disable CA1309 // It becomes SQL, which compares by bytes.
            db => db.Deployments.CountAsync(
                d => d.Phase == DeploymentPhase.Queued
                    && (d.CreatedAt < createdAt || (d.CreatedAt == createdAt && string.Compare(d.Id, deploymentId) < 0)),
                cancellationToken),
#pragma warning restore CA1309
            cancellationToken);

    public Task<IReadOnlyList<string>> ListQueuedIdsAsync(CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<string>>(
            async db => await db.Deployments.Where(d => d.Phase == DeploymentPhase.Queued)
                .OrderBy(d => d.CreatedAt).ThenBy(d => d.Id).Select(d => d.Id).ToListAsync(cancellationToken),
            cancellationToken);

    public Task<(IReadOnlyList<Deployment> Rows, int Total)> ListAsync(DeploymentQuery query, CancellationToken cancellationToken) =>
        ReadAsync(db => DeploymentReports.ListAsync(db.Deployments, Whole(db), query, cancellationToken), cancellationToken);

    public Task<int> CountActiveAsync(CancellationToken cancellationToken) =>
        ReadAsync(db => Active(db.Deployments).CountAsync(cancellationToken), cancellationToken);

    public Task<ActiveFigures> ReadActiveFiguresAsync(CancellationToken cancellationToken) =>
        ReadAsync(db => StackReports.ActiveAsync(db, cancellationToken), cancellationToken);

    public Task<Stack?> FindStackAsync(string stackId, CancellationToken cancellationToken) =>
        ReadAsync(
            db => db.Stacks.AsNoTracking().SingleOrDefaultAsync(s => s.Id == stackId && s.ReleasedAt == null, cancellationToken),
            cancellationToken);

    public Task<StackRow?> FindStackByNameAsync(StackName name, CancellationToken cancellationToken) =>
        ReadAsync(db => StackList.FindAsync(db, name, cancellationToken), cancellationToken);

    public Task<bool> EverMadeContainerAsync(string stackId, CancellationToken cancellationToken) =>
        ReadAsync(
            async db => (await db.Deployments
                    .Where(d => d.StackId == stackId && d.Steps.Any(s => s.Step == DeploymentStep.AwaitContainer))
                    .Select(d => d.Failure).ToListAsync(cancellationToken))
                .Exists(failure => failure?.Code.MeansNoRoom() != true),
            cancellationToken);

    public Task<IReadOnlyList<DeploymentEvent>> ReadLooksAsync(string stackId, int take, CancellationToken cancellationToken) =>
        ReadAsync(db => StackReports.LooksAsync(db, stackId, take, cancellationToken), cancellationToken);

    public Task<IReadOnlyList<string>> ListReadyStackIdsAsync(CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<string>>(
            async db => await db.Stacks.Where(s => s.ReleasedAt == null && s.State == StackState.Ready)
                .OrderBy(s => s.Id).Select(s => s.Id).ToListAsync(cancellationToken),
            cancellationToken);

    public Task<IReadOnlyList<Stack>> ListDueForRemovalAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<Stack>>(
            async db => await db.Stacks.AsNoTracking()
                .Where(s => s.ReleasedAt == null && s.State == StackState.ToBeDeleted && s.RemoveAt <= now)
                .OrderBy(s => s.RemoveAt).ToListAsync(cancellationToken),
            cancellationToken);

    public Task<IReadOnlyList<Stack>> ListKeptAsync(CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<Stack>>(
            async db => await db.Stacks.AsNoTracking().Where(s => s.ReleasedAt == null).OrderBy(s => s.Name).ToListAsync(cancellationToken), cancellationToken);

    public Task<IReadOnlyList<Stack>> ListRestingAsync(CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<Stack>>(
            async db => await db.Stacks.AsNoTracking()
                .Where(s => s.ReleasedAt == null && (s.State == StackState.Ready || s.State == StackState.Stopped)).ToListAsync(cancellationToken),
            cancellationToken);

    public Task<IReadOnlyList<StackPassword>> ListStackPasswordsAsync(CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<StackPassword>>(
            async db => await db.Stacks.Where(s => s.ReleasedAt == null)
                .OrderBy(s => s.Name).Select(s => new StackPassword(s.Id, s.Name, s.ProtectedPassword)).ToListAsync(cancellationToken),
            cancellationToken);

    public Task<StackPage> ListStacksAsync(StackQuery query, CancellationToken cancellationToken) =>
        ReadAsync(db => StackList.ListAsync(db, query, cancellationToken), cancellationToken);

    public Task<IReadOnlyList<string>> ListStackIdsAsync(StackQuery query, CancellationToken cancellationToken) =>
        ReadAsync(db => StackList.IdsAsync(db, query, cancellationToken), cancellationToken);

    public Task<IReadOnlyList<StackRow>> FindStacksAsync(IReadOnlyCollection<string> stackIds, CancellationToken cancellationToken) =>
        ReadAsync(db => StackList.RowsAsync(db, stackIds, cancellationToken), cancellationToken);

    public Task<IReadOnlyList<TroubledStack>> ListTroubledAsync(CancellationToken cancellationToken) =>
        ReadAsync(db => StackReports.TroubledAsync(db, cancellationToken), cancellationToken);

    public Task<IReadOnlyList<EndedDeployment>> ListEndedAsync(DateTimeOffset since, CancellationToken cancellationToken) =>
        ReadAsync(db => StackReports.EndedAsync(db, since, cancellationToken), cancellationToken);

    public Task<IReadOnlyList<ImageCount>> ListImagesAsync(CancellationToken cancellationToken) =>
        ReadAsync(db => StackReports.ImagesAsync(db, cancellationToken), cancellationToken);

    public Task<PortalFigures> ReadFiguresAsync(DateTimeOffset today, DateTimeOffset sevenDaysAgo, CancellationToken cancellationToken) =>
        ReadAsync(db => StackReports.FiguresAsync(db, today, sevenDaysAgo, cancellationToken), cancellationToken);

    public Task<IReadOnlyList<PastRun>> ReadPastRunsAsync(Operation operation, int runs, CancellationToken cancellationToken) =>
        ReadAsync(db => StackReports.PastRunsAsync(db, operation, runs, cancellationToken), cancellationToken);

    private async Task<BegunOperation> BeginAloneAsync(NewOperation wanted, CancellationToken cancellationToken)
    {
        await _beginning.WaitAsync(cancellationToken);
        try
        {
            return await storage.RepeatAsync(() => OperationStore.BeginAsync(contexts, engine, wanted, cancellationToken));
        }
        finally
        {
            _beginning.Release();
        }
    }

    internal static IQueryable<Deployment> Active(IQueryable<Deployment> deployments) => deployments.Where(d =>
        d.Phase == DeploymentPhase.Queued || d.Phase == DeploymentPhase.Running || d.Phase == DeploymentPhase.Unwinding);

    internal static IQueryable<Deployment> Whole(PortalDbContext db) =>
        db.Deployments.Include(d => d.Stack).Include(d => d.Steps).AsSingleQuery();

    /// <param name="collided">Somebody was quicker: nobody can come in between again.</param>
    private async Task<T?> TryChangeAsync<T>(
        string deploymentId, Func<Deployment, T> change, bool collided, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        // One connection for the look and the write: opening it twice costs as much as the look.
        await db.Database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await db.BeginChangeAsync(deploymentId, collided, cancellationToken);
        var deployment = await Whole(db).SingleOrDefaultAsync(d => d.Id == deploymentId, cancellationToken);
        if (deployment is null)
        {
            return default;
        }
        var before = DeploymentMark.Of(deployment);
        var result = change(deployment);
        if (await SaveAsync(db, deployment, cancellationToken) is { } events)
        {
            if (transaction is not null)
            {
                await transaction.CommitAsync(cancellationToken);
            }
            // Counted first: who hears of an end finds it among the figures.
            meter.Committed(before, deployment);
            committed.Tell(deployment, events);
            signals.Notify(deploymentId, lineMoved: before.Phase == DeploymentPhase.Queued && deployment.Phase != DeploymentPhase.Queued);
        }
        return result;
    }

    /// <returns>The new events; null when there was nothing to store.</returns>
    private static async Task<IReadOnlyList<DeploymentEvent>?> SaveAsync(PortalDbContext db, Deployment deployment, CancellationToken cancellationToken)
    {
        var events = deployment.TakeNewEvents();
        db.DeploymentEvents.AddRange(events);
        if (!db.ChangeTracker.HasChanges())
        {
            return null;
        }
        // Also when only a step or an event is new: the version stands for the whole deployment.
        deployment.Version++;
        if (db.Entry(deployment.Stack).State == EntityState.Modified)
        {
            deployment.Stack.Version++;
        }
        await db.SaveChangesAsync(cancellationToken);
        return events;
    }

    private Task<T> ReadAsync<T>(Func<PortalDbContext, Task<T>> read, CancellationToken cancellationToken) =>
        storage.RepeatAsync(async () =>
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            return await read(db);
        });
}
