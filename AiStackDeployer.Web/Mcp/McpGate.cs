using System.Net;
using System.Threading.RateLimiting;
using AiStackDeployer.Web.Settings;

namespace AiStackDeployer.Web.Mcp;

/// <summary>
/// Who may speak to the endpoint at all. A web page of somebody else must not: neither from its own origin, nor by letting its own
/// name point at this machine (DNS rebinding), which makes it the same origin to a browser and leaves only the name in
/// <c>Host</c> to tell it by.
/// </summary>
internal sealed class McpGate(PortalSettings settings) : IDisposable
{
    /// <summary>A call that waits holds a connection for minutes. Far more than people, far less than sockets.</summary>
    private const int CallsAtOnce = 256;

    // Where the portal listens to this machine only, nobody has a reason to call it by another name. Elsewhere it cannot know
    // the names that it is reached by, and programs may use any; a browser may not, whichever name it was led by.
    private readonly bool _isStrict = settings.AllowedHosts.Count > 0 || IsThisMachine(settings.Host);

    private readonly ConcurrencyLimiter _calls = new(new ConcurrencyLimiterOptions { PermitLimit = CallsAtOnce, QueueLimit = 0 });

    public async Task EnterAsync(HttpContext context, RequestDelegate open)
    {
        if (!IsHostGood(context.Request))
        {
            await RefuseAsync(
                context, StatusCodes.Status403Forbidden, "The portal is not known by the name in Host. The operator can add it to ALLOWED_HOSTS.");
            return;
        }
        if (!IsOriginGood(context.Request))
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

    private static bool IsThisMachine(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    private static bool IsBrowser(HttpRequest request) => request.Headers.Origin.Count > 0 || request.Headers.ContainsKey("Sec-Fetch-Site");

    private bool IsHostGood(HttpRequest request)
    {
        var host = request.Host.Host;
        // An address cannot be made to point elsewhere; only a name can.
        return IsThisMachine(host)
            || IPAddress.TryParse(host, out _)
            || settings.AllowedHosts.Contains(host, StringComparer.OrdinalIgnoreCase)
            || !(_isStrict || IsBrowser(request));
    }

    private bool IsOriginGood(HttpRequest request) => request.Headers.Origin switch
    {
        [] => true,
        // Without the scheme: behind a proxy that ends TLS it is not the browser's.
        [{ } origin] => settings.CorsOrigins.Contains(origin, StringComparer.OrdinalIgnoreCase)
            || (Uri.TryCreate(origin, UriKind.Absolute, out var page) && page.Authority.Equals(Authority(page, request.Host), StringComparison.OrdinalIgnoreCase)),
        _ => false,
    };

    /// <summary>The request's host as a URI of the page's scheme would write it, without that scheme's own port.</summary>
    private static string Authority(Uri page, HostString host) =>
        Uri.TryCreate($"{page.Scheme}://{host}", UriKind.Absolute, out var here) ? here.Authority : "";

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
