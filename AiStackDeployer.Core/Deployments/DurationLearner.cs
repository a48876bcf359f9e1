using AiStackDeployer.Core.Deployments.Operations;

namespace AiStackDeployer.Core.Deployments;

/// <summary>What the last fifty successful runs of a kind took. Read at most every fifteen seconds: it changes slowly and every watcher asks.</summary>
public sealed class DurationLearner(IDeploymentStore store, TimeProvider time)
{
    private const int Runs = 50;

    /// <summary>Below this the 95th percentile is a single run, and every other run would be "slower than usual".</summary>
    private const int FewestForP95 = 5;

    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(15);

    private readonly Lock _gate = new();
    private readonly Dictionary<Operation, (Task<LearnedTimes> Times, long At)> _learned = [];

    public Task<LearnedTimes> GetAsync(Operation operation, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            // A failed reading is not kept: the next watcher tries again.
            if (!_learned.TryGetValue(operation, out var known) || known.Times.IsFaulted || known.Times.IsCanceled
                || time.GetElapsedTime(known.At) >= Fresh)
            {
                // Not the caller's token: others wait for the same answer. Not the caller's thread either: SQLite reads
                // synchronously, and the gate is held meanwhile.
                known = (Task.Run(() => LearnAsync(operation), CancellationToken.None), time.GetTimestamp());
                _learned[operation] = known;
            }
            return known.Times.WaitAsync(cancellationToken);
        }
    }

    internal static LearnedTimes Learn(IReadOnlyList<PastRun> runs)
    {
        if (runs.Count == 0)
        {
            return LearnedTimes.None;
        }
        var median = runs.SelectMany(run => run.Steps)
            .GroupBy(taken => taken.Key, taken => taken.Value)
            .ToDictionary(step => step.Key, step => Percentile([.. step], 0.5));
        var totals = runs.Select(r => r.Total).ToList();
        return new LearnedTimes(median, Percentile(totals, 0.5), totals.Count < FewestForP95 ? null : Percentile(totals, 0.95));
    }

    /// <summary>Nearest rank, so the answer is a duration that really happened.</summary>
    public static TimeSpan Percentile(IReadOnlyCollection<TimeSpan> values, double share)
    {
        var sorted = values.Order().ToList();
        return sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Count) - 1, 0, sorted.Count - 1)];
    }

    private async Task<LearnedTimes> LearnAsync(Operation operation) =>
        Learn(await store.ReadPastRunsAsync(operation, Runs, CancellationToken.None));
}
