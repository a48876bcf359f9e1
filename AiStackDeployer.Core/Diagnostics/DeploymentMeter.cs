using System.Diagnostics;
using System.Diagnostics.Metrics;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Deployments.Operations;

namespace AiStackDeployer.Core.Diagnostics;

/// <summary>
/// Counts the outcomes of deployments, as reported by the store after each commit: a transition is stored once, whoever watches and
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
            "aistack.deployments.started", "{deployment}", "Deployments and deletions that were accepted.");
        _ended = meter.CreateCounter<long>(
            "aistack.deployments.ended", "{deployment}", "Deployments and deletions that ended, by how and why.");
        _resumed = meter.CreateCounter<long>(
            "aistack.deployments.resumed", "{run}", "Runs that took over in the middle: after a crash or a restart of the portal, or trouble with its database.");
        _durations = meter.CreateHistogram(
            "aistack.deployment.duration", "s", "From the request to the end; of a deployment that completed, its time to ready.",
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
        foreach (var operation in OperationCatalog.All)
        {
            Started(0, operation);
            Resumed(0, operation);
            Ended(0, operation, DeploymentPhase.Completed, null);
            Ended(0, operation, DeploymentPhase.Cancelled, null);
            foreach (var code in Enum.GetValues<FailureCode>())
            {
                Ended(0, operation, DeploymentPhase.Failed, code);
            }
        }
    }

    /// <summary>It is accepted, and that is stored.</summary>
    public void Accepted(Deployment deployment) => Started(1, deployment.Operation);

    /// <summary>A change is stored.</summary>
    public void Committed(in DeploymentMark before, Deployment deployment)
    {
        if (deployment.Run > before.Run && before is { Phase: not DeploymentPhase.Queued, IsPaused: false })
        {
            Resumed(1, deployment.Operation);
        }
        foreach (var step in before.EndedSince(deployment))
        {
            _steps.Record((step.EndedAt!.Value - step.StartedAt).TotalSeconds, new TagList
            {
                { "kind", deployment.Operation.Name }, { "step", Label.Of(step.Step) }, { "outcome", Label.Of(step.Outcome) },
            });
        }
        if (!before.Phase.IsTerminal() && deployment.Phase.IsTerminal())
        {
            Ended(1, deployment.Operation, deployment.Phase, deployment.Failure?.Code);
            _durations.Record((deployment.FinishedAt!.Value - deployment.CreatedAt).TotalSeconds, new TagList
            {
                { "kind", deployment.Operation.Name }, { "outcome", Label.Of(deployment.Phase) },
            });
        }
    }

    private void Started(int count, Operation operation) => _started.Add(count, new TagList { { "kind", operation.Name } });

    private void Resumed(int count, Operation operation) => _resumed.Add(count, new TagList { { "kind", operation.Name } });

    private void Ended(int count, Operation operation, DeploymentPhase outcome, FailureCode? reason) => _ended.Add(count, new TagList
    {
        { "kind", operation.Name }, { "outcome", Label.Of(outcome) }, { "reason", reason is { } code ? Label.Of(code) : Label.None },
    });
}
