using System.Globalization;
using System.Text.Json.Nodes;
using AiStackDeployer.Web.Limits;

namespace AiStackDeployer.Web.Mcp;

/// <summary>Not more calls than a caller may make, and not more at the same time than there is room for.</summary>
internal sealed class McpCallLimit(PortalLimits limits)
{
    private static readonly TimeSpan WhenFull = TimeSpan.FromSeconds(5);

    public async Task EnterAsync(HttpContext context, RequestDelegate open)
    {
        var caller = Caller.Of(context);
        if (limits.Count(Rate.Api, caller) is { } wait)
        {
            await RefuseAsync(context, wait, "Too many calls in a short time.");
            return;
        }
        using var place = limits.Take(Hold.McpCall, caller);
        if (place is null)
        {
            await RefuseAsync(context, WhenFull, "Too many calls at the same time.");
            return;
        }
        await open(context);
    }

    /// <summary>In the protocol's own shape, as the SDK refuses what it refuses.</summary>
    private static Task RefuseAsync(HttpContext context, TimeSpan wait, string why)
    {
        var seconds = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        context.Response.Headers.RetryAfter = seconds;
        context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
        return context.Response.WriteAsJsonAsync(
            new JsonObject
            {
                ["jsonrpc"] = "2.0",
                ["id"] = null,
                ["error"] = new JsonObject { ["code"] = -32000, ["message"] = $"{why} Try again in {seconds} seconds." },
            },
            context.RequestAborted);
    }
}
