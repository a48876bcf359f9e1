namespace AiStackDeployer.Core.Stacks;

/// <summary>What happens to a stack that nobody uses.</summary>
/// <param name="StopAfter">Without a person's input and an agent at work for this long, it is stopped; null = never.</param>
/// <param name="DeleteAfter">Unused for this long, it is stopped and, after a time in which it can be brought back, deleted; null = never.</param>
public sealed record LifePolicy(TimeSpan? StopAfter, TimeSpan? DeleteAfter)
{
    public static LifePolicy None { get; } = new(null, null);

    /// <summary>A stop is announced this long before, where the policy leaves the time.</summary>
    public TimeSpan StopNotice => StopAfter is { } after && after / 4 < LongestStopNotice ? after / 4 : LongestStopNotice;

    /// <summary>A deletion is announced this long before, where the policy leaves the time.</summary>
    public TimeSpan DeleteNotice => DeleteAfter is { } after && after / 4 < LongestDeleteNotice ? after / 4 : LongestDeleteNotice;

    /// <summary>How long a stack that was deleted for being unused can be brought back.</summary>
    public static TimeSpan ExpiredUndoWindow { get; } = TimeSpan.FromDays(14);

    private static readonly TimeSpan LongestStopNotice = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan LongestDeleteNotice = TimeSpan.FromDays(7);
}

/// <summary>The policies that hold now.</summary>
public interface ILifePolicies
{
    /// <returns>The policy for the stacks of an owner, whose id it takes; null = there is none for anybody.</returns>
    Task<Func<string, LifePolicy>?> ReadAsync(CancellationToken cancellationToken);
}
