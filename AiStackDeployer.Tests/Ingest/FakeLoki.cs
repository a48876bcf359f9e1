using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace AiStackDeployer.Tests.Ingest;

/// <summary>One line as Loki has it; labels and metadata as one, as it answers them.</summary>
internal sealed record LokiStored(string Labels, long Ns, string Text)
{
    public string? this[string name] => JsonSerializer.Deserialize<Dictionary<string, string>>(Labels)!.GetValueOrDefault(name);
}

/// <summary>Loki, as far as it was recorded: what it stores and refuses, in its own words.</summary>
internal sealed class FakeLoki : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<LokiStored, bool> _stored = new();
    private readonly Channel<IReadOnlyList<LokiStored>> _pushes = Channel.CreateUnbounded<IReadOnlyList<LokiStored>>();
    private readonly ConcurrentQueue<(int Status, string Text)> _script = new();

    private FakeLoki()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(context => context.Request.Path == "/loki/api/v1/push" ? PushAsync(context) : QueryAsync(context));
    }

    public Uri Url => new(_app.Urls.Single());

    public IReadOnlyList<LokiStored> Stored => [.. _stored.Keys.OrderBy(s => s.Ns)];

    /// <summary>Lines that it refuses, with 400; the others of the same push are stored.</summary>
    public Predicate<LokiStored> IsBad { get; set; } = _ => false;

    /// <summary>Pushes wait for it, before anything is stored.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    public string? Tenant { get; private set; }

    public string? Query { get; private set; }

    public static async Task<FakeLoki> StartAsync()
    {
        var loki = new FakeLoki();
        await loki._app.StartAsync(TestContext.Current.CancellationToken);
        return loki;
    }

    /// <summary>The next push is answered so, and nothing of it is stored.</summary>
    public FakeLoki Answers(int status, string text)
    {
        _script.Enqueue((status, text));
        return this;
    }

    /// <summary>The next push that came, whatever was made of it.</summary>
    public async Task<IReadOnlyList<LokiStored>> NextAsync()
    {
        using var limit = IngestWorld.TimeLimit();
        return await _pushes.Reader.ReadAsync(limit.Token);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task PushAsync(HttpContext context)
    {
        Tenant = context.Request.Headers["X-Scope-OrgID"];
        Assert.Equal("application/json", context.Request.ContentType);
        Assert.Equal("gzip", context.Request.Headers.ContentEncoding.ToString());
        await using var body = new GZipStream(context.Request.Body, CompressionMode.Decompress);
        using var document = await JsonDocument.ParseAsync(body, cancellationToken: context.RequestAborted);
        var lines = document.RootElement.GetProperty("streams").EnumerateArray().SelectMany(Lines).ToList();
        _pushes.Writer.TryWrite(lines);
        await Gate.WaitAsync(context.RequestAborted);
        if (_script.TryDequeue(out var answer))
        {
            await AnswerAsync(context, answer.Status, answer.Text);
            return;
        }
        foreach (var line in lines.Where(l => !IsBad(l)))
        {
            _stored[line] = true;
        }
        if (lines.Find(IsBad) is { } bad)
        {
            await AnswerAsync(context, 400, $"entry for stream '{{service_name=\"ai-stack\", stack=\"{bad["stack"]}\"}}' has timestamp too old: 2026-11-15T09:15:10Z, oldest acceptable timestamp is: 2026-11-16T09:15:10Z\n");
            return;
        }
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static async Task AnswerAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        await context.Response.WriteAsync(text);
    }

    private static IEnumerable<LokiStored> Lines(JsonElement stream)
    {
        var labels = stream.GetProperty("stream").EnumerateObject().ToDictionary(l => l.Name, l => l.Value.GetString()!);
        Assert.Equal(["service_name", "source", "stack"], labels.Keys.Order());
        foreach (var value in stream.GetProperty("values").EnumerateArray())
        {
            // Loki refuses a time or a value that is no string.
            var meta = value[2].EnumerateObject().Select(m => KeyValuePair.Create(m.Name, m.Value.GetString()!));
            var all = new SortedDictionary<string, string>(labels.Concat(meta).ToDictionary());
            yield return new LokiStored(JsonSerializer.Serialize(all), long.Parse(value[0].GetString()!, CultureInfo.InvariantCulture), value[1].GetString()!);
        }
    }

    /// <summary>All of the time that is asked for; the LogQL is kept for the test to look at.</summary>
    private async Task QueryAsync(HttpContext context)
    {
        Query = context.Request.Query["query"];
        if (_script.TryDequeue(out var answer))
        {
            await AnswerAsync(context, answer.Status, answer.Text);
            return;
        }
        long Number(string name) => long.Parse(context.Request.Query[name]!, CultureInfo.InvariantCulture);
        var found = Stored.Where(l => l.Ns >= Number("start") && l.Ns < Number("end"));
        found = context.Request.Query["direction"] == "backward" ? found.Reverse() : found;
        var streams = found.Take((int)Number("limit")).GroupBy(l => l.Labels).Select(s =>
        {
            var labels = JsonSerializer.Deserialize<Dictionary<string, string>>(s.Key)!;
            labels["detected_level"] = labels["level"];
            return new { stream = labels, values = s.Select(l => new[] { l.Ns.ToString(CultureInfo.InvariantCulture), l.Text }) };
        });
        await context.Response.WriteAsJsonAsync(new { status = "success", data = new { resultType = "streams", result = streams, stats = new { } } });
    }
}
