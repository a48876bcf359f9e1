namespace AiStackDeployer.StackGate.Supervision;

/// <summary>How long to wait before a program is started again: longer each time, until it has lived for a while.</summary>
internal sealed class Backoff
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>A shorter life is a failed start.</summary>
    public static TimeSpan Quick { get; } = TimeSpan.FromMinutes(1);

    public int QuickEnds { get; private set; }

    /// <param name="worked">Whether it ever answered.</param>
    public TimeSpan Next(TimeSpan lived, bool worked)
    {
        QuickEnds = worked && lived >= Quick ? 0 : QuickEnds + 1;
        return TimeSpan.FromSeconds(Math.Min(Longest.TotalSeconds, Math.Pow(2, QuickEnds - 1)));
    }
}
