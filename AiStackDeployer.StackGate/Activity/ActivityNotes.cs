namespace AiStackDeployer.StackGate.Activity;

/// <summary>When a person last did something. The front tells, from any thread and for each request, so this must be cheap.</summary>
internal sealed class ActivityNotes(TimeProvider time)
{
    private long _human;
    private long _terminal;

    public DateTimeOffset? LastHuman => Read(ref _human);

    public DateTimeOffset? LastTerminalInput => Read(ref _terminal);

    /// <summary>A person opened a page or changed something; no poll, no probe, no stream.</summary>
    public void HumanRequest() => Volatile.Write(ref _human, time.GetUtcNow().UtcTicks);

    /// <summary>A person typed into the terminal.</summary>
    public void TerminalInput() => Volatile.Write(ref _terminal, time.GetUtcNow().UtcTicks);

    private static DateTimeOffset? Read(ref long ticks) => Volatile.Read(ref ticks) is var at and not 0 ? new DateTimeOffset(at, TimeSpan.Zero) : null;
}
