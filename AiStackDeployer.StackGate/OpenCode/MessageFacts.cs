using System.Text.Json;

namespace AiStackDeployer.StackGate.OpenCode;

/// <summary>The facts in messages, their parts (V1) and steps (V2): most of the stream, and most of its content.</summary>
internal static class MessageFacts
{
    private const int LongestContent = 2_000;

    public static OpenCodeFact? Updated(JsonElement data)
    {
        if (data.Get("info") is not { } info || info.Id("id") is not { } id)
        {
            return null;
        }
        if (info.Name("role") != "assistant" || info.Get("time")?.Milliseconds("completed") is not { } completed)
        {
            return new SessionTouched();
        }
        return Counted(new MessageCompleted(id)
        {
            Model = info.Name("modelID"),
            Provider = info.Name("providerID"),
            Agent = info.Name("agent"),
            Finish = info.Name("finish"),
            Error = info.Get("error")?.Name("name"),
            DurationMs = completed - info.Get("time")?.Milliseconds("created"),
        }, info);
    }

    public static OpenCodeFact? Part(JsonElement data, bool withContent)
    {
        if (data.Get("part") is not { } part)
        {
            return null;
        }
        return part.Name("type") switch
        {
            "tool" when part.Id("callID") is { } call && part.Get("state") is { } state => Tool(call, part.Name("tool"), state, withContent),
            "text" when withContent && part.Id("id") is { } id && IsWhole(part) => new MessageWritten(id) { Content = part.Text("text", LongestContent) },
            _ => new SessionTouched(),
        };
    }

    public static MessageWritten? TextEnded(JsonElement data) => data.Id("assistantMessageID") is { } id
        ? new MessageWritten($"{id}/{data.Number("ordinal")}") { Content = data.Text("text", LongestContent) }
        : null;

    public static MessageStarted? StepStarted(JsonElement data) => data.Id("assistantMessageID") is { } id
        ? new MessageStarted(id, data.Get("model")?.Name("id"), data.Get("model")?.Name("providerID"), data.Name("agent"))
        : null;

    public static MessageCompleted? StepEnded(JsonElement data) => data.Id("assistantMessageID") is { } id
        ? Counted(new MessageCompleted(id)
        {
            Finish = data.Name("finish"),
            Error = data.Get("error")?.Name("name") ?? data.Get("error")?.Name("type"),
        }, data)
        : null;

    private static OpenCodeFact Tool(string call, string? tool, JsonElement state, bool withContent)
    {
        var status = state.Name("status");
        // A compaction sends the old parts once more.
        if (status is not ("completed" or "error") || state.Get("time")?.Get("compacted") is not null)
        {
            return new SessionTouched();
        }
        var time = state.Get("time");
        return new ToolExecuted(call, tool, status == "error", state.Get("metadata")?.Number("exit"), time?.Milliseconds("end") - time?.Milliseconds("start"))
        {
            Content = withContent ? state.Text("title", LongestContent) ?? state.Text("error", LongestContent) : null,
        };
    }

    /// <summary>A prompt is whole at once and has no times; an answer is when its end is known.</summary>
    private static bool IsWhole(JsonElement part) => part.Get("time") is not { } time || time.Milliseconds("end") is not null;

    private static MessageCompleted Counted(MessageCompleted message, JsonElement from)
    {
        var tokens = from.Get("tokens");
        return message with
        {
            Cost = from.Number("cost"),
            TokensInput = tokens?.Number("input"),
            TokensOutput = tokens?.Number("output"),
            TokensReasoning = tokens?.Number("reasoning"),
            TokensCacheRead = tokens?.Get("cache")?.Number("read"),
            TokensCacheWrite = tokens?.Get("cache")?.Number("write"),
        };
    }
}
