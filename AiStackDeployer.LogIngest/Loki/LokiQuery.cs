using System.Globalization;
using System.Text;
using System.Text.Json;
using AiStackDeployer.LogIngest.Query;

namespace AiStackDeployer.LogIngest.Loki;

/// <summary>A question in LogQL, and Loki's answer in our own shape.</summary>
internal static class LokiQuery
{
    /// <summary>How far back one question looks: without a start Loki takes the last hour.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromDays(7);

    /// <summary>What the answer has members of its own for, and what Loki adds.</summary>
    private static readonly HashSet<string> Members = ["event", "event_id", "level", "session_id", "stack", "source", "service_name", "detected_level"];

    /// <summary>The query string of <c>query_range</c>. Its start is part of the range, its end is not.</summary>
    public static string Of(LogQuestion question, DateTimeOffset now)
    {
        var end = question is { After: null, Before: { } before } ? before.Ns : LogCursor.NsOf(now + TimeSpan.FromMinutes(11));
        var start = question.After is { } after ? after.Ns + 1 : end - (Window.Ticks * 100);
        if (question.After is not null && question.Before is { } until)
        {
            end = until.Ns;
        }
        start = Math.Max(start, question.Since?.Ns ?? 0);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"query={Uri.EscapeDataString(LogQl(question))}&start={start}&end={Math.Max(start + 1, end)}&limit={question.Limit + 1}&direction={(question.After is null ? "backward" : "forward")}");
    }

    /// <summary>The stream first, then the lines, which is cheaper than metadata.</summary>
    public static string LogQl(LogQuestion question)
    {
        var query = new StringBuilder($"{{service_name={Quote(LokiPush.Service)}, stack={Quote(question.Stack)}");
        if (question.Sources.Count > 0)
        {
            query.Append($", source=~{Quote(string.Join('|', question.Sources.Select(Regex)))}");
        }
        query.Append('}');
        foreach (var word in question.Words)
        {
            query.Append($" |~ {Quote("(?i)" + Regex(word))}");
        }
        if (question.Type is not null)
        {
            query.Append($" | event={Quote(question.Type)}");
        }
        if (question.Levels.Count > 0)
        {
            query.Append($" | level=~{Quote(string.Join('|', question.Levels.Select(Regex)))}");
        }
        return query.ToString();
    }

    /// <exception cref="BackendException">It is no answer of Loki's.</exception>
    public static LogPage Read(byte[] answer, LogQuestion question)
    {
        try
        {
            using var document = JsonDocument.Parse(answer);
            var entries = document.RootElement.GetProperty("data").GetProperty("result").EnumerateArray().SelectMany(Entries);
            return LogPage.Of((question.After is null ? entries.OrderByDescending(e => e.Ns) : entries.OrderBy(e => e.Ns)).Select(e => e.Entry), question.Limit);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new BackendException("Loki's answer is not what the documentation says.", e);
        }
    }

    private static IEnumerable<(long Ns, LogPageEntry Entry)> Entries(JsonElement stream)
    {
        // Labels and metadata come as one, and lines that differ in them as different streams.
        var labels = stream.GetProperty("stream").EnumerateObject().ToDictionary(l => l.Name, l => l.Value.GetString() ?? "");
        var attrs = labels.Where(l => !Members.Contains(l.Key)).ToDictionary();
        foreach (var value in stream.GetProperty("values").EnumerateArray())
        {
            var ns = long.Parse(value[0].GetString()!, CultureInfo.InvariantCulture);
            var line = value[1].GetString()!;
            var type = labels.GetValueOrDefault("event", "");
            yield return (ns, new LogPageEntry
            {
                Cursor = new LogCursor(ns, labels.GetValueOrDefault("event_id")).ToString(),
                Ts = LogCursor.TimeOf(ns),
                Stack = labels.GetValueOrDefault("stack", ""),
                Source = labels.GetValueOrDefault("source", ""),
                Type = type,
                Level = labels.GetValueOrDefault("level", "info"),
                SessionId = labels.GetValueOrDefault("session_id"),
                Message = LokiLine.MessageIn(line, type),
                Attrs = attrs,
            });
        }
    }

    /// <summary>A string as LogQL (Go) reads it: nothing in it can end it.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var c in text)
        {
            quoted.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                _ when char.IsControl(c) => "",
                _ => c.ToString(),
            });
        }
        return quoted.Append('"').ToString();
    }

    /// <summary>The text itself as an RE2 expression: what is neither a letter nor a digit is escaped, or allowed as it is beyond ASCII.</summary>
    private static string Regex(string text) => string.Concat(text.Select(c => char.IsAsciiLetterOrDigit(c) || !char.IsAscii(c) || c is '_' or ' ' ? c.ToString() : "\\" + c));
}
