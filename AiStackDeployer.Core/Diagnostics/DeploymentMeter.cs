using System.Diagnostics;
using System.Diagnostics.Metrics;
using AiStackDeployer.Core.Deployments;

namespace AiStackDeployer.Core.Diagnostics;

/// <summary>
/// Counts what becomes of deployments, told by the store after each commit: a transition is stored once, whoever watches and
/// however often a run is repeated, so it is counted at most once, over restarts and replicas alike. What no counter in memory can
/// promise is "exactly once": a process that is killed between the commit and the next scrape takes its counts with it (and
/// the counters begin at zero again, which Prometheus' <c>rate</c> and <c>increase</c> expect). The truth about the past is in the
/// database; these figures are for rates and alerts.
/// </summary>
public sealed class DeploymentMeter
{
    public const string Name = "AiStackDeployer.Deployments";

    /// <summary>From a call that answers at once to the longest that a step may take by default.</summary>
    internal static readonly double[] StepBuckets = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120, 300, 600, 1200];

    /// <summary>A deployment takes ten seconds where all is near and some minutes where an image is pulled: finest in between.</summary>
    internal static readonly double[] DurationBuckets = [1, 2.5, 5, 7.5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 600, 1200, 2400];

    private readonly Counter<long> _started;
    private readonly Counter<long> _ended;
    private readonly Counter<long> _resumed;
    private readonly Histogram<double> _durations;
    private readonly Histogram<double> _steps;

    public DeploymentMeter(IMeterFactory meters)
    {
        var meter = meters.Create(Name);
        _started = meter.CreateCounter<long>(
            "aistack.deployments.started", "{deployment}", "Deployments whose name was claimed.");
        _ended = meter.CreateCounter<long>(
            "aistack.deployments.ended", "{deployment}", "Deployments that ended, by how and why.");
        _resumed = meter.CreateCounter<long>(
            "aistack.deployments.resumed", "{run}", "Runs that took a deployment up where an earlier run had left it.");
        _durations = meter.CreateHistogram(
            "aistack.deployment.duration", "s", "From the claim of the name to the end.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = DurationBuckets });
        _steps = meter.CreateHistogram(
            "aistack.deployment.step.duration", "s", "From the first begin of a step to its end, the time between two runs included.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = StepBuckets });
    }

    /// <summary>
    /// Every series of the counters, at zero. A counter that appears with its first 1 never rises in Prometheus' eyes, and the first
    /// failure of a kind would be missed. To be called once something listens.
    /// </summary>
    public void BeginAtZero()
    {
        _started.Add(0, new TagList { { "kind", Kind } });
        Ended(0, DeploymentPhase.Completed, null);
        Ended(0, DeploymentPhase.Cancelled, null);
        foreach (var code in Enum.GetValues<FailureCode>())
        {
            Ended(0, DeploymentPhase.Failed, code);
        }
        Resumed(0, DeploymentPhase.Running);
        Resumed(0, DeploymentPhase.Unwinding);
    }

    /// <summary>A name is claimed and the claim is stored.</summary>
    public void Claimed() => _started.Add(1, new TagList { { "kind", Kind } });

    /// <summary>A change is stored.</summary>
    public void Committed(in DeploymentMark before, Deployment deployment)
    {
        if (deployment.Run > before.Run && before.Phase is DeploymentPhase.Running or DeploymentPhase.Unwinding)
        {
            Resumed(1, before.Phase);
        }
        foreach (var step in before.EndedSince(deployment))
        {
            _steps.Record((step.EndedAt!.Value - step.StartedAt).TotalSeconds, new TagList
            {
                { "kind", Kind }, { "step", Label.Of(step.Step) }, { "outcome", Label.Of(step.Outcome) },
            });
        }
        if (!before.Phase.IsTerminal() && deployment.Phase.IsTerminal())
        {
            Ended(1, deployment.Phase, deployment.Failure?.Code);
            _durations.Record((deployment.FinishedAt!.Value - deployment.CreatedAt).TotalSeconds, new TagList
            {
                { "kind", Kind }, { "outcome", Label.Of(deployment.Phase) },
            });
        }
    }

    private const string Kind = "deploy";

    private void Ended(int count, DeploymentPhase outcome, FailureCode? reason) => _ended.Add(count, new TagList
    {
        { "kind", Kind }, { "outcome", Label.Of(outcome) }, { "reason", reason is { } code ? Label.Of(code) : Label.None },
    });

    private void Resumed(int count, DeploymentPhase phase) => _resumed.Add(count, new TagList { { "phase", Label.Of(phase) } });
}
