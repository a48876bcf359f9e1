using System.Text.Json.Nodes;
using System.Threading.RateLimiting;

namespace AiStackDeployer.Web.Mcp;

/// <summary>Not more calls at the same time than there are sockets for.</summary>
internal sealed class McpCallLimit : IDisposable
{
    /// <summary>A call that waits holds a connection for minutes. Far more than people, far less than sockets.</summary>
    private const int CallsAtOnce = 256;

    private readonly ConcurrencyLimiter _calls = new(new ConcurrencyLimiterOptions { PermitLimit = CallsAtOnce, QueueLimit = 0 });

    public async Task EnterAsync(HttpContext context, RequestDelegate open)
    {
        using var lease = _calls.AttemptAcquire();
        if (lease.IsAcquired)
        {
            await open(context);
            return;
        }
        context.Response.Headers.RetryAfter = "5";
        context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
        // In the protocol's own shape, as the SDK refuses what it refuses.
        await context.Response.WriteAsJsonAsync(
            new JsonObject
            {
                ["jsonrpc"] = "2.0",
                ["id"] = null,
                ["error"] = new JsonObject { ["code"] = -32000, ["message"] = "Too many calls at the same time. Try again in 5 seconds." },
            },
            context.RequestAborted);
    }

    public void Dispose() => _calls.Dispose();
}
