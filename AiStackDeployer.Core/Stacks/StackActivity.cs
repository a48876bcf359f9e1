using System.Text.Json.Serialization;

namespace AiStackDeployer.Core.Stacks;

/// <summary>What a stack's gate tells of it. Written by the gate and not by the agent, but on the agent's machine: for people to see, and for nothing to trust.</summary>
/// <param name="Gate">The gate's own version.</param>
/// <param name="Now">The gate's clock.</param>
/// <param name="LastHumanAt">When a person last did something in a browser; polls and open sockets do not count.</param>
/// <param name="SessionsAtWork">In which the agent works now.</param>
/// <param name="SessionsWaiting">In which it waits for a person's answer.</param>
public sealed record StackActivity(
    string Gate, DateTimeOffset Now, DateTimeOffset StartedAt, DateTimeOffset? LastHumanAt, DateTimeOffset? LastTerminalInputAt, int SessionsAtWork,
    int SessionsWaiting, DateTimeOffset? LastAgentAt, long? MemoryBytes, long? MemoryLimitBytes,
    [property: JsonPropertyName("opencode")] OpenCodeProcess? OpenCode)
{
    /// <summary>How many sessions OpenCode keeps, at work or not; null = it was not asked, or does not tell.</summary>
    public int? SessionsStored { get; init; }

    /// <summary>When it was told, by the portal's clock.</summary>
    [JsonIgnore]
    public DateTimeOffset ToldAt { get; init; }

    /// <summary>When a person last used it, by the portal's clock; null = not since the stack was started.</summary>
    [JsonIgnore]
    public DateTimeOffset? LastUsedAt =>
        LastTerminalInputAt > LastHumanAt || LastHumanAt is null ? ToldAt - (Now - LastTerminalInputAt) : ToldAt - (Now - LastHumanAt);

    /// <summary>When a person or an agent was last at work, by the portal's clock; null = not since it was started. An agent that waits for an answer is at work.</summary>
    [JsonIgnore]
    public DateTimeOffset? LastAtWorkAt
    {
        get
        {
            if (SessionsAtWork > 0 || SessionsWaiting > 0)
            {
                return ToldAt;
            }
            var agent = LastAgentAt is { } at ? ToldAt - (Now - at) : (DateTimeOffset?)null;
            return LastUsedAt is { } person && !(agent > person) ? person : agent;
        }
    }
}

/// <summary>OpenCode as its gate sees it.</summary>
/// <param name="Version">Null = it has not told.</param>
/// <param name="Generation">1 or 2; null = not known yet.</param>
/// <param name="State"><c>starting</c>, <c>running</c> or <c>failed</c>.</param>
public sealed record OpenCodeProcess(string? Version, int? Generation, string? State, int Restarts);
