using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Naming;
using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Tests.TestKit;

/// <summary>
/// The store's contract in memory; every answer is there at once, so that a test decides when time passes. Deployments are handed
/// out themselves and not as copies: whoever reads one reads it before the test goes on.
/// </summary>
internal sealed class MemoryDeploymentStore(DeploymentSignals signals) : IDeploymentStore
{
    private readonly List<Deployment> _deployments = [];
    private readonly List<DeploymentEvent> _events = [];
    private HeldFigures? _held;

    /// <summary>Thrown by the next calls until it is null again.</summary>
    public Exception? Trouble { get; set; }

    /// <summary>How many claims were asked for, whatever came of them.</summary>
    public int Claims { get; private set; }

    public List<PastRun> PastRuns { get; } = [];

    public List<StackQuery> Queries { get; } = [];

    public IReadOnlyList<Deployment> All => _deployments;

    /// <summary>The next question for figures is answered when the test does.</summary>
    public HeldFigures HoldNextFigures() => _held = new HeldFigures();

    /// <summary>Changes a deployment as a worker would.</summary>
    public void Change(string id, Action<Deployment> change)
    {
        var deployment = _deployments.Single(d => d.Id == id);
        change(deployment);
        _events.AddRange(deployment.TakeNewEvents());
        signals.Notify(id);
    }

    public Task<ClaimOutcome> ClaimAsync(NewDeployment wanted, CancellationToken cancellationToken)
    {
        Claims++;
        return Answer<ClaimOutcome>(() =>
        {
            if (_deployments.Find(d => d.OwnerId == wanted.OwnerId && d.RequestId == wanted.RequestId) is { } before)
            {
                return new ClaimOutcome.Repeated(before);
            }
            var stack = _deployments.Select(d => d.Stack).FirstOrDefault(s => s.Name == wanted.Name.Value && s.ReleasedAt is null);
            if (stack is not null && !stack.CanBeTakenUpBy(wanted.OwnerId))
            {
                return new ClaimOutcome.Taken(stack.OwnerId, stack.LastDeploymentId);
            }
            var keptBefore = stack is null ? null : _deployments.Single(d => d.Id == stack.LastDeploymentId).KeptVolumes;
            stack ??= wanted.NewStack;
            stack.State = StackState.Creating;
            stack.LastDeploymentId = wanted.DeploymentId;
            var deployment = new Deployment
            {
                Id = wanted.DeploymentId, StackId = stack.Id, Stack = stack, Name = wanted.Name.Value, OwnerId = wanted.OwnerId,
                RequestId = wanted.RequestId, TraceId = wanted.TraceId, CreatedAt = wanted.Now,
            };
            deployment.RecordClaim(keptBefore, wanted.Now);
            _deployments.Add(deployment);
            _events.AddRange(deployment.TakeNewEvents());
            signals.Notify(deployment.Id, lineMoved: true);
            return new ClaimOutcome.Claimed(deployment);
        });
    }

    public Task<DeletionOutcome> BeginDeletionAsync(NewDeletion wanted, CancellationToken cancellationToken) =>
        Answer<DeletionOutcome>(() =>
        {
            if (_deployments.Select(d => d.Stack).FirstOrDefault(s => s.Id == wanted.StackId) is not { } stack)
            {
                return new DeletionOutcome.NotFound();
            }
            if (wanted.ConfirmName != stack.Name)
            {
                return new DeletionOutcome.ConfirmationDiffers(stack.Name);
            }
            var last = _deployments.Single(d => d.Id == stack.LastDeploymentId);
            if (stack.State == StackState.Deleting
                || _deployments.Exists(d => d.OwnerId == stack.OwnerId && d.RequestId == wanted.RequestId && d.StackId == stack.Id))
            {
                return new DeletionOutcome.Existing(last);
            }
            if (!stack.MayBeDeleted)
            {
                return stack.ReleasedAt is null ? new DeletionOutcome.Busy(last.Id) : new DeletionOutcome.NotFound();
            }
            var deletion = new Deployment
            {
                Id = wanted.DeploymentId, Kind = DeploymentKind.Delete, StackId = stack.Id, Stack = stack, Name = stack.Name,
                OwnerId = stack.OwnerId, RequestId = wanted.RequestId, TraceId = wanted.TraceId, CreatedAt = wanted.Now,
            };
            deletion.RecordDeletion(last.KeptVolumes, wanted.Now);
            _deployments.Add(deletion);
            _events.AddRange(deletion.TakeNewEvents());
            signals.Notify(deletion.Id, lineMoved: true);
            return new DeletionOutcome.Accepted(deletion);
        });

