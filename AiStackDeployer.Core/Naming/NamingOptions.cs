namespace AiStackDeployer.Core.Naming;

/// <summary>Times of the availability check.</summary>
public sealed record NamingOptions
{
    /// <summary>How long a hold lasts without renewal, so how long a crashed form blocks a name.</summary>
    public TimeSpan HoldLength { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Pause between two renewals: a third of <see cref="HoldLength"/>, so that two may fail.</summary>
    public TimeSpan RenewEvery { get; init; } = TimeSpan.FromSeconds(40);

    /// <summary>How long a person must have stopped typing before the question goes out.</summary>
    public TimeSpan QuietPeriod { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How long the list of upstream names, or the failure to get it, is used before it is read again; longer when reading is slow.</summary>
    public TimeSpan FreshAtLeast { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>However slow reading is. Zero: every question reads.</summary>
    public TimeSpan FreshAtMost { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an answer waits for the list; after that the name counts as not checked.</summary>
    public TimeSpan UpstreamTimeout { get; init; } = TimeSpan.FromSeconds(5);
}
