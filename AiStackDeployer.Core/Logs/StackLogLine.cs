namespace AiStackDeployer.Core.Logs;

/// <summary>Who wrote a line.</summary>
public enum LogSource
{
    /// <summary>OpenCode in the stack, through the stack's gate.</summary>
    Opencode,

    /// <summary>The portal, about the stack.</summary>
    Portal,

    /// <summary>The container's own output, as Dokploy has it.</summary>
    Container,
}

public enum LineLevel
{
    Debug,
    Info,
    Warn,
    Error,
}

/// <summary>One line of a stack's log, with its secrets masked.</summary>
public sealed record StackLogLine
{
    /// <summary>Its place; opaque, and only good for the same stack.</summary>
    public required string Cursor { get; init; }

    public required DateTimeOffset At { get; init; }

    public required LogSource Source { get; init; }

    /// <summary>What happened, such as <c>session.error</c>; null of a container's line.</summary>
    public string? Type { get; init; }

    public required LineLevel Level { get; init; }

    /// <summary>OpenCode's session; null = of none.</summary>
    public string? SessionId { get; init; }

    /// <summary>One sentence; null = the type and the facts say it all.</summary>
    public string? Message { get; init; }

    /// <summary>Facts, such as a model or a duration.</summary>
    public IReadOnlyDictionary<string, string> Attrs { get; init; } = new Dictionary<string, string>();
}

/// <summary>Which lines; what is empty does not filter.</summary>
public sealed record StackLogQuery
{
    public const int MostLines = 500;
    public const int LongestSearch = 200;
    public const int LongestCursor = 200;

    /// <summary>Words that must all be in a line, whatever their case.</summary>
    public string? Search { get; init; }

    public IReadOnlyList<LineLevel> Levels { get; init; } = [];

    /// <summary>Only the container's own output is read from there, whatever else there is.</summary>
    public IReadOnlyList<LogSource> Sources { get; init; } = [];

    public string? Type { get; init; }

    /// <summary>Only lines older than this one.</summary>
    public string? Before { get; init; }

    /// <summary>Only lines newer than this one.</summary>
    public string? After { get; init; }

    public int Limit { get; init; } = 100;

    internal bool IsFiltered => Search is not null || Levels.Count > 0 || Sources.Count > 0 || Type is not null;
}

/// <summary>Where lines were read from.</summary>
public enum LogOrigin
{
    Ingest,
    Container,
}

/// <summary>What the log ingest said, where it matters why lines come from elsewhere.</summary>
public enum IngestState
{
    Answers,

    /// <summary>The portal has none.</summary>
    NotConfigured,

    /// <summary>It answers, and has nothing of this stack.</summary>
    Empty,

    /// <summary>It does not answer, or not in a way that is understood.</summary>
    Away,

    /// <summary>It does not take the portal's key.</summary>
    KeyRefused,
}

public abstract record StackLogAnswer
{
    private StackLogAnswer()
    {
    }

    /// <param name="Lines">Newest first; those after a cursor oldest first.</param>
    /// <param name="More">Whether there are more in this direction.</param>
    public sealed record Page(IReadOnlyList<StackLogLine> Lines, bool More, LogOrigin Origin, IngestState Ingest) : StackLogAnswer;

    /// <summary>The lines cannot be read now.</summary>
    public sealed record Away(IngestState Ingest) : StackLogAnswer;

    /// <summary>The cursor is none of this log's.</summary>
    public sealed record CursorInvalid : StackLogAnswer;
}