    public Task<Deployment?> FindAsync(string deploymentId, CancellationToken cancellationToken) =>
        Answer(() => _deployments.Find(d => d.Id == deploymentId));

    public Task<Deployment?> FindByRequestAsync(string ownerId, string requestId, CancellationToken cancellationToken) =>
        Answer(() => _deployments.Find(d => d.OwnerId == ownerId && d.RequestId == requestId));

    public Task<Deployment?> FindDeletionAsync(string requestId, CancellationToken cancellationToken) =>
        Answer(() => _deployments.Find(d => d.Kind == DeploymentKind.Delete && d.RequestId == requestId));

    public Task<T?> ChangeAsync<T>(string deploymentId, Func<Deployment, T> change, CancellationToken cancellationToken) =>
        Answer(() =>
        {
            if (_deployments.Find(d => d.Id == deploymentId) is not { } deployment)
            {
                return default;
            }
            var result = change(deployment);
            _events.AddRange(deployment.TakeNewEvents());
            signals.Notify(deploymentId);
            return result;
        });

    public Task<IReadOnlyList<DeploymentEvent>> ReadEventsAsync(
        string deploymentId, long after, int take, CancellationToken cancellationToken) =>
        Answer<IReadOnlyList<DeploymentEvent>>(() =>
            [.. _events.Where(e => e.DeploymentId == deploymentId && e.Sequence > after).OrderBy(e => e.Sequence).Take(take)]);

    public Task<IReadOnlyList<DeploymentEvent>> ReadLastLogAsync(string deploymentId, int take, CancellationToken cancellationToken) =>
        Answer<IReadOnlyList<DeploymentEvent>>(() =>
            [.. _events.Where(e => e.DeploymentId == deploymentId && e.Kind == DeploymentEventKind.Log).OrderBy(e => e.Sequence).TakeLast(take)]);

    public Task<IReadOnlyList<Deployment>> ListActiveAsync(CancellationToken cancellationToken) =>
        Answer<IReadOnlyList<Deployment>>(() => [.. _deployments.Where(d => !d.Phase.IsTerminal())]);

    public Task<IReadOnlyList<string>> ListQueuedIdsAsync(CancellationToken cancellationToken) =>
        Answer<IReadOnlyList<string>>(() => [.. _deployments.Where(d => d.Phase == DeploymentPhase.Queued).Select(d => d.Id)]);

    public Task<(IReadOnlyList<Deployment> Rows, int Total)> ListAsync(DeploymentQuery query, CancellationToken cancellationToken) =>
        Answer<(IReadOnlyList<Deployment>, int)>(() =>
        {
            var matching = _deployments
                .Where(d => query.Search is null || d.Name.Contains(query.Search, StringComparison.Ordinal))
                .Where(d => query.Statuses.Count == 0 || query.Statuses.Contains(DeploymentStatuses.Of(d.Phase, d.CurrentStep)))
                .Where(d => query.Kind is null || d.Kind == query.Kind)
                .Where(d => query.Active is null || d.Phase.IsTerminal() != query.Active)
                .Where(d => query.OwnerId is null || d.OwnerId == query.OwnerId)
                .Where(d => query.StackId is null || d.StackId == query.StackId)
                .Reverse().ToList();
            var rows = matching.Where(d => query.Before is null || string.CompareOrdinal(d.Id, query.Before) < 0);
            return ([.. rows.Skip(query.Skip).Take(query.Take)], matching.Count);
        });

