using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AiStackDeployer.DokployEmulator.Api;

/// <summary>An answer ready for the wire.</summary>
/// <param name="ContentType">Null = none, as with Dokploy's plain texts.</param>
internal sealed record Reply(int Status, string? ContentType, byte[] Body)
{
    public const string Json = "application/json";

    private static readonly JsonSerializerOptions Format = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The gate's 401: short, with a length and without a code. A wrong key, a limited key and a database that is down all look so.</summary>
    public static readonly Reply KeyRefused = new(401, "application/json; charset=utf-8", "{\"message\":\"Unauthorized\"}"u8.ToArray()) { Fixed = true };

    public DateTimeOffset? NotBefore { get; init; }
    public bool Never { get; init; }

    /// <summary>Sent with Content-Length instead of in chunks.</summary>
    public bool Fixed { get; init; }

    public static Reply Text(int status, string text) => new(status, null, Encoding.UTF8.GetBytes(text));

    public static Reply Of(ApiError error, string? procedure) => new(error.Status, Json, Bytes(error.Body(procedure)));

    public static byte[] Bytes(JsonNode json) => JsonSerializer.SerializeToUtf8Bytes(json, Format);

    public static void CommonHeaders(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers["X-Frame-Options"] = "DENY";
        headers.ContentSecurityPolicy = "frame-ancestors 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "strict-origin-when-cross-origin";
        headers.Connection = "keep-alive";
        headers["Keep-Alive"] = "timeout=5";
    }

    public static async Task SendAsync(HttpContext context, Reply reply, CancellationToken gone)
    {
        var response = context.Response;
        response.StatusCode = reply.Status;
        response.ContentType = reply.ContentType;
        if (reply.Fixed)
        {
            response.ContentLength = reply.Body.Length;
        }
        else if (reply.Status != 204)
        {
            // Starting before the body is there makes the answer chunked, an empty one too.
            await response.StartAsync(gone);
        }

        if (reply.Body.Length > 0)
        {
            await response.Body.WriteAsync(reply.Body, gone);
        }

        await response.CompleteAsync();
    }

    public static async Task DripAsync(HttpContext context, Reply reply, TimeSpan between, TimeProvider time, CancellationToken gone)
    {
        var response = context.Response;
        (response.StatusCode, response.ContentType) = (reply.Status, reply.ContentType);
        await response.StartAsync(gone);
        foreach (var one in reply.Body)
        {
            await Task.Delay(between, time, gone);
            await response.Body.WriteAsync(new[] { one }, gone);
            await response.Body.FlushAsync(gone);
        }

        await Task.Delay(between, time, gone);
        await response.CompleteAsync();
    }

    public static Task FixedJsonAsync(HttpContext context, int status, JsonNode json, CancellationToken gone) =>
        SendAsync(context, new Reply(status, "application/json; charset=utf-8", Bytes(json)) { Fixed = true }, gone);

    public static Task RedirectAsync(HttpContext context, string location, CancellationToken gone)
    {
        context.Response.Headers.Location = location;
        context.Response.Headers["Refresh"] = $"0;url={location}";
        return SendAsync(context, Text(308, location), gone);
    }

    public static Task HtmlAsync(HttpContext context, int status, CancellationToken gone)
    {
        var html = "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Dokploy (emulated)</title></head>"
            + $"<body><h1>{(status == 200 ? "Dokploy (emulated)" : "404")}</h1><p><a href=\"/emulator\">What is in here</a></p></body></html>";
        return SendAsync(context, new Reply(status, "text/html; charset=utf-8", Encoding.UTF8.GetBytes(html)) { Fixed = true }, gone);
    }
}
