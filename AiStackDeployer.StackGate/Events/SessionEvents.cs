using System.Globalization;
using AiStackDeployer.StackGate.OpenCode;
using AiStackDeployer.StackGate.Supervision;

namespace AiStackDeployer.StackGate.Events;

/// <summary>
/// What of OpenCode's events goes to the log: an allow-list of metadata. Each message, tool and request is told once, however often OpenCode
/// repeats it. Only <see cref="OpenCodeFact.Content"/> holds what somebody wrote, and it is null unless an operator asked for it.
/// </summary>
internal sealed class SessionEvents(EventLog log)
{
    private const int Remembered = 1_000;

    private readonly Recent<SessionStatus> _statuses = new(Remembered);
    private readonly Recent<bool> _told = new(Remembered);
    private readonly Recent<MessageStarted> _messages = new(Remembered);
    private readonly Recent<ToolStarted> _tools = new(Remembered);

    public void Started(OpenCodeRun run) =>
        log.Add("opencode.started", attrs: [("version", run.Version), ("generation", run.Generation.ToString(CultureInfo.InvariantCulture))]);

    public void Apply(OpenCodeFact fact)
    {
        switch (fact)
        {
            case SessionCreated created:
                Add(fact, "session.created", attrs: ("parent_id", created.ParentId));
                break;
            case SessionDeleted:
                Add(fact, "session.deleted");
                break;
            case SessionCompacted:
                Add(fact, "session.compacted");
                break;
            case SessionStatusTold { SessionId: { } session } told when told.Status == SessionStatus.Retry || !_statuses.TryGet(session, out var before) || before != told.Status:
                _statuses.Set(session, told.Status);
                Add(fact, "session.status", told.Status == SessionStatus.Retry ? "warn" : "info", ("status", Word(told.Status)), ("attempt", told.Attempt));
                break;
            case SessionFailed failed:
                Fail(failed);
                break;
            case MessageStarted started:
                _messages.TryAdd(started.MessageId, started);
                break;
            case MessageCompleted message when _told.TryAdd(message.MessageId, true):
                Complete(message);
                break;
            case MessageWritten written when _told.TryAdd(written.PartId, true):
                Add(fact, "message.text");
                break;
            case ToolStarted started:
                _tools.TryAdd(started.SessionId + started.CallId, started);
                break;
            case ToolExecuted tool when _told.TryAdd(tool.SessionId + tool.CallId, true):
                _tools.TryGet(tool.SessionId + tool.CallId, out var known);
                Add(fact, "tool.executed", tool.Failed ? "warn" : "info",
                    ("tool", tool.Tool ?? known?.Tool), ("outcome", tool.Failed ? "error" : "completed"), ("exit", tool.ExitCode), ("duration_ms", Text(tool.DurationMs)));
                break;
            case RequestAsked asked when _told.TryAdd(asked.RequestId, true):
                Add(fact, Word(asked.Kind) + ".asked", attrs: [("request_id", asked.RequestId), ("permission", asked.What)]);
                break;
            case RequestAnswered answered when _told.TryAdd(answered.RequestId + "/answer", true):
                Add(fact, Word(answered.Kind) + ".replied", attrs: [("request_id", answered.RequestId), ("reply", answered.Reply)]);
                break;
            case PtyCreated pty:
                Add(fact, "pty.created", attrs: ("pty_id", pty.PtyId));
                break;
            case PtyExited pty:
                Add(fact, "pty.exited", attrs: [("pty_id", pty.PtyId), ("exit", pty.ExitCode)]);
                break;
            case McpChanged mcp:
                Add(fact, mcp.Type, mcp.Type.EndsWith(".failed", StringComparison.Ordinal) ? "warn" : "info", ("server", mcp.Server), ("status", mcp.Status));
                break;
        }
    }

    private void Fail(SessionFailed failed)
    {
        if (failed is { Ends: true, SessionId: { } session })
        {
            _statuses.Set(session, SessionStatus.Idle);
        }
        Add(failed, "session.error", Level(failed.Error), ("error", failed.Error), ("status_code", failed.StatusCode));
    }

    private void Complete(MessageCompleted message)
    {
        _messages.TryGet(message.MessageId, out var started);
        Add(message, "message.completed", message.Error is null ? "info" : Level(message.Error),
            ("model", message.Model ?? started?.Model),
            ("provider", message.Provider ?? started?.Provider),
            ("agent", message.Agent ?? started?.Agent),
            ("finish", message.Finish),
            ("error", message.Error),
            ("cost", message.Cost),
            ("tokens_input", message.TokensInput),
            ("tokens_output", message.TokensOutput),
            ("tokens_reasoning", UnlessZero(message.TokensReasoning)),
            ("tokens_cache_read", UnlessZero(message.TokensCacheRead)),
            ("tokens_cache_write", UnlessZero(message.TokensCacheWrite)),
            ("duration_ms", Text(message.DurationMs)));
    }

    private void Add(OpenCodeFact fact, string type, string level = "info", params (string Name, string? Value)[] attrs) =>
        log.Add(type, level, fact.SessionId, fact.Id, fact.Content, attrs);

    /// <summary>A person who stops an agent is no error.</summary>
    private static string Level(string? error) => error is "MessageAbortedError" ? "info" : "error";

    private static string Word(SessionStatus status) => status switch
    {
        SessionStatus.Busy => "busy",
        SessionStatus.Retry => "retry",
        _ => "idle",
    };

    private static string Word(RequestKind kind) => kind == RequestKind.Permission ? "permission" : "question";

    private static string? UnlessZero(string? number) => number is "0" ? null : number;

    private static string? Text(long? number) => number?.ToString(CultureInfo.InvariantCulture);
}
