using System.Globalization;
using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AiStackDeployer.LogIngest.Loki;

/// <summary>
/// The body of <c>/loki/api/v1/push</c>: three labels, which are few and live long, and everything else as structured metadata. Loki wants
/// the time and each value of the metadata as a string.
/// </summary>
internal static class LokiPush
{
    public const string Service = "ai-stack";

    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static ByteArrayContent Of(IEnumerable<LogEntry> entries)
    {
        using var body = new MemoryStream();
        using (var gzip = new GZipStream(body, CompressionLevel.Fastest, leaveOpen: true))
        using (var buffered = new BufferedStream(gzip, 64 << 10))
        using (var json = new Utf8JsonWriter(buffered, Plain))
        {
            json.WriteStartObject();
            json.WriteStartArray("streams"u8);
            foreach (var stream in entries.GroupBy(e => e.Stream))
            {
                json.WriteStartObject();
                json.WriteStartObject("stream"u8);
                json.WriteString("service_name"u8, Service);
                json.WriteString("stack"u8, stream.Key.Stack);
                json.WriteString("source"u8, stream.Key.Source);
                json.WriteEndObject();
                json.WriteStartArray("values"u8);
                foreach (var entry in stream)
                {
                    Write(json, entry);
                }
                json.WriteEndArray();
                json.WriteEndObject();
                json.Flush();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return new ByteArrayContent(body.GetBuffer(), 0, (int)body.Length)
        {
            Headers = { ContentType = new MediaTypeHeaderValue("application/json"), ContentEncoding = { "gzip" } },
        };
    }

    private static void Write(Utf8JsonWriter json, LogEntry entry)
    {
        json.WriteStartArray();
        json.WriteStringValue(entry.Ns.ToString(CultureInfo.InvariantCulture));
        json.WriteStringValue(LokiLine.Of(entry));
        json.WriteStartObject();
        json.WriteString("event"u8, entry.Type);
        json.WriteString("event_id"u8, entry.EventId);
        json.WriteString("level"u8, entry.Level);
        if (entry.SessionId is not null)
        {
            json.WriteString("session_id"u8, entry.SessionId);
        }
        foreach (var (name, value) in LokiLine.Attrs(entry.Attrs))
        {
            json.WriteString(name, value);
        }
        json.WriteEndObject();
        json.WriteEndArray();
    }
}
