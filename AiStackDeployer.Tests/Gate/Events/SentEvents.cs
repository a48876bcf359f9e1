using System.IO.Compression;
using System.Net;
using System.Text.Json;
using AiStackDeployer.Contract;
using AiStackDeployer.StackGate.Events;
using Microsoft.Extensions.Time.Testing;

namespace AiStackDeployer.Tests.Gate.Events;

/// <summary>An event log whose events can be read after it was closed, as they went over the wire.</summary>
internal sealed class SentEvents : IDisposable
{
    private readonly Ingest _ingest = new();
    private readonly HttpClient _http;
    private readonly LogForwarder _forwarder;
    private int _ids;

    public SentEvents(TimeProvider? time = null)
    {
        time ??= new FakeTimeProvider(new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero));
        _http = new HttpClient(_ingest);
        _forwarder = new LogForwarder(_http, new Uri("http://ingest/ingest"), "aisl_1", time, () => 1);
        Log = new EventLog(_forwarder, time, () => $"gate_{++_ids}");
    }

    public EventLog Log { get; }

    /// <summary>All that was sent, unpacked.</summary>
    public string Text => string.Join('\n', _ingest.Bodies);

    public long Bytes => _ingest.Bytes;

    public async Task<IReadOnlyList<LogEvent>> CloseAsync()
    {
        await _forwarder.RunAsync(new CancellationToken(canceled: true));
        return [.. _ingest.Bodies.SelectMany(b => JsonSerializer.Deserialize(b, LogJsonContext.Default.LogBatch)!.Events)];
    }

    /// <summary>One line for each event: what a reader of the log sees of it.</summary>
    public async Task<IReadOnlyList<string>> LinesAsync() =>
        [.. (await CloseAsync()).Select(e => $"{e.Level} {e.Type}{string.Concat((e.Attrs ?? new Dictionary<string, string>()).Select(a => $" {a.Key}={a.Value}"))}{(e.Message is null ? "" : ": " + e.Message)}")];

    public void Dispose() => _http.Dispose();

    private sealed class Ingest : HttpMessageHandler
    {
        public List<string> Bodies { get; } = [];

        public long Bytes { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var packed = await request.Content!.ReadAsByteArrayAsync(cancellationToken);
            Bytes += packed.Length;
            await using var body = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress);
            Bodies.Add(await new StreamReader(body).ReadToEndAsync(cancellationToken));
            return new HttpResponseMessage(HttpStatusCode.Accepted) { Content = new StringContent("") };
        }
    }
}
