using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using AiStackDeployer.Contract;

namespace AiStackDeployer.LogIngest.Intake;

/// <summary>Turns what a client sent into entries; what is wrong with an event costs that event alone.</summary>
internal sealed partial class EventReader(StreamClock clock)
{
    public const int LongestToken = 128;
    public const int MostMessageBytes = 40_000;
    public const int MostAttrs = 32;
    public const int LongestAttrName = 64;
    public const int MostAttrBytes = 2_000;

    /// <summary>With the message it stays below Loki's 64 kB for a line.</summary>
    public const int MostAttrsBytes = 16_000;

    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Names that the ingest itself gives in Loki.</summary>
    private static readonly HashSet<string> Taken =
        ["event", "event_id", "level", "detected_level", "session_id", "service_name", "stack", "source", Original];

    /// <summary>The time that the client gave, where it could not be used.</summary>
    private const string Original = "ts_original";

    /// <param name="events">The events, each of any kind.</param>
    /// <param name="stack">Whose token came with them; null = the portal, which names a stack in each.</param>
    public (List<LogEntry> Entries, List<LogRejection> Rejected) Read(IEnumerable<JsonElement> events, string? stack)
    {
        var entries = new List<LogEntry>();
        var rejected = new List<LogRejection>();
        var index = 0;
        foreach (var element in events)
        {
            var reason = ReadOne(element, stack, index, out var entry);
            if (entry is not null)
            {
                entries.Add(entry);
            }
            else
            {
                rejected.Add(new LogRejection(index, reason));
            }
            index++;
        }
        return (entries, rejected);
    }

    /// <summary>The levels that others write, in ours; null = none.</summary>
    public static string? LevelOf(string text) => text.ToLowerInvariant() switch
    {
        "debug" or "trace" => "debug",
        "info" or "information" or "notice" => "info",
        "warn" or "warning" => "warn",
        "error" or "err" or "fatal" or "critical" => "error",
        _ => null,
    };

    public static bool IsStackName(string text) => StackName().IsMatch(text);

    private string ReadOne(JsonElement element, string? ofStack, int index, out LogEntry? entry)
    {
        entry = null;
        if (element.ValueKind != JsonValueKind.Object)
        {
            return "not an object";
        }
        try
        {
            var stack = ofStack ?? Text(element, "stack");
            if (stack is null || !IsStackName(stack))
            {
                return "stack: missing, or no name of a stack";
            }
            if (Text(element, "id") is not { } id || !Clean.IsToken(id, LongestToken))
            {
                return "id: missing, too long, or with other characters than letters, digits and . _ - : /";
            }
            if (Text(element, "type") is not { } type || !Clean.IsToken(type, LongestToken))
            {
                return "type: missing, too long, or with other characters than letters, digits and . _ - : /";
            }
            if (Time(element) is not { } at)
            {
                return "ts: neither RFC 3339 nor milliseconds since 1970";
            }
            if (LevelOf(Text(element, "level") ?? "info") is not { } level)
            {
                return "level: not debug, info, warn or error";
            }
            var session = Text(element, "session_id");
            if (session is not null && !Clean.IsToken(session, LongestToken))
            {
                return "session_id: too long, or with other characters than letters, digits and . _ - : /";
            }
            var message = Text(element, "message") is { } text && Clean.Text(text, MostMessageBytes) is { Length: > 0 } kept ? kept : null;
            if (ReadAttrs(element, out var attrs) is { } fault)
            {
                return fault;
            }
            var stream = new LogStream(stack, ofStack is null ? LogSource.Portal : LogSource.OpenCode);
            var ns = clock.Place(stream, at, index, id, out var moved);
            if (moved)
            {
                attrs.Add((Original, at.ToString("O", CultureInfo.InvariantCulture)));
            }
            entry = new LogEntry
            {
                Stream = stream, Ns = ns, EventId = id, Type = type, Level = level, SessionId = session, Message = message, Attrs = Pack(attrs),
            };
            return "";
        }
        catch (InvalidOperationException)
        {
            // What a string's escapes or bytes spell is no text.
            return "text: not valid Unicode";
        }
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static DateTimeOffset? Time(JsonElement element)
    {
        if (!element.TryGetProperty("ts", out var value))
        {
            return null;
        }
        // Without an offset it would be read as this machine's local time.
        if (value.ValueKind == JsonValueKind.String && Offset().IsMatch(value.GetString()!) && value.TryGetDateTimeOffset(out var at))
        {
            return at.ToUniversalTime();
        }
        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var ms) && ms is > 0 and < 253_402_300_800_000
            ? DateTimeOffset.FromUnixTimeMilliseconds((long)ms)
            : null;
    }

    private static string? ReadAttrs(JsonElement element, out List<(string Name, string Value)> attrs)
    {
        attrs = [];
        if (!element.TryGetProperty("attrs", out var all) || all.ValueKind == JsonValueKind.Null)
        {
            return null;
        }
        if (all.ValueKind != JsonValueKind.Object)
        {
            return "attrs: not an object";
        }
        var room = MostAttrsBytes;
        foreach (var attr in all.EnumerateObject())
        {
            if (attr.Value.ValueKind == JsonValueKind.Null)
            {
                continue;
            }
            if (attr.Name.Length is 0 or > LongestAttrName)
            {
                return $"attrs: a name is empty or longer than {LongestAttrName} characters";
            }
            if (attr.Value.ValueKind is JsonValueKind.Object or JsonValueKind.Array)
            {
                return "attrs: not flat";
            }
            var name = Clean.Name(attr.Name);
            name = Taken.Contains(name) ? "attr_" + name : name;
            var value = Clean.Text(attr.Value.ValueKind == JsonValueKind.String ? attr.Value.GetString()! : attr.Value.GetRawText(), MostAttrBytes);
            attrs.RemoveAll(a => a.Name == name);
            attrs.Add((name, value));
            room -= name.Length + Encoding.UTF8.GetByteCount(value);
            if (attrs.Count > MostAttrs || room < 0)
            {
                return $"attrs: more than {MostAttrs}, or too long together";
            }
        }
        return null;
    }

    private static byte[] Pack(List<(string Name, string Value)> attrs)
    {
        if (attrs.Count == 0)
        {
            return [];
        }
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer, Plain))
        {
            writer.WriteStartObject();
            foreach (var (name, value) in attrs)
            {
                writer.WriteString(name, value);
            }
            writer.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    [GeneratedRegex(@"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\z")]
    private static partial Regex StackName();

    [GeneratedRegex(@"(Z|[+-]\d\d:\d\d)\z")]
    private static partial Regex Offset();
}
