namespace AiStackDeployer.StackGate.OpenCode;

/// <summary>What one frame of OpenCode's event stream says, as far as the gate cares. Both generations end up here.</summary>
internal abstract record OpenCodeFact
{
    /// <summary>OpenCode's own id of the event (<c>evt_…</c>).</summary>
    public string? Id { get; init; }

    /// <summary>The folder in which it happened. It is never sent on.</summary>
    public string? Directory { get; init; }

    public string? SessionId { get; init; }

    /// <summary>What a person or a model wrote; read only when an operator wants it in the log.</summary>
    public string? Content { get; init; }
}

/// <summary>Something else happened in a session: a sign of life, and nothing to tell.</summary>
internal sealed record SessionTouched : OpenCodeFact;

internal sealed record SessionCreated(string? ParentId) : OpenCodeFact;

internal sealed record SessionDeleted : OpenCodeFact;

internal sealed record SessionCompacted : OpenCodeFact;

internal enum SessionStatus
{
    Idle,
    Busy,
    Retry,
}

internal sealed record SessionStatusTold(SessionStatus Status, string? Attempt = null) : OpenCodeFact;

/// <param name="Ends">The session is idle with it.</param>
internal sealed record SessionFailed(string? Error, string? StatusCode, bool Ends = false) : OpenCodeFact;

/// <summary>A model begins a message; only V2 tells, and only here by which model.</summary>
internal sealed record MessageStarted(string MessageId, string? Model, string? Provider, string? Agent) : OpenCodeFact;

internal sealed record MessageCompleted(string MessageId) : OpenCodeFact
{
    public string? Model { get; init; }

    public string? Provider { get; init; }

    public string? Agent { get; init; }

    public string? Finish { get; init; }

    public string? Error { get; init; }

    public string? Cost { get; init; }

    public string? TokensInput { get; init; }

    public string? TokensOutput { get; init; }

    public string? TokensReasoning { get; init; }

    public string? TokensCacheRead { get; init; }

    public string? TokensCacheWrite { get; init; }

    public long? DurationMs { get; init; }
}

/// <summary>Read only when an operator wants content: a prompt, or a part of an answer that is complete.</summary>
internal sealed record MessageWritten(string PartId) : OpenCodeFact;

/// <summary>Only V2 tells, and only here which tool it is.</summary>
internal sealed record ToolStarted(string CallId, string? Tool) : OpenCodeFact;

internal sealed record ToolExecuted(string CallId, string? Tool, bool Failed, string? ExitCode, long? DurationMs) : OpenCodeFact;

internal enum RequestKind
{
    Permission,
    Question,
}

/// <summary>A session waits for a person.</summary>
/// <param name="What">The kind of permission, such as <c>bash</c>.</param>
internal sealed record RequestAsked(RequestKind Kind, string RequestId, string? What) : OpenCodeFact;

internal sealed record RequestAnswered(RequestKind Kind, string RequestId, string? Reply) : OpenCodeFact;

internal sealed record PtyCreated(string? PtyId) : OpenCodeFact;

internal sealed record PtyExited(string? PtyId, string? ExitCode) : OpenCodeFact;

/// <param name="Type">Its full name on the wire, <c>mcp.…</c>.</param>
internal sealed record McpChanged(string Type, string? Server, string? Status) : OpenCodeFact;

/// <summary>OpenCode let go of everything in one folder: no session is at work there any more, and none will say so.</summary>
/// <param name="Folder">Null = in all of them.</param>
internal sealed record InstanceDisposed(string? Folder) : OpenCodeFact;
