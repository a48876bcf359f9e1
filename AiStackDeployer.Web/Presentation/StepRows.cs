using AiStackDeployer.Core.Deployments;

namespace AiStackDeployer.Web.Presentation;

/// <summary>The rows of the step list: what a person can tell apart, coarser than the plan's own steps.</summary>
public enum StepRow
{
    Name,
    Project,
    Application,
    StorageAndAddress,
    DeployAccepted,
    Container,
    Readiness,
    DeleteAccepted,
    ContainerRemoved,
    AddressAndProjectRemoved,
    Gone,
    AddressRemoved,
    ContainerStopped,
    ContainerStarted,
    CleanUp,
}

/// <summary>One row as drawn. Times are summed over the row's steps; null where nothing is known.</summary>
public sealed record StepRowState(StepRow Row, StepOutcome Outcome, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt, TimeSpan? Usually);

public static class StepRows
{
    public static StepRow RowOf(DeploymentStep step) => step switch
    {
        DeploymentStep.ClaimName => StepRow.Name,
        DeploymentStep.EnsureProject => StepRow.Project,
        DeploymentStep.EnsureApplication or DeploymentStep.Configure => StepRow.Application,
        DeploymentStep.EnsureVolumes or DeploymentStep.EnsureDomain => StepRow.StorageAndAddress,
        DeploymentStep.TriggerDeploy => StepRow.DeployAccepted,
        DeploymentStep.AwaitDokploy or DeploymentStep.AwaitContainer => StepRow.Container,
        DeploymentStep.AwaitReadiness => StepRow.Readiness,
        DeploymentStep.AcceptDelete => StepRow.DeleteAccepted,
        DeploymentStep.RemoveApplication => StepRow.ContainerRemoved,
        DeploymentStep.RemoveDomain or DeploymentStep.RemoveProject => StepRow.AddressAndProjectRemoved,
        DeploymentStep.CheckUnused => StepRow.AddressRemoved,
        DeploymentStep.StopContainer => StepRow.ContainerStopped,
        DeploymentStep.StartContainer => StepRow.ContainerStarted,
        DeploymentStep.ProveGone => StepRow.Gone,
        DeploymentStep.CleanUp => StepRow.CleanUp,
        _ => throw new ArgumentOutOfRangeException(nameof(step), step, null),
    };

    public static IReadOnlyList<StepRowState> Of(DeploymentSnapshot snapshot) =>
        [.. Runs(snapshot.Steps).Select(run => Combine(RowOf(snapshot, run[0].Step), run))];

    /// <summary>A stop removes the address and leaves the project.</summary>
    private static StepRow RowOf(DeploymentSnapshot snapshot, DeploymentStep step) =>
        step == DeploymentStep.RemoveDomain && !snapshot.Operation.RemovesStack ? StepRow.AddressRemoved : RowOf(step);

    /// <summary>Steps of one row that follow each other; a plan may come back to a row later.</summary>
    private static List<List<StepSnapshot>> Runs(IReadOnlyList<StepSnapshot> steps)
    {
        var runs = new List<List<StepSnapshot>>();
        foreach (var step in steps)
        {
            if (runs.Count == 0 || RowOf(runs[^1][0].Step) != RowOf(step.Step))
            {
                runs.Add([]);
            }
            runs[^1].Add(step);
        }
        return runs;
    }

    private static StepRowState Combine(StepRow row, IReadOnlyList<StepSnapshot> steps)
    {
        var outcome = OutcomeOf(steps);
        var starts = steps.Where(s => s.StartedAt is not null).Select(s => s.StartedAt!.Value).ToList();
        var ends = steps.Where(s => s.EndedAt is not null).Select(s => s.EndedAt!.Value).ToList();
        var usual = steps.Where(s => s.Usually is not null).Select(s => s.Usually!.Value).ToList();
        return new StepRowState(
            row,
            outcome,
            starts.Count == 0 ? null : starts.Min(),
            outcome is StepOutcome.Running or StepOutcome.Pending || ends.Count == 0 ? null : ends.Max(),
            usual.Count == 0 ? null : usual.Aggregate(TimeSpan.Zero, (sum, one) => sum + one));
    }

    private static StepOutcome OutcomeOf(IReadOnlyList<StepSnapshot> steps)
    {
        if (steps.Any(s => s.Outcome == StepOutcome.Failed))
        {
            return StepOutcome.Failed;
        }
        if (steps.Any(s => s.Outcome == StepOutcome.Running))
        {
            return StepOutcome.Running;
        }
        if (steps.All(s => s.Outcome == StepOutcome.Pending))
        {
            return StepOutcome.Pending;
        }
        if (steps.Any(s => s.Outcome == StepOutcome.Pending))
        {
            // Between two steps of one row. When the second was given up, its record says so and the row is not pending.
            return StepOutcome.Running;
        }
        return steps.Any(s => s.Outcome == StepOutcome.Done) ? StepOutcome.Done : StepOutcome.Skipped;
    }
}
