using System.Collections.Concurrent;
using System.IO.Compression;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AiStackDeployer.Tests.Dokploy;

/// <summary>What the scripted server does with one request.</summary>
internal delegate Task Reply(HttpContext context);

internal sealed record ReceivedCall(string Method, string Call, string Query, string? Key, string? ContentType, string Body);

/// <summary>
/// A server on loopback that answers each call with the replies a test gave it, in order; the last one repeats. It knows
/// nothing of Dokploy, which is the point: what the client makes of an answer is settled by the answer alone.
/// </summary>
internal sealed class ScriptedDokploy : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, ConcurrentQueue<Reply>> _script = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<ReceivedCall> _received = new();
    private readonly SemaphoreSlim _arrivals = new(0);

    private ScriptedDokploy(WebApplication app) => _app = app;

    public Uri Url => new(_app.Urls.Single());

    public IReadOnlyList<ReceivedCall> Received => [.. _received];

    public int Count(string call) => _received.Count(received => received.Call == call);

    public static async Task<ScriptedDokploy> StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel(kestrel => kestrel.AddServerHeader = false).UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var server = new ScriptedDokploy(app);
        app.Run(server.AnswerAsync);
        await app.StartAsync(cancellationToken);
        return server;
    }

    public ScriptedDokploy On(string call, params Reply[] replies)
    {
        _script[call] = new ConcurrentQueue<Reply>(replies);
        return this;
    }

    /// <summary>Completes once for every request that arrived.</summary>
    public Task ArrivalAsync(CancellationToken cancellationToken) => _arrivals.WaitAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        using var atOnce = new CancellationTokenSource();
        await atOnce.CancelAsync();
        await _app.StopAsync(atOnce.Token);
        await _app.DisposeAsync();
        _arrivals.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var path = context.Request.Path.Value!;
        var call = path[(path.LastIndexOf('/') + 1)..];
        _received.Enqueue(new ReceivedCall(
            context.Request.Method, call, context.Request.QueryString.Value ?? "",
            context.Request.Headers["x-api-key"].SingleOrDefault(), context.Request.ContentType,
            await reader.ReadToEndAsync(context.RequestAborted)));
        _arrivals.Release();
        await NextReply(call)(context);
    }

    private Reply NextReply(string call)
    {
        if (!_script.TryGetValue(call, out var replies))
        {
            return Replies.UnknownCall;
        }

        return replies.Count > 1 && replies.TryDequeue(out var reply) ? reply : replies.TryPeek(out var last) ? last : Replies.UnknownCall;
    }
}

internal static class Replies
{
    /// <summary>SQL as Dokploy leaks it; no test may find a piece of it in a message or a log.</summary>
    public const string Sql = "Failed query: insert into \\\"domain\\\" (\\\"host\\\") values ($1)\\nparams: leaked-parameter";

    public static readonly Reply UnknownCall =
        Json(404, """{"message":"Not found","code":"NOT_FOUND","data":{"code":"NOT_FOUND","httpStatus":404,"zodError":null}}""");

    public static readonly Reply Empty = Json(200, "");

    public static readonly Reply ShortUnauthorized = Json(401, """{"message":"Unauthorized"}""");

    public static readonly Reply DatabaseWell = Json(200, """{"result":{"data":{"json":{"status":"ok"}}}}""");

    public static readonly Reply DatabaseDown =
        Json(500, """{"error":{"json":{"message":"Failed query: SELECT 1\nparams: ","code":-32603,"data":{"code":"INTERNAL_SERVER_ERROR","httpStatus":500}}}}""");

    /// <summary>Closes the connection instead of answering.</summary>
    public static readonly Reply Reset = context =>
    {
        context.Abort();
        return Task.CompletedTask;
    };

    /// <summary>Never answers.</summary>
    public static readonly Reply Hang = context => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);

    /// <summary>Begins a good answer and breaks off.</summary>
    public static readonly Reply CutOff = async context =>
    {
        await BeginAsync(context);
        context.Abort();
    };

    /// <summary>Begins a good answer and falls silent.</summary>
    public static readonly Reply Stall = async context =>
    {
        await BeginAsync(context);
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
    };

    public static Reply Json(int status, string body) => Of(status, "application/json", body);

    public static Reply Text(int status, string body) => Of(status, null, body);

    public static Reply Html(int status) => Of(status, "text/html", "<!DOCTYPE html><html><body>Bad gateway</body></html>");

    public static Reply Error(int status, string code, string message, string call) =>
        Json(status, $$"""{"message":"{{message}}","code":"{{code}}","data":{"code":"{{code}}","httpStatus":{{status}},"path":"{{call}}","zodError":null} }""");

    public static Reply Invalid(string call, string member) =>
        Json(400, $$$"""{"message":"Input validation failed","code":"BAD_REQUEST","data":{"code":"BAD_REQUEST","httpStatus":400,"path":"{{{call}}}","zodError":{"formErrors":[],"fieldErrors":{"{{{member}}}":["Too small"]} } },"issues":[{"code":"too_small","path":["{{{member}}}"],"message":"Too small"}]}""");

    public static Reply Gzip(string body) => async context =>
    {
        context.Response.ContentType = "application/json";
        context.Response.Headers.ContentEncoding = "gzip";
        await using var gzip = new GZipStream(context.Response.Body, CompressionLevel.Fastest);
        await gzip.WriteAsync(Encoding.UTF8.GetBytes(body), context.RequestAborted);
    };

    public static Reply Redirect(string location) => context =>
    {
        context.Response.StatusCode = 308;
        context.Response.Headers.Location = location;
        return Task.CompletedTask;
    };

    private static Reply Of(int status, string? contentType, string body) => context =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        return context.Response.WriteAsync(body, context.RequestAborted);
    };

    private static async Task BeginAsync(HttpContext context)
    {
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = 1000;
        await context.Response.WriteAsync("""{"projectId":""", context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }
}
