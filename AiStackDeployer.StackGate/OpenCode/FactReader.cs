using System.Text.Json;

namespace AiStackDeployer.StackGate.OpenCode;

/// <summary>
/// Reads one frame. V1 sends <c>{id, type, properties}</c>, on <c>/global/event</c> inside <c>{directory, payload}</c>; V2 sends
/// <c>{id, type, location, data}</c>. The stream is trusted with nothing: whatever has another shape is no fact.
/// </summary>
internal static class FactReader
{
    private const int LongestContent = 2_000;
    private const int LongestPath = 4_096;

    public static OpenCodeFact? Read(ReadOnlySpan<byte> json, bool withContent)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            using var document = JsonDocument.ParseValue(ref reader);
            var root = document.RootElement;
            var inner = root.Get("payload") ?? root;
            if (inner.Name("type") is not { } type || (inner.Get("properties") ?? inner.Get("data")) is not { } data)
            {
                return null;
            }
            return ReadData(type, data, withContent) is { } fact
                ? fact with
                {
                    Id = inner.Id("id"),
                    Directory = root.Text("directory", LongestPath) ?? inner.Get("location")?.Text("directory", LongestPath),
                    SessionId = data.Id("sessionID") ?? fact.SessionId,
                }
                : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // No JSON, or a text that is no Unicode.
            return null;
        }
    }

    private static OpenCodeFact? ReadData(string type, JsonElement data, bool withContent) => type switch
    {
        "session.created" => new SessionCreated(data.Get("info")?.Id("parentID")) { Content = withContent ? data.Get("info")?.Text("title", LongestContent) : null },
        "session.forked" => new SessionCreated(data.Id("parentID")),
        "session.deleted" => new SessionDeleted(),
        "session.compacted" or "session.compaction.ended" => new SessionCompacted(),
        "session.status" => Status(data),
        "session.idle" or "session.execution.succeeded" or "session.execution.interrupted" => new SessionStatusTold(SessionStatus.Idle),
        "session.execution.started" => new SessionStatusTold(SessionStatus.Busy),
        "session.retry.scheduled" => new SessionStatusTold(SessionStatus.Retry, data.Number("attempt")),
        "session.error" => Failure(data, ends: false, withContent),
        "session.execution.failed" => Failure(data, ends: true, withContent),
        "message.updated" => MessageFacts.Updated(data),
        "message.part.updated" => MessageFacts.Part(data, withContent),
        "session.text.ended" when withContent => MessageFacts.TextEnded(data),
        "session.step.started" => MessageFacts.StepStarted(data),
        "session.step.ended" or "session.step.failed" => MessageFacts.StepEnded(data),
        "session.tool.input.started" => data.Id("callID") is { } call ? new ToolStarted(call, data.Name("name")) : null,
        "session.tool.success" or "session.tool.failed" => data.Id("callID") is { } call
            ? new ToolExecuted(call, null, type.EndsWith("failed", StringComparison.Ordinal), null, null)
            : null,
        "permission.asked" or "permission.v2.asked" => Asked(RequestKind.Permission, data, withContent),
        "question.asked" or "question.v2.asked" => Asked(RequestKind.Question, data, withContent: false),
        "form.created" => data.Get("form") is { } form ? Asked(RequestKind.Question, form, withContent: false) : null,
        "permission.replied" or "permission.v2.replied" => Answered(RequestKind.Permission, data.Id("requestID"), data.Name("reply")),
        "question.replied" or "question.v2.replied" => Answered(RequestKind.Question, data.Id("requestID"), "answered"),
        "question.rejected" or "question.v2.rejected" => Answered(RequestKind.Question, data.Id("requestID"), "rejected"),
        "form.replied" => Answered(RequestKind.Question, data.Id("id"), "answered"),
        "form.cancelled" => Answered(RequestKind.Question, data.Id("id"), "rejected"),
        "pty.created" => new PtyCreated(data.Get("info")?.Id("id")),
        "pty.exited" => new PtyExited(data.Id("id"), data.Number("exitCode")),
        "server.instance.disposed" => data.Text("directory", LongestPath) is { } folder ? new InstanceDisposed(folder) : null,
        "global.disposed" => new InstanceDisposed(null),
        _ when type.StartsWith("mcp.", StringComparison.Ordinal) => new McpChanged(type, data.Name("server") ?? data.Name("mcpName"), data.Name("status")),
        _ => data.Id("sessionID") is null ? null : new SessionTouched(),
    };

    private static SessionStatusTold? Status(JsonElement data) => data.Get("status")?.Name("type") switch
    {
        "busy" => new SessionStatusTold(SessionStatus.Busy),
        "retry" => new SessionStatusTold(SessionStatus.Retry, data.Get("status")?.Number("attempt")),
        "idle" => new SessionStatusTold(SessionStatus.Idle),
        _ => null,
    };

    private static SessionFailed Failure(JsonElement data, bool ends, bool withContent)
    {
        var error = data.Get("error");
        var details = error?.Get("data") ?? error;
        return new SessionFailed(error?.Name("name") ?? error?.Name("type"), details?.Number("statusCode"), ends)
        {
            Content = withContent ? details?.Text("message", LongestContent) : null,
        };
    }

    private static RequestAsked? Asked(RequestKind kind, JsonElement request, bool withContent) => request.Id("id") is { } id
        ? new RequestAsked(kind, id, request.Name("permission") ?? request.Name("action"))
        {
            SessionId = request.Id("sessionID"),
            Content = withContent && (request.Get("patterns") ?? request.Get("resources")) is { ValueKind: JsonValueKind.Array } patterns
                ? string.Join(", ", patterns.EnumerateArray().Where(p => p.ValueKind == JsonValueKind.String).Take(20).Select(p => p.GetString().Cut(200)))
                : null,
        }
        : null;

    private static RequestAnswered? Answered(RequestKind kind, string? id, string? reply) => id is null ? null : new RequestAnswered(kind, id, reply);
}
