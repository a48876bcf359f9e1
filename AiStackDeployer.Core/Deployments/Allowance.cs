namespace AiStackDeployer.Core.Deployments;

/// <summary>How much a caller may begin. Who may how much is decided where people are known; this room only keeps to it.</summary>
public sealed record Allowance
{
    public static readonly Allowance Unlimited = new();

    /// <summary>How many stacks an owner may have, who need not be the caller; null = any number.</summary>
    public Func<string, CancellationToken, Task<int?>>? Stacks { get; init; }

    /// <summary>
    /// Counts one more beginning. Returns how long to wait where there were too many, and then counts nothing; null = it may begin.
    /// Asked directly before something is stored, so that refused names and repeated requests do not count.
    /// </summary>
    public Func<TimeSpan?>? Count { get; init; }

    internal BeginResult.TooMany? Refusal() => Count?.Invoke() is { } wait ? new BeginResult.TooMany(wait) : null;
}
