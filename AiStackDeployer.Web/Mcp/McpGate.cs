using System.Threading.RateLimiting;
using AiStackDeployer.Web.Security;

namespace AiStackDeployer.Web.Mcp;

/// <summary>Who may speak to the endpoint at all: no web page of somebody else, and not more at the same time than there are sockets for.</summary>
internal sealed class McpGate(ForeignPages foreign) : IDisposable
{
    /// <summary>A call that waits holds a connection for minutes. Far more than people, far less than sockets.</summary>
    private const int CallsAtOnce = 256;

    private readonly ConcurrencyLimiter _calls = new(new ConcurrencyLimiterOptions { PermitLimit = CallsAtOnce, QueueLimit = 0 });

    public async Task EnterAsync(HttpContext context, RequestDelegate open)
    {
        if (!foreign.IsHostGood(context.Request))
        {
            await RefuseAsync(
                context, StatusCodes.Status403Forbidden, "The portal is not known by the name in Host. The operator can add it to ALLOWED_HOSTS.");
            return;
        }
        if (!foreign.IsOriginGood(context.Request))
        {
            await RefuseAsync(
                context, StatusCodes.Status403Forbidden, "Pages of this Origin may not call. The operator can add it to CORS_ORIGINS.");
            return;
        }
        using var lease = _calls.AttemptAcquire();
        if (!lease.IsAcquired)
        {
            context.Response.Headers.RetryAfter = "5";
            await RefuseAsync(context, StatusCodes.Status429TooManyRequests, "Too many calls at the same time. Try again in 5 seconds.");
            return;
        }
        await open(context);
    }

    public void Dispose() => _calls.Dispose();

    /// <summary>In the protocol's own shape, as the SDK refuses what it refuses.</summary>
    private static async Task RefuseAsync(HttpContext context, int status, string sentence)
    {
        const int refused = -32000;
        context.Response.StatusCode = status;
        await context.Response.WriteAsJsonAsync(
            new System.Text.Json.Nodes.JsonObject
            {
                ["jsonrpc"] = "2.0",
                ["id"] = null,
                ["error"] = new System.Text.Json.Nodes.JsonObject { ["code"] = refused, ["message"] = sentence },
            },
            context.RequestAborted);
    }
}
