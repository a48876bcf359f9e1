namespace AiStackDeployer.Core.Deployments;

/// <summary>Learned from past successful runs.</summary>
/// <param name="Median">Per position in the plan; empty when there is no run to learn from.</param>
/// <param name="Total">The median of the whole way.</param>
/// <param name="TotalP95">The 95th percentile of the whole way; null while there are too few runs for one.</param>
public sealed record LearnedTimes(IReadOnlyDictionary<int, TimeSpan> Median, TimeSpan? Total, TimeSpan? TotalP95)
{
    public static LearnedTimes None { get; } = new(new Dictionary<int, TimeSpan>(), null, null);
}

/// <summary>The durations of one completed operation, and of its steps by their positions in the plan.</summary>
public sealed record PastRun(TimeSpan Total, IReadOnlyDictionary<int, TimeSpan> Steps);
