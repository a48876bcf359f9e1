using System.Net;
using AiStackDeployer.Web.Security.Tokens;
using AiStackDeployer.Web.Settings;

namespace AiStackDeployer.Web.Security;

/// <summary>Why a request does not get in.</summary>
internal enum GateRefusal
{
    Host,
    Origin,
}

/// <summary>
/// Decides which requests get in at all, before anything is known of the person: those for a name of the portal's, and from no web page
/// but its own. A stack's page is a stranger's too, and yet the same site as the portal, so browsers send it the portal's cookies.
/// </summary>
internal sealed class Gate(PortalSettings settings)
{
    private readonly bool _takesAnyHost = settings.AllowedHosts.Contains(PortalSettings.AnyHost, StringComparer.OrdinalIgnoreCase);

    /// <summary>The paths at which programs call, and pages of <c>CORS_ORIGINS</c> may too.</summary>
    public static bool IsApi(PathString path) =>
        path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase) || path.StartsWithSegments("/mcp", StringComparison.OrdinalIgnoreCase);

    /// <summary>Null = it gets in.</summary>
    public GateRefusal? RefusalOf(HttpContext context)
    {
        // Probes, and the log ingest with its key, call by whatever address they were given; a browser has nothing to send there.
        if (context.Request.Path.StartsWithSegments("/health", StringComparison.OrdinalIgnoreCase)
            || context.Request.Path.Equals(IngestKey.Path, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }
        // A page whose own name was made to lead here (DNS rebinding) is the same origin to its browser: only Host tells it from ours.
        return !IsOurs(context.Request.Host.Host) ? GateRefusal.Host : !MayCall(context) ? GateRefusal.Origin : null;
    }

    /// <summary>Names that no DNS server can make lead elsewhere.</summary>
    public static bool IsThisMachine(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    private bool IsOurs(string host) =>
        IsThisMachine(host)
        || IPAddress.TryParse(host, out _)
        || host.Equals(settings.PublicUrl?.IdnHost, StringComparison.OrdinalIgnoreCase)
        || settings.AllowedHosts.Contains(host, StringComparer.OrdinalIgnoreCase)
        || (_takesAnyHost && host.Length > 0);

    private bool MayCall(HttpContext context) => context.Request.Headers.Origin switch
    {
        // Browsers send it with everything but plain reading, and always with a WebSocket, to which only browsers have a reason.
        [] => !context.WebSockets.IsWebSocketRequest
            && (IsReading(context.Request.Method) || SiteOf(context.Request) is "" or "none" or "same-origin"),
        [{ } origin] => IsOwn(origin, context.Request) || (IsApi(context.Request.Path) && settings.CorsOrigins.Contains(origin, StringComparer.OrdinalIgnoreCase)),
        _ => false,
    };

    private bool IsOwn(string text, HttpRequest request)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var origin)
            || origin.Scheme is not ("http" or "https")
            || origin.UserInfo.Length > 0
            || !origin.GetLeftPart(UriPartial.Authority).Equals(text, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }
        if (settings.PublicUrl is { } own && !IsThisMachine(own.Host) && own.IdnHost == origin.IdnHost)
        {
            // Also when a proxy has dropped the port from Host. A page that came over plain http may be anybody's on the way.
            return (own.Scheme, own.Port) == (origin.Scheme, origin.Port);
        }
        // By a further name the scheme is not known: behind a proxy that ends TLS the request's is not the browser's.
        return origin.Host.Equals(request.Host.Host, StringComparison.OrdinalIgnoreCase)
            && (request.Host.Port is { } port ? origin.Port == port : origin.IsDefaultPort);
    }

    private static bool IsReading(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);

    private static string SiteOf(HttpRequest request) => request.Headers["Sec-Fetch-Site"].ToString();
}