    public Task<int> CountActiveAsync(CancellationToken cancellationToken) =>
        Answer(() => _deployments.Count(d => !d.Phase.IsTerminal()));

    public Task<ActiveFigures> ReadActiveFiguresAsync(CancellationToken cancellationToken) => Answer(() => new ActiveFigures(
        [.. _deployments.Where(d => !d.Phase.IsTerminal()).CountBy(d => (d.Kind, d.Phase)).Select(c => new ActiveCount(c.Key.Kind, c.Key.Phase, c.Value))],
        _deployments.Where(d => d.Phase == DeploymentPhase.Queued).Select(d => (DateTimeOffset?)d.CreatedAt).Min(),
        [.. Stacks().CountBy(s => s.State).Select(c => new StackCount(c.Key, c.Value))]));

    public Task<Stack?> FindStackAsync(string stackId, CancellationToken cancellationToken) =>
        Answer(() => Stacks().FirstOrDefault(s => s.Id == stackId));

    public Task<StackRow?> FindStackByNameAsync(StackName name, CancellationToken cancellationToken) =>
        Answer(() => Stacks().Where(s => s.Name == name.Value).Select(RowOf).SingleOrDefault());

    public Task<bool> WasHandedOverAsync(string stackId, CancellationToken cancellationToken) =>
        Answer(() => _deployments.Exists(d => d.StackId == stackId && d.Steps.Exists(s => s.Step == DeploymentStep.AwaitContainer)));

    public Task<StackPage> ListStacksAsync(StackQuery query, CancellationToken cancellationToken) =>
        Answer(() =>
        {
            Queries.Add(query);
            var rows = Stacks()
                .Where(s => query.Search is null || s.Name.Contains(query.Search, StringComparison.Ordinal))
                .Where(s => query.States.Count == 0 || query.States.Contains(s.State))
                .Where(s => query.OwnerId is null || s.OwnerId == query.OwnerId)
                .Select(RowOf).ToList();
            return new StackPage([.. rows.Skip(query.Skip).Take(query.Take)], rows.Count);
        });

    public Task<PortalFigures> ReadFiguresAsync(DateTimeOffset today, DateTimeOffset sevenDaysAgo, CancellationToken cancellationToken) =>
        Interlocked.Exchange(ref _held, null)?.AskAsync() ?? Answer(() => new PortalFigures(
            Stacks().Count(s => s.State == StackState.Ready), _deployments.Count(d => !d.Phase.IsTerminal()), null, null));

    public Task<IReadOnlyList<PastRun>> ReadPastRunsAsync(DeploymentKind kind, int runs, CancellationToken cancellationToken) =>
        Answer<IReadOnlyList<PastRun>>(() => kind == DeploymentKind.Deploy ? [.. PastRuns.TakeLast(runs)] : []);

    private IEnumerable<Stack> Stacks() => _deployments.Select(d => d.Stack).Distinct().Where(s => s.ReleasedAt is null);

    private StackRow RowOf(Stack stack)
    {
        var last = _deployments.Single(d => d.Id == stack.LastDeploymentId);
        return new StackRow
        {
            Stack = stack, DeploymentId = last.Id, Phase = last.Phase, Step = last.CurrentStep, Progress = last.Progress,
            FailureCode = last.Failure?.Code, KeptVolumes = last.KeptVolumes ?? [],
        };
    }

    private Task<T> Answer<T>(Func<T> answer) => Trouble is null ? Task.FromResult(answer()) : Task.FromException<T>(Trouble);
}

/// <summary>A question that a test holds back.</summary>
internal sealed class HeldFigures
{
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<PortalFigures> _answer = new();

    public Task Asked => _asked.Task;

    public void Answer(PortalFigures figures) => _answer.SetResult(figures);

    internal Task<PortalFigures> AskAsync()
    {
        _asked.TrySetResult();
        return _answer.Task;
    }
}
