using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Core.Deployments;

/// <summary>Builds a snapshot from a deployment's facts, the line in front of it, and what past runs teach.</summary>
public sealed class DeploymentSnapshots(IDeploymentStore store, DurationLearner learner, LastSeenTimes seen)
{
    /// <summary>Little else is written while a deployment waits in Dokploy's queue.</summary>
    private const int LogLinesLookedAt = 10;

    public async Task<DeploymentSnapshot?> FindAsync(string deploymentId, CancellationToken cancellationToken) =>
        await store.FindAsync(deploymentId, cancellationToken) is { } deployment ? await BuildAsync(deployment, cancellationToken) : null;

    public async Task<DeploymentSnapshot> BuildAsync(Deployment deployment, CancellationToken cancellationToken) =>
        (await BuildAsync([deployment], cancellationToken))[0];

    public Task<IReadOnlyList<DeploymentSnapshot>> BuildAsync(IReadOnlyList<Deployment> deployments, CancellationToken cancellationToken) =>
        CompleteAsync([.. deployments.Select(Build)], cancellationToken);

    /// <summary>Adds what a snapshot of the facts alone lacks: the place in the queue and the learned times.</summary>
    public async Task<DeploymentSnapshot> CompleteAsync(DeploymentSnapshot bare, CancellationToken cancellationToken) =>
        (await CompleteAsync([bare], cancellationToken))[0];

    /// <summary>The facts alone.</summary>
    public static DeploymentSnapshot Build(Deployment deployment)
    {
        var records = deployment.Steps.ToDictionary(s => s.Index);
        var steps = deployment.Operation.Plan.Select((planned, index) => Show(planned.Step, records.GetValueOrDefault(index)));
        if (records.TryGetValue(DeploymentStepRecord.CleanUpIndex, out var cleanUp) || deployment.Phase == DeploymentPhase.Unwinding)
        {
            steps = steps.Append(Show(DeploymentStep.CleanUp, cleanUp));
        }
        return new DeploymentSnapshot
        {
            Id = deployment.Id,
            Operation = deployment.Operation,
            Cause = deployment.Cause,
            StackId = deployment.StackId,
            Name = deployment.Name,
            OwnerId = deployment.OwnerId,
            UserName = deployment.Stack.UserName,
            Url = deployment.Stack.Url,
            TerminalUrl = deployment.Stack.TerminalPath is { } path ? deployment.Stack.Url + path : null,
            Phase = deployment.Phase,
            CurrentStep = deployment.CurrentStep,
            Progress = deployment.Progress,
            Steps = [.. steps],
            CreatedAt = deployment.CreatedAt,
            StartedAt = deployment.StartedAt,
            FinishedAt = deployment.FinishedAt,
            DokployQueuePosition = deployment.DokployQueuePosition,
            Failure = deployment.Failure,
            CancelRequested = deployment.CancelRequestedAt is not null,
            TerminalAnswers = deployment.Stack.TerminalAnswers,
            // While the stack is made again, what an earlier try left may be in use again.
            KeptVolumes = deployment is { Operation.MakesStack: true, Phase: DeploymentPhase.Queued or DeploymentPhase.Running }
                ? []
                : deployment.KeptVolumes ?? [],
            StackState = deployment.Stack.State,
            Health = deployment.Stack.Health,
            OpenCodeVersion = deployment.Stack.OpenCodeVersion,
            StackRemoveAt = deployment.Stack.RemoveAt,
            StackFailedAt = deployment.Stack.FailedAt,
            StackReleasedAt = deployment.Stack.ReleasedAt,
            StackDeletedAt = deployment.Stack.State == StackState.Deleted ? deployment.Stack.ReleasedAt : null,
            LastDeploymentId = deployment.Stack.LastDeploymentId,
            LastSequence = deployment.LastSequence,
            TraceId = deployment.TraceId,
        };
    }

    private async Task<IReadOnlyList<DeploymentSnapshot>> CompleteAsync(
        IReadOnlyList<DeploymentSnapshot> bare, CancellationToken cancellationToken)
    {
        var learned = new Dictionary<Operation, LearnedTimes>();
        foreach (var operation in bare.Select(d => d.Operation).Distinct())
        {
            learned[operation] = await learner.GetAsync(operation, cancellationToken);
        }
        var places = await FindPlacesAsync([.. bare.Where(d => d.Phase == DeploymentPhase.Queued)], cancellationToken);
        var since = new Dictionary<string, DateTimeOffset?>();
        foreach (var waiting in bare.Where(d => d.DokployQueuePosition is not null))
        {
            since[waiting.Id] = await FindDokployBusySinceAsync(waiting.Id, cancellationToken);
        }
        return
        [
            .. bare.Select(d => Complete(d, learned[d.Operation], places.TryGetValue(d.Id, out var place) ? place : null) with
            {
                DokployBusySince = since.GetValueOrDefault(d.Id),
            }),
        ];
    }

    /// <summary>The log tells it; no more deployments wait there at a time than the portal makes in parallel.</summary>
    private async Task<DateTimeOffset?> FindDokployBusySinceAsync(string deploymentId, CancellationToken cancellationToken)
    {
        var log = await store.ReadLastLogAsync(deploymentId, LogLinesLookedAt, cancellationToken);
        return DokployWait.Parse(log.LastOrDefault(line => line.Log == LogCode.WaitingInDokploy)?.Detail)?.BusySince;
    }

    private async Task<IReadOnlyDictionary<string, int>> FindPlacesAsync(IReadOnlyList<DeploymentSnapshot> queued, CancellationToken cancellationToken)
    {
        if (queued is [var one])
        {
            // Each acceptance asks for one place, in a line that may be long.
            return new Dictionary<string, int> { [one.Id] = 1 + await store.CountQueuedBeforeAsync(one.Id, one.CreatedAt, cancellationToken) };
        }
        var line = queued.Count == 0 ? [] : await store.ListQueuedIdsAsync(cancellationToken);
        return line.Select((id, index) => (id, place: index + 1)).ToDictionary(p => p.id, p => p.place);
    }

    private DeploymentSnapshot Complete(DeploymentSnapshot bare, LearnedTimes learned, int? queuePosition) => bare with
    {
        Steps = [.. bare.Steps.Select((step, index) => step with { Usually = learned.Median.TryGetValue(index, out var median) ? median : null })],
        Health = seen.Complete(bare.StackId, bare.Health),
        QueuePosition = queuePosition,
        ExpectedTotal = learned.Total,
        ExpectedAtMost = learned.TotalP95,
    };

    private static StepSnapshot Show(DeploymentStep step, DeploymentStepRecord? record) => record is null
        ? new StepSnapshot(step, StepOutcome.Pending, null, null, null)
        : new StepSnapshot(step, record.Outcome, record.StartedAt, record.EndedAt, null);
}
