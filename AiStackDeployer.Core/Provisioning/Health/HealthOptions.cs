namespace AiStackDeployer.Core.Provisioning.Health;

/// <summary>How often the portal looks whether ready stacks answer.</summary>
public sealed record HealthOptions
{
    /// <summary>Each ready stack is looked at once in this time, spread over it.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>When the first round begins: after a start the people who are there come first.</summary>
    public TimeSpan FirstAfter { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Never more looks than this in a second; with more stacks a round takes longer than the interval.</summary>
    public int PerSecond { get; init; } = 50;

    /// <summary>Looks at the same time.</summary>
    public int Parallel { get; init; } = 32;

    /// <summary>A stack that does not answer is looked at once more after this, before that is said.</summary>
    public TimeSpan SecondLookAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A stack that was looked at less than this ago is not looked at again because somebody opens its page.</summary>
    public TimeSpan Fresh { get; init; } = TimeSpan.FromSeconds(30);
}
