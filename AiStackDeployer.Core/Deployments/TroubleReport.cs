using AiStackDeployer.Core.Naming;
using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Core.Deployments;

/// <summary>A stack that an administrator should look at.</summary>
/// <param name="DeploymentId">The newest operation on it.</param>
/// <param name="HasFailed">Its newest operation failed, or something of it was left behind.</param>
/// <param name="Cause">Why; null = it did not fail, or was cancelled and left something behind.</param>
/// <param name="FailedAt">When; null = it did not fail.</param>
public sealed record TroubledStack(
    string StackId, StackName Name, string DeploymentId, StackState State, StackHealth Health, bool HasFailed, FailureCode? Cause, DateTimeOffset? FailedAt);

/// <summary>Stacks with one thing in common that is wrong with them.</summary>
/// <param name="Since">When the first of them began to be so.</param>
public abstract record TroubleGroup(IReadOnlyList<TroubledStack> Stacks, DateTimeOffset? Since);

/// <param name="Cause">Null = cancelled, and something was left behind.</param>
public sealed record FailureGroup(FailureCode? Cause, IReadOnlyList<TroubledStack> Stacks, DateTimeOffset? Since) : TroubleGroup(Stacks, Since);

/// <param name="Health">What they have in common: state, layer and what is missing.</param>
public sealed record SilentGroup(StackHealth Health, IReadOnlyList<TroubledStack> Stacks, DateTimeOffset? Since) : TroubleGroup(Stacks, Since);

/// <summary>What is wrong with stacks, by cause; the largest group first.</summary>
public sealed record TroubleReport(IReadOnlyList<FailureGroup> Failures, IReadOnlyList<SilentGroup> Silent)
{
    public bool IsEmpty => Failures.Count == 0 && Silent.Count == 0;

    public static TroubleReport Of(IReadOnlyCollection<TroubledStack> stacks) => new(
        [
            .. stacks.Where(s => s.HasFailed).GroupBy(s => s.Cause)
                .Select(g => new FailureGroup(g.Key, [.. g.OrderBy(s => s.FailedAt)], g.Min(s => s.FailedAt))).OrderByDescending(g => g.Stacks.Count),
        ],
        [
            .. stacks.Where(s => s.State == StackState.Ready && s.Health.IsFailing())
                .GroupBy(s => new StackHealth(s.Health.State, Layer: s.Health.Missing is null ? s.Health.Layer : null, Missing: s.Health.Missing))
                .Select(g => new SilentGroup(g.Key, [.. g.OrderBy(s => s.Health.Since)], g.Min(s => s.Health.Since))).OrderByDescending(g => g.Stacks.Count),
        ]);
}

/// <summary>How making stacks went on one day.</summary>
/// <param name="P50">Half of those that got ready were within this time, from the press on; null = none did.</param>
/// <param name="P95">The same of nineteen in twenty.</param>
public sealed record DayFigures(DateOnly Day, int Completed, int Failed, TimeSpan? P50, TimeSpan? P95)
{
    /// <summary>Every day from the first to the last, also those on which nothing happened.</summary>
    public static IReadOnlyList<DayFigures> Of(IEnumerable<EndedDeployment> ended, DateOnly first, DateOnly last, TimeZoneInfo zone)
    {
        var days = ended.ToLookup(e => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(e.FinishedAt, zone).DateTime));
        return [.. Enumerable.Range(0, last.DayNumber - first.DayNumber + 1).Select(first.AddDays).Select(day => Of(day, [.. days[day]]))];
    }

    private static DayFigures Of(DateOnly day, IReadOnlyList<EndedDeployment> ended)
    {
        List<TimeSpan> times = [.. ended.Where(e => e.IsCompleted).Select(e => e.FinishedAt - e.CreatedAt)];
        return new DayFigures(
            day, times.Count, ended.Count - times.Count,
            times.Count == 0 ? null : DurationLearner.Percentile(times, 0.5), times.Count == 0 ? null : DurationLearner.Percentile(times, 0.95));
    }
}

/// <summary>A stack's making that completed or failed.</summary>
public sealed record EndedDeployment(DateTimeOffset CreatedAt, DateTimeOffset FinishedAt, bool IsCompleted);

/// <summary>How many stacks have this image.</summary>
public sealed record ImageCount(string Image, int Stacks);
