using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using AiStackDeployer.Contract;
using AiStackDeployer.LogIngest;
using AiStackDeployer.LogIngest.Pipeline;
using AiStackDeployer.LogIngest.Settings;
using AiStackDeployer.Tests.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace AiStackDeployer.Tests.Ingest;

/// <summary>
/// An ingest with a portal, and a Loki when the test has one. Events do not gather and pauses take no time, unless the test wants them to.
/// </summary>
internal sealed class IngestWorld : IAsyncDisposable
{
    public const string Key = "the-key-that-portal-and-ingest-share-0123456789";

    private readonly WebApplication _app;
    private readonly CancellationTokenSource _limit = TimeLimit();

    private IngestWorld(WebApplication app, FakeTimeProvider time, FakePortal portal, string folder, LogBook log)
    {
        (_app, Time, Portal, Folder, Log) = (app, time, portal, folder, log);
        Http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
    }

    /// <summary>What most tests want: nothing waits for company.</summary>
    public static IngestLimits AtOnce { get; } = new() { Gathering = TimeSpan.Zero };

    /// <summary>Ends what a test waits for in vain, so that it fails and the run goes on.</summary>
    public CancellationToken Token => _limit.Token;

    public HttpClient Http { get; }

    public FakeTimeProvider Time { get; }

    public FakePortal Portal { get; }

    public string Folder { get; }

    public LogBook Log { get; }

    public EntryQueue Queue => _app.Services.GetRequiredService<EntryQueue>();

    public static CancellationTokenSource TimeLimit()
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        return limit;
    }

    public static async Task<IngestWorld> StartAsync(
        FakeLoki? loki = null, IngestLimits? limits = null, FakePortal? portal = null, string? folder = null, FakeTimeProvider? time = null,
        Func<IngestSettings, IngestSettings>? change = null)
    {
        portal ??= await FakePortal.StartAsync("piet-lab", "anna-lab");
        folder ??= Directory.CreateTempSubdirectory("ingest-").FullName;
        time ??= new FakeTimeProvider(new DateTimeOffset(2026, 11, 29, 12, 0, 0, TimeSpan.Zero));
        var log = new LogBook();
        var settings = new IngestSettings { Host = IPAddress.Loopback, Port = 0, DataDir = folder, PortalUrl = portal.Url, Key = Key, LokiUrl = loki?.Url };
        var app = IngestHost.Build(change?.Invoke(settings) ?? settings, limits ?? AtOnce, time, () => 0, logging => logging.AddProvider(log).SetMinimumLevel(LogLevel.Debug));
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new IngestWorld(app, time, portal, folder, log);
    }

    public LogEvent Event(string id, string? message = null) => new() { Id = id, Ts = Time.GetUtcNow().AddTicks(7), Type = "session.created", Message = message };

    public Task<HttpResponseMessage> SendAsync(string stack, params IReadOnlyList<LogEvent> events) =>
        PostAsync(FakePortal.TokenOf(stack), JsonContent.Create(new LogBatch(events), LogJsonContext.Default.LogBatch));

    public Task<HttpResponseMessage> SendJsonAsync(string json, string? token = null) =>
        PostAsync(token ?? FakePortal.TokenOf("piet-lab"), new StringContent(json, Encoding.UTF8, "application/json"));

    public async Task<HttpResponseMessage> PostAsync(string? token, HttpContent content)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/ingest") { Content = content };
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return await Http.SendAsync(request, Token);
    }

    public static ByteArrayContent Gzip(byte[] body)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(body);
        }
        return Content(packed.ToArray(), "application/json", "gzip");
    }

    public static ByteArrayContent Content(byte[] body, string type, string encoding) =>
        new(body) { Headers = { ContentType = new(type), ContentEncoding = { encoding } } };

    public static async Task<LogBatchAnswer> AnswerAsync(HttpResponseMessage response)
    {
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync(LogJsonContext.Default.LogBatchAnswer, TestContext.Current.CancellationToken))!;
    }

    public async Task<JsonElement> QueryAsync(string query)
    {
        using var response = await GetAsync("/query?" + query);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadFromJsonAsync<JsonElement>(Token);
    }

    public static IReadOnlyList<string> Messages(JsonElement page) => [.. page.GetProperty("entries").EnumerateArray().Select(e => e.GetProperty("message").GetString()!)];

    public async Task<HttpResponseMessage> GetAsync(string path, string? key = Key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
        return await Http.SendAsync(request, Token);
    }

    public async Task<MetricsText> MetricsAsync() =>
        MetricsText.Parse(await Http.GetStringAsync("/metrics", Token));

    /// <summary>Until the metric has this value.</summary>
    public async Task UntilAsync(double value, string name, params (string Key, string Value)[] labels)
    {
        while ((await MetricsAsync()).Sum("aistack_ingest_" + name, labels) != value)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Token);
        }
    }

    /// <summary>Until all that was accepted has been stored, or given up.</summary>
    public Task EmptyAsync() => UntilAsync(0, "queue_bytes");

    /// <summary>As SIGTERM does; the time to drain passes at once.</summary>
    public async Task StopAsync()
    {
        var stop = _app.StopAsync(CancellationToken.None);
        while (!stop.IsCompleted)
        {
            Time.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(stop, Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, CancellationToken.None));
        }
        await stop;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await StopAsync();
        await _app.DisposeAsync();
        _limit.Dispose();
        await Portal.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}
