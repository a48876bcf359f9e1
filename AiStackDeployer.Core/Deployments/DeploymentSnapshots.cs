using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Core.Deployments;

/// <summary>Draws a snapshot from a deployment's facts, the line in front of it, and what past runs teach.</summary>
public sealed class DeploymentSnapshots(IDeploymentStore store, DurationLearner learner)
{
    public async Task<DeploymentSnapshot?> FindAsync(string deploymentId, CancellationToken cancellationToken) =>
        await store.FindAsync(deploymentId, cancellationToken) is { } deployment
            ? (await DrawAsync([deployment], cancellationToken))[0]
            : null;

    public async Task<DeploymentSnapshot> DrawAsync(Deployment deployment, CancellationToken cancellationToken) =>
        (await DrawAsync([deployment], cancellationToken))[0];

    public async Task<IReadOnlyList<DeploymentSnapshot>> DrawAsync(
        IReadOnlyList<Deployment> deployments, CancellationToken cancellationToken)
    {
        var learned = new Dictionary<DeploymentKind, LearnedTimes>();
        foreach (var kind in deployments.Select(d => d.Kind).Distinct())
        {
            learned[kind] = await learner.GetAsync(kind, cancellationToken);
        }
        var line = deployments.Any(d => d.Phase == DeploymentPhase.Queued)
            ? await store.ListQueuedIdsAsync(cancellationToken)
            : [];
        var places = line.Select((id, index) => (id, place: index + 1)).ToDictionary(p => p.id, p => p.place);
        return [.. deployments.Select(d => Draw(d, learned[d.Kind], places.TryGetValue(d.Id, out var place) ? place : null))];
    }

    internal static DeploymentSnapshot Draw(Deployment deployment, LearnedTimes learned, int? placeInLine)
    {
        var records = deployment.Steps.ToDictionary(s => s.Step);
        var plan = DeploymentPlan.Of(deployment.Kind);
        var shown = records.ContainsKey(DeploymentStep.CleanUp) || deployment.Phase == DeploymentPhase.Unwinding
            ? plan.Append(DeploymentStep.CleanUp)
            : plan;
        return new DeploymentSnapshot
        {
            Id = deployment.Id,
            Kind = deployment.Kind,
            StackId = deployment.StackId,
            Name = deployment.Name,
            OwnerId = deployment.OwnerId,
            Url = deployment.Stack.Url,
            TerminalUrl = deployment.Stack.TerminalPath is { } path ? deployment.Stack.Url + path : null,
            Phase = deployment.Phase,
            CurrentStep = deployment.CurrentStep,
            Progress = deployment.Progress,
            Steps = [.. shown.Select(step => records.TryGetValue(step, out var record)
                ? new StepSnapshot(step, record.Outcome, record.StartedAt, record.EndedAt, Usual(step))
                : new StepSnapshot(step, StepOutcome.Pending, null, null, Usual(step)))],
            CreatedAt = deployment.CreatedAt,
            StartedAt = deployment.StartedAt,
            FinishedAt = deployment.FinishedAt,
            PlaceInLine = placeInLine,
            PlaceInDokploy = deployment.PlaceInDokploy,
            Failure = deployment.Failure,
            CancelRequested = deployment.CancelRequestedAt is not null,
            TerminalAnswers = deployment.Stack.TerminalAnswers,
            // While it is made anew, what an earlier try left may be in use again.
            KeptVolumes = deployment is { Kind: DeploymentKind.Deploy, Phase: DeploymentPhase.Queued or DeploymentPhase.Running }
                ? []
                : deployment.KeptVolumes ?? [],
            StackState = deployment.Stack.State,
            StackFailedAt = deployment.Stack.FailedAt,
            StackReleasedAt = deployment.Stack.ReleasedAt,
            StackDeletedAt = deployment.Stack.State == StackState.Deleted ? deployment.Stack.ReleasedAt : null,
            LastDeploymentId = deployment.Stack.LastDeploymentId,
            LastSequence = deployment.LastSequence,
            TraceId = deployment.TraceId,
            ExpectedTotal = learned.Total,
            ExpectedAtMost = learned.TotalP95,
        };

        TimeSpan? Usual(DeploymentStep step) => learned.Median.TryGetValue(step, out var median) ? median : null;
    }
}
