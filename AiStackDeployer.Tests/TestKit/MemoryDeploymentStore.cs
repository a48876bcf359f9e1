using System.Reflection;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Core.Naming;
using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Tests.TestKit;

/// <summary>
/// The store's contract in memory; every answer is there at once, so that a test decides when time passes. As with the database, a
/// change is seen whole or not at all: whoever reads gets a copy.
/// </summary>
internal sealed class MemoryDeploymentStore(DeploymentSignals signals) : IDeploymentStore
{
    private static readonly MethodInfo Cloner = typeof(object).GetMethod(nameof(MemberwiseClone), BindingFlags.Instance | BindingFlags.NonPublic)!;

    private static readonly PropertyInfo OwnerOf = typeof(Deployment).GetProperty(nameof(Deployment.OwnerId))!;

    private readonly Lock _gate = new();
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
        lock (_gate)
        {
            var deployment = _deployments.Single(d => d.Id == id);
            change(deployment);
            _events.AddRange(deployment.TakeNewEvents());
        }
        signals.Notify(id);
    }

    /// <summary>The rules of the real store, as far as pages meet them.</summary>
    public Task<BeginResult> BeginAsync(NewOperation wanted, CancellationToken cancellationToken)
    {
        Claims += wanted.Claim is null ? 0 : 1;
        return Answer<BeginResult>(() =>
        {
            var owner = wanted.Claim?.NewStack.OwnerId;
            var stack = wanted.Claim is { } claim
                ? _deployments.Select(d => d.Stack).FirstOrDefault(s => s.Name == claim.NewStack.Name && s.ReleasedAt is null)
                : _deployments.Select(d => d.Stack).FirstOrDefault(s => s.Id == wanted.StackId);
            if (stack is null && wanted.Claim is null)
            {
                return new BeginResult.NotFound();
            }
            if (stack is not null && wanted.Operation.NeedsConfirmation && wanted.ConfirmName != stack.Name.Value)
            {
                return new BeginResult.ConfirmationDiffers(stack.Name);
            }
            if (_deployments.Find(d => d.OwnerId == (owner ?? stack!.OwnerId) && d.RequestId == wanted.RequestId) is { } before)
            {
                return new BeginResult.Started(DeploymentSnapshots.Build(before), Existing: true);
            }
            var last = stack is null ? null : _deployments.Single(d => d.Id == stack.LastDeploymentId);
            if (stack is not null && owner is not null && stack.OwnerId != owner)
            {
                return new BeginResult.NameTaken(BeingChosen: false, []);
            }
            if (last is not null && !last.Phase.IsTerminal() && last.Operation == wanted.Operation && wanted.Claim is null)
            {
                return new BeginResult.Started(DeploymentSnapshots.Build(last), Existing: true);
            }
            if (stack is not null && (!last!.Phase.IsTerminal() || !wanted.Operation.MayBeginIn(stack.State)))
            {
                return wanted.Claim is null ? new BeginResult.NotNow(stack.State, last.Id) : new BeginResult.NameYours(last.Id);
            }
            if (wanted.Claim?.StackLimit is { } limit && _deployments.Select(d => d.Stack).Distinct()
                .Count(s => s.OwnerId == owner && s.ReleasedAt is null && s.State != StackState.Failed) >= limit)
            {
                return new BeginResult.QuotaReached(limit);
            }
            stack ??= wanted.Claim!.NewStack;
            var deployment = new Deployment
            {
                Id = wanted.DeploymentId, Operation = wanted.Operation, StackId = stack.Id, Stack = stack, Name = stack.Name, OwnerId = stack.OwnerId,
                RequestId = wanted.RequestId, TraceId = wanted.TraceId, CreatedAt = wanted.Now, Cause = wanted.Cause, Change = wanted.Change,
            };
            deployment.RecordAcceptance(isNew: last is null, last?.KeptVolumes, wanted.Now);
            _deployments.Add(deployment);
            _events.AddRange(deployment.TakeNewEvents());
            signals.Notify(deployment.Id, lineMoved: true);
            return new BeginResult.Started(DeploymentSnapshots.Build(deployment), Existing: false);
        });
    }

    /// <summary>Everybody has signed in once.</summary>
    public Task<HandoverResult> HandOverAsync(string stackId, string personId, CancellationToken cancellationToken) => Answer<HandoverResult>(() =>
    {
        var deployments = _deployments.Where(d => d.StackId == stackId).ToList();
        if (deployments.Find(d => !d.Phase.IsTerminal()) is { } active)
        {
            return new HandoverResult.Busy(active.Id);
        }
        var stack = deployments[0].Stack;
        var former = stack.OwnerId;
        stack.OwnerId = personId;
        deployments.ForEach(d => OwnerOf.SetValue(d, personId));
        signals.Notify(stack.LastDeploymentId);
        return new HandoverResult.Done(former, personId);
    });

    public Task<Deployment?> FindAsync(string deploymentId, CancellationToken cancellationToken) =>
        Answer(() => CopyOf(_deployments.Find(d => d.Id == deploymentId)));

    public Task<Deployment?> FindByRequestAsync(string ownerId, string requestId, CancellationToken cancellationToken) =>
        Answer(() => CopyOf(_deployments.Find(d => d.OwnerId == ownerId && d.RequestId == requestId)));

    public Task<Deployment?> FindByRequestAsync(string requestId, CancellationToken cancellationToken) =>
        Answer(() => CopyOf(_deployments.Find(d => !d.Operation.MakesStack && d.RequestId == requestId)));

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
        Answer<IReadOnlyList<Deployment>>(() => [.. _deployments.Where(d => !d.Phase.IsTerminal()).Select(d => CopyOf(d)!)]);

    public Task<int> CountQueuedBeforeAsync(string deploymentId, DateTimeOffset createdAt, CancellationToken cancellationToken) =>
        Answer(() => _deployments.Where(d => d.Phase == DeploymentPhase.Queued).TakeWhile(d => d.Id != deploymentId).Count());

    public Task<IReadOnlyList<string>> ListQueuedIdsAsync(CancellationToken cancellationToken) =>
        Answer<IReadOnlyList<string>>(() => [.. _deployments.Where(d => d.Phase == DeploymentPhase.Queued).Select(d => d.Id)]);

    public Task<(IReadOnlyList<Deployment> Rows, int Total)> ListAsync(DeploymentQuery query, CancellationToken cancellationToken) =>
        Answer<(IReadOnlyList<Deployment>, int)>(() =>
        {
            var matching = _deployments
                .Where(d => query.Search is null || d.Name.Value.Contains(query.Search, StringComparison.Ordinal))
                .Where(d => query.Statuses.Count == 0 || query.Statuses.Contains(DeploymentStatuses.Of(d.Operation, d.Phase, d.CurrentStep)))
                .Where(d => query.Operation is null || d.Operation == query.Operation)
                .Where(d => query.Active is null || d.Phase.IsTerminal() != query.Active)
                .Where(d => query.OwnerId is null || d.OwnerId == query.OwnerId)
                .Where(d => query.StackId is null || d.StackId == query.StackId)
                .Reverse().ToList();
            var rows = matching.Where(d => query.Before is null || string.CompareOrdinal(d.Id, query.Before) < 0);
            return ([.. rows.Skip(query.Skip).Take(query.Take).Select(d => CopyOf(d)!)], matching.Count);
        });

    public Task<int> CountActiveAsync(CancellationToken cancellationToken) =>
        Answer(() => _deployments.Count(d => !d.Phase.IsTerminal()));

    public Task<ActiveFigures> ReadActiveFiguresAsync(CancellationToken cancellationToken) => Answer(() => new ActiveFigures(
        [.. _deployments.Where(d => !d.Phase.IsTerminal()).CountBy(d => (d.Operation, d.Phase)).Select(c => new ActiveCount(c.Key.Operation, c.Key.Phase, c.Value))],
        _deployments.Where(d => d.Phase == DeploymentPhase.Queued).Select(d => (DateTimeOffset?)d.CreatedAt).Min(),
        [.. Stacks().CountBy(s => (s.State, Health: s.Health.State)).Select(c => new StackCount(c.Key.State, c.Key.Health, c.Value))]));

    public Task<Stack?> FindStackAsync(string stackId, CancellationToken cancellationToken) =>
        Answer(() => Stacks().FirstOrDefault(s => s.Id == stackId) is { } stack ? Shallow(stack) : null);

    public Task<StackRow?> FindStackByNameAsync(StackName name, CancellationToken cancellationToken) =>
        Answer(() => Stacks().Where(s => s.Name == name).Select(RowOf).SingleOrDefault());

    public Task<bool> EverMadeContainerAsync(string stackId, CancellationToken cancellationToken) =>
        Answer(() => _deployments.Exists(d => d.StackId == stackId && d.Steps.Exists(s => s.Step == DeploymentStep.AwaitContainer) && d.Failure?.Code.MeansNoRoom() != true));

    public Task<IReadOnlyList<DeploymentEvent>> ReadLooksAsync(string stackId, int take, CancellationToken cancellationToken) => Answer<IReadOnlyList<DeploymentEvent>>(() =>
        [.. _events.Where(e => e.Log is LogCode.StackSilent or LogCode.StackMissing or LogCode.StackAnswers && _deployments.Exists(d => d.Id == e.DeploymentId && d.StackId == stackId)).TakeLast(take)]);

    public Task<IReadOnlyList<string>> ListReadyStackIdsAsync(CancellationToken cancellationToken) =>
        Answer<IReadOnlyList<string>>(() => [.. Stacks().Where(s => s.State == StackState.Ready).Select(s => s.Id)]);

    public Task<IReadOnlyList<Stack>> ListDueForRemovalAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        Answer<IReadOnlyList<Stack>>(() => [.. Stacks().Where(s => s.State == StackState.ToBeDeleted && s.RemoveAt <= now)]);

    public Task<IReadOnlyList<Stack>> ListKeptAsync(CancellationToken cancellationToken) => Answer<IReadOnlyList<Stack>>(() => [.. Stacks()]);

    public Task<IReadOnlyList<Stack>> ListRestingAsync(CancellationToken cancellationToken) =>
        Answer<IReadOnlyList<Stack>>(() => [.. Stacks().Where(s => s.State is StackState.Ready or StackState.Stopped)]);

    public Task<IReadOnlyList<StackPassword>> ListStackPasswordsAsync(CancellationToken cancellationToken) =>
        Answer<IReadOnlyList<StackPassword>>(() => [.. Stacks().Select(s => new StackPassword(s.Id, s.Name, s.ProtectedPassword))]);

    public Task<StackPage> ListStacksAsync(StackQuery query, CancellationToken cancellationToken) =>
        Answer(() =>
        {
            Queries.Add(query);
            var rows = Matching(query).Select(RowOf).ToList();
            return new StackPage([.. rows.Skip(query.Skip).Take(query.Take)], rows.Count);
        });

    public Task<IReadOnlyList<string>> ListStackIdsAsync(StackQuery query, CancellationToken cancellationToken) =>
        Answer<IReadOnlyList<string>>(() => [.. Matching(query).Select(s => s.Id)]);

    public Task<IReadOnlyList<StackRow>> FindStacksAsync(IReadOnlyCollection<string> stackIds, CancellationToken cancellationToken) =>
        Answer<IReadOnlyList<StackRow>>(() => [.. stackIds.SelectMany(id => Stacks().Where(s => s.Id == id)).Select(RowOf)]);

    public Task<IReadOnlyList<TroubledStack>> ListTroubledAsync(CancellationToken cancellationToken) => Answer<IReadOnlyList<TroubledStack>>(() =>
    [
        .. Stacks().Select(RowOf).Where(r => r.Phase == DeploymentPhase.Failed || r.Stack.State == StackState.DeleteFailed || r.Health.IsFailing())
            .Select(r => new TroubledStack(r.Stack.Id, r.Stack.Name, r.DeploymentId, r.Stack.State, r.Health, r.Phase == DeploymentPhase.Failed, r.FailureCode, r.Stack.FailedAt)),
    ]);

    public Task<IReadOnlyList<EndedDeployment>> ListEndedAsync(DateTimeOffset since, CancellationToken cancellationToken) =>
        Answer<IReadOnlyList<EndedDeployment>>(() =>
            [.. _deployments.Where(d => d.FinishedAt >= since).Select(d => new EndedDeployment(d.CreatedAt, d.FinishedAt!.Value, d.Phase == DeploymentPhase.Completed))]);

    public Task<IReadOnlyList<ImageCount>> ListImagesAsync(CancellationToken cancellationToken) =>
        Answer<IReadOnlyList<ImageCount>>(() => [.. Stacks().CountBy(s => s.Image).Select(c => new ImageCount(c.Key, c.Value))]);

    public Task<PortalFigures> ReadFiguresAsync(DateTimeOffset today, DateTimeOffset sevenDaysAgo, CancellationToken cancellationToken) =>
        Interlocked.Exchange(ref _held, null)?.AskAsync() ?? Answer(() => new PortalFigures(
            Stacks().Count(s => s.State == StackState.Ready), Stacks().Count(s => s.State == StackState.Ready && s.Health.IsFailing()), _deployments.Count(d => !d.Phase.IsTerminal()), null, null));

    public Task<IReadOnlyList<PastRun>> ReadPastRunsAsync(Operation kind, int runs, CancellationToken cancellationToken) =>
        Answer<IReadOnlyList<PastRun>>(() => kind == OperationCatalog.Deploy ? [.. PastRuns.TakeLast(runs)] : []);

    private IEnumerable<Stack> Matching(StackQuery query) => Stacks()
        .Where(s => query.Search is null || s.Name.Value.Contains(query.Search, StringComparison.Ordinal))
        .Where(s => query.States.Count == 0 || query.States.Contains(s.State))
        .Where(s => query.Healths.Count == 0 || (s.State == StackState.Ready && query.Healths.Contains(s.Health.State)))
        .Where(s => query.OwnerId is null || s.OwnerId == query.OwnerId)
        .Where(s => !query.WithoutPerson || s.OwnerId == "usr_nobody")
        .Where(s => query.Cause is null || RowOf(s).FailureCode == query.Cause);

    private IEnumerable<Stack> Stacks() => _deployments.Select(d => d.Stack).Distinct().Where(s => s.ReleasedAt is null);

    private StackRow RowOf(Stack stack)
    {
        var last = _deployments.Single(d => d.Id == stack.LastDeploymentId);
        return new StackRow
        {
            Stack = Shallow(stack), DeploymentId = last.Id, Operation = last.Operation, Phase = last.Phase, Step = last.CurrentStep, Progress = last.Progress,
            FailureCode = last.Failure?.Code, KeptVolumes = last.KeptVolumes ?? [],
        };
    }

    private Task<T> Answer<T>(Func<T> answer)
    {
        lock (_gate)
        {
            return Trouble is null ? Task.FromResult(answer()) : Task.FromException<T>(Trouble);
        }
    }

    private static T Shallow<T>(T source) => (T)Cloner.Invoke(source, null)!;

    private static Deployment? CopyOf(Deployment? deployment)
    {
        if (deployment is null)
        {
            return null;
        }
        var copy = Shallow(deployment);
        Set(copy, nameof(Deployment.Stack), Shallow(deployment.Stack));
        Set(copy, nameof(Deployment.Steps), deployment.Steps.ConvertAll(Shallow));
        return copy;

        static void Set(Deployment copy, string property, object value) => typeof(Deployment).GetProperty(property)!.SetValue(copy, value);
    }
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
