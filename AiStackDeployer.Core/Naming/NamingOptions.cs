namespace AiStackDeployer.Core.Naming;

/// <summary>Times and limits of the availability check.</summary>
public sealed record NamingOptions
{
    /// <summary>How long a hold lasts without renewal, so how long a crashed form blocks a name.</summary>
    public TimeSpan HoldLength { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Pause between two renewals: a third of <see cref="HoldLength"/>, so that two may fail.</summary>
    public TimeSpan RenewEvery { get; init; } = TimeSpan.FromSeconds(40);

    /// <summary>How long a person must have stopped typing before the question goes out.</summary>
    public TimeSpan QuietPeriod { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How long a definite upstream answer is used again.</summary>
    public TimeSpan CacheFor { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long one upstream call may take before it counts as unreachable; time spent queued does not count.</summary>
    public TimeSpan UpstreamTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long "taken" may wait for its suggestions; after that it comes with those found so far.</summary>
    public TimeSpan SuggestionTimeout { get; init; } = TimeSpan.FromSeconds(1.5);

    /// <summary>Upstream calls at the same time, over all people.</summary>
    public int UpstreamConcurrency { get; init; } = 4;

    /// <summary>Upstream calls a second in the long run, over all people.</summary>
    public int UpstreamCallsPerSecond { get; init; } = 20;

    /// <summary>Upstream calls that may start at once after a calm moment: one check with its suggestions, and some room.</summary>
    public int UpstreamBurst { get; init; } = 8;

    /// <summary>Suggestions offered beside a name that cannot be had.</summary>
    public int SuggestionCount { get; init; } = 3;
}
