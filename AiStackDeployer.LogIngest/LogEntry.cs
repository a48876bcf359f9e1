namespace AiStackDeployer.LogIngest;

/// <summary>What Loki calls a stream, and what the queue divides its room among.</summary>
internal readonly record struct LogStream(string Stack, string Source);

internal static class LogSource
{
    public const string OpenCode = "opencode";
    public const string Portal = "portal";

    public static IReadOnlyList<string> All { get; } = [OpenCode, Portal];
}

/// <summary>An event that was accepted: checked, cleaned, and with its place in time fixed, so that sending it twice stores it once.</summary>
internal sealed record LogEntry
{
    public required LogStream Stream { get; init; }

    /// <summary>Nanoseconds since 1970.</summary>
    public required long Ns { get; init; }

    public required string EventId { get; init; }

    public required string Type { get; init; }

    public required string Level { get; init; }

    public string? SessionId { get; init; }

    public string? Message { get; init; }

    /// <summary>A flat JSON object of strings in UTF-8, which takes a third of the memory of a dictionary; empty = none.</summary>
    public required byte[] Attrs { get; init; }

    /// <summary>About what it takes in memory: the object and its strings, two bytes a character.</summary>
    public int Bytes => 200 + Attrs.Length + (2 * (EventId.Length + Type.Length + (SessionId?.Length ?? 0) + (Message?.Length ?? 0)));
}
