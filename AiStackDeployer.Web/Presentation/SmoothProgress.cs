using AiStackDeployer.Core.Deployments;

namespace AiStackDeployer.Web.Presentation;

/// <summary>
/// The percentage one watcher is shown between two snapshots. It moves inside the running step's range as fast as that step
/// usually goes, never back, and reaches 100 only with a stack that answered.
/// </summary>
public sealed class SmoothProgress
{
    /// <summary>Share of a step's range that its usual duration covers; what takes longer creeps through the rest.</summary>
    private const double UsualShare = 0.9;

    /// <summary>Stands in for the usual duration of a step nobody has timed yet: slow enough not to promise anything.</summary>
    private static readonly TimeSpan Unlearned = TimeSpan.FromSeconds(15);

    private double _shown;

    /// <summary>0-100 with a fraction, for the width of the bar.</summary>
    public double Show(DeploymentSnapshot snapshot, DateTimeOffset now) =>
        _shown = Math.Max(_shown, Estimate(snapshot, now));

    /// <summary>The whole percentage for a text.</summary>
    public int Percent => (int)Math.Floor(_shown);

    private static double Estimate(DeploymentSnapshot snapshot, DateTimeOffset now)
    {
        if (snapshot.Phase == DeploymentPhase.Completed)
        {
            return 100;
        }
        // The steps of a snapshot stand at their places in the plan.
        var index = snapshot.Steps.ToList().FindIndex(s => s.Outcome == StepOutcome.Running);
        if (snapshot.Phase != DeploymentPhase.Running
            || snapshot.DokployQueuePosition is not null
            || index < 0
            || snapshot.Steps[index] is not { StartedAt: { } start } step)
        {
            return Math.Min(snapshot.Progress, 99);
        }
        var from = Math.Max(snapshot.Progress, snapshot.Operation.Plan[index].ProgressAtStart);
        var to = Math.Max(from, snapshot.Operation.ProgressAtEnd(index));
        return from + ((to - from) * Share((now - start) / (step.Usually is { Ticks: > 0 } usually ? usually : Unlearned)));
    }

    private static double Share(double parts) => parts switch
    {
        <= 0 => 0,
        <= 1 => UsualShare * parts,
        // Approaches the end of the range without arriving: only the step itself ends it.
        _ => 1 - ((1 - UsualShare) * Math.Exp(1 - parts)),
    };
}
