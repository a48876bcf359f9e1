using System.Diagnostics.Metrics;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Core.Diagnostics;

/// <summary>
/// The line and what is in progress, the stacks there are, and whether the database can be read. Without an answer of the database
/// there are no figures.
/// </summary>
public sealed class ActiveMeter
{
    public const string Name = "AiStackDeployer.Active";

    /// <summary>All of them, so that a group without anybody is 0 and not missing.</summary>
    private static readonly (Operation Operation, DeploymentPhase Phase)[] Groups =
    [
        .. from operation in OperationCatalog.All
           from phase in Enum.GetValues<DeploymentPhase>()
           where !phase.IsTerminal()
           select (operation, phase),
    ];

    public ActiveMeter(IMeterFactory meters, ActiveCensus census, TimeProvider time)
    {
        var meter = meters.Create(Name);
        meter.CreateObservableGauge(
            "aistack.deployments.active", () => Counts(census), "{deployment}", "Deployments that wait, run or unwind now.");
        meter.CreateObservableGauge(
            "aistack.deployments.queue.oldest.age", () => OldestAge(census, time), "s", "How long the first one in line has waited; 0 = nobody waits.");
        meter.CreateObservableGauge(
            "aistack.stacks", () => Stacks(census), "{stack}", "Stacks whose names are taken, by their state.");
        meter.CreateObservableGauge(
            "aistack.stacks.health", () => Healths(census), "{stack}", "Ready stacks, by whether they answer now.");
        meter.CreateObservableGauge(
            "aistack.database.up", () => Up(census), description: "1 = the portal's database can be read.");
    }

    private static IEnumerable<Measurement<int>> Up(ActiveCensus census)
    {
        if (census.Read() is { IsKnown: true, Value: var figures })
        {
            yield return new Measurement<int>(figures is null ? 0 : 1);
        }
    }

    private static IEnumerable<Measurement<long>> Counts(ActiveCensus census)
    {
        if (census.Read().Value is not { } figures)
        {
            yield break;
        }
        foreach (var (operation, phase) in Groups)
        {
            yield return new Measurement<long>(
                figures.Counts.Where(c => c.Operation == operation && c.Phase == phase).Sum(c => c.Count),
                new KeyValuePair<string, object?>("kind", operation.Name), new KeyValuePair<string, object?>("phase", Label.Of(phase)));
        }
    }

    private static IEnumerable<Measurement<long>> Stacks(ActiveCensus census)
    {
        if (census.Read().Value is not { } figures)
        {
            yield break;
        }
        // A deleted one is history and no stack any more.
        foreach (var state in Enum.GetValues<StackState>().Where(s => s != StackState.Deleted))
        {
            yield return new Measurement<long>(
                figures.Stacks.Where(s => s.State == state).Sum(s => s.Count), new KeyValuePair<string, object?>("state", Label.Of(state)));
        }
    }

    private static IEnumerable<Measurement<long>> Healths(ActiveCensus census)
    {
        if (census.Read().Value is not { } figures)
        {
            yield break;
        }
        foreach (var health in Enum.GetValues<HealthState>())
        {
            yield return new Measurement<long>(
                figures.Stacks.Where(s => s.State == StackState.Ready && s.Health == health).Sum(s => s.Count),
                new KeyValuePair<string, object?>("health", Label.Of(health)));
        }
    }

    private static IEnumerable<Measurement<double>> OldestAge(ActiveCensus census, TimeProvider time)
    {
        if (census.Read().Value is { } figures)
        {
            yield return new Measurement<double>(
                figures.OldestQueued is { } since ? Math.Max(0, (time.GetUtcNow() - since).TotalSeconds) : 0);
        }
    }
}
