using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;

namespace AiStackDeployer.Web.Mcp;

/// <summary>
/// What clients send and take, around an SDK that is stricter: an Accept that names one form or none, batches of the revision that has
/// them, and proxies on the way that end a silent answer.
/// </summary>
internal sealed class ClientForms(TimeProvider time)
{
    /// <summary>As on the other streams: the shortest timeout among the common proxies is 30 s.</summary>
    internal static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    /// <summary>The one revision with batches, and what a client without the header speaks.</summary>
    private static readonly string[] BatchRevisions = ["", "2025-03-26"];

    public async Task AnswerAsync(HttpContext context, RequestDelegate sdk)
    {
        var request = context.Request;
        var accepted = request.Headers.Accept.ToString();
        var takesStream = accepted.Contains("text/event-stream", StringComparison.OrdinalIgnoreCase);
        request.Headers.Accept = "application/json, text/event-stream";
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, context.RequestAborted);
        if (BatchRevisions.Contains(request.Headers["MCP-Protocol-Version"].ToString()) && Batch(body.ToArray()) is { } batch)
        {
            await AnswerWholeAsync(context, sdk, batch, isBatch: true, asStream: takesStream && !accepted.Contains("json", StringComparison.OrdinalIgnoreCase));
        }
        else if (takesStream)
        {
            await StreamAsync(context, sdk, body);
        }
        else
        {
            await AnswerWholeAsync(context, sdk, [body.ToArray()], isBatch: false, asStream: false);
        }
    }

    /// <returns>Null for what is none, or is no JSON at all: the SDK says what is wrong with it.</returns>
    private static List<byte[]>? Batch(byte[] body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() > 0
                ? [.. list.EnumerateArray().Select(message => Encoding.UTF8.GetBytes(message.GetRawText()))]
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private async Task StreamAsync(HttpContext context, RequestDelegate sdk, MemoryStream body)
    {
        var response = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        await using var shared = new SharedStream(response.Stream);
        context.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(shared, response));
        body.Position = 0;
        context.Request.Body = body;
        try
        {
            // A comment, which no client sees.
            await BeatAsync(sdk(context), () => shared.SendAsync(":\n\n"u8.ToArray(), context.RequestAborted));
        }
        finally
        {
            context.Features.Set(response);
        }
    }

    /// <summary>Each message as if it had come alone, and the answers in one piece.</summary>
    private async Task AnswerWholeAsync(HttpContext context, RequestDelegate sdk, IReadOnlyList<byte[]> messages, bool isBatch, bool asStream)
    {
        var response = context.Response;
        var answers = new List<string>();
        var status = StatusCodes.Status200OK;
        await BeatAsync(CollectAsync(), BeginAsync);
        if (answers.Count == 0)
        {
            response.StatusCode = response.HasStarted ? response.StatusCode : StatusCodes.Status202Accepted;
            return;
        }
        if (!response.HasStarted)
        {
            response.StatusCode = isBatch ? StatusCodes.Status200OK : status;
            response.ContentType = asStream ? "text/event-stream" : "application/json";
        }
        var text = asStream ? string.Concat(answers.Select(answer => $"data: {answer}\n\n")) : isBatch ? $"[{string.Join(',', answers)}]" : answers[^1];
        await response.WriteAsync(text, context.RequestAborted);

        async Task CollectAsync()
        {
            foreach (var message in messages)
            {
                var inner = Inner(context.Features, message, out var written);
                await sdk(inner);
                status = inner.Response.StatusCode;
                answers.AddRange(await AnswersInAsync(inner.Response, written, context.RequestAborted));
            }
        }

        // White space before JSON, or a comment's line, means nothing.
        async Task BeginAsync()
        {
            if (!response.HasStarted)
            {
                response.ContentType = asStream ? "text/event-stream" : "application/json";
            }
            await response.WriteAsync(asStream ? ":\n\n" : " ", context.RequestAborted);
            await response.Body.FlushAsync(context.RequestAborted);
        }
    }

    /// <summary>The same request with a body of its own, and a response that goes nowhere yet.</summary>
    private static DefaultHttpContext Inner(IFeatureCollection features, byte[] message, out MemoryStream written)
    {
        written = new MemoryStream();
        var outer = features.GetRequiredFeature<IHttpRequestFeature>();
        var inner = new FeatureCollection(features);
        inner.Set<IHttpRequestFeature>(new HttpRequestFeature
        {
            Protocol = outer.Protocol, Scheme = outer.Scheme, Method = outer.Method, PathBase = outer.PathBase, Path = outer.Path,
            QueryString = outer.QueryString, RawTarget = outer.RawTarget, Headers = outer.Headers, Body = new MemoryStream(message),
        });
        inner.Set<IHttpResponseFeature>(new HttpResponseFeature());
        inner.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(written));
        var context = new DefaultHttpContext(inner);
        inner.Set<IRequestBodyPipeFeature>(new RequestBodyPipeFeature(context));
        return context;
    }

    /// <summary>Notifications need a stream; a caller who takes none has no use for them.</summary>
    private static async Task<IReadOnlyList<string>> AnswersInAsync(HttpResponse response, MemoryStream written, CancellationToken cancellationToken)
    {
        written.Position = 0;
        if (response.ContentType?.StartsWith("text/event-stream", StringComparison.Ordinal) != true)
        {
            return written.Length > 0 ? [Encoding.UTF8.GetString(written.ToArray())] : [];
        }
        var answers = new List<string>();
        await foreach (var item in SseParser.Create(written).EnumerateAsync(cancellationToken))
        {
            using var json = JsonDocument.Parse(item.Data);
            if (!json.RootElement.TryGetProperty("method", out _))
            {
                answers.Add(item.Data);
            }
        }
        return answers;
    }

    private async Task BeatAsync(Task work, Func<Task> beat)
    {
        while (true)
        {
            await work.WaitAsync(Heartbeat, time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (work.IsCompleted)
            {
                await work;
                return;
            }
            await beat();
        }
    }

    /// <summary>Written to by two, each time a whole event.</summary>
    private sealed class SharedStream(Stream response) : MemoryStream
    {
        private readonly SemaphoreSlim _turn = new(1, 1);

        public async Task SendAsync(ReadOnlyMemory<byte> line, CancellationToken cancellationToken)
        {
            await _turn.WaitAsync(cancellationToken);
            try
            {
                await response.WriteAsync(line, cancellationToken);
                await response.FlushAsync(cancellationToken);
            }
            finally
            {
                _turn.Release();
            }
        }

        // The SDK writes an event with one call and flushes after it.
        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            await SendAsync(buffer, cancellationToken);

        public override async Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            await SendAsync(buffer.AsMemory(offset, count), cancellationToken);

        public override Task FlushAsync(CancellationToken cancellationToken) => SendAsync(ReadOnlyMemory<byte>.Empty, cancellationToken);

        protected override void Dispose(bool disposing)
        {
            _turn.Dispose();
            base.Dispose(disposing);
        }
    }
}
