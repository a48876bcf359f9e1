using System.Net;
using AiStackDeployer.Web.Settings;

namespace AiStackDeployer.Web.Security;

/// <summary>
/// Tells a web page of somebody else from everybody who may call. It must not: neither from its own origin, nor by letting its own name
/// point at this machine (DNS rebinding), which makes it the same origin to a browser and leaves only the name in <c>Host</c> to tell
/// it by. A stack's own page is somebody else's too, however near its name is to the portal's.
/// </summary>
internal sealed class ForeignPages(PortalSettings settings)
{
    // Where the portal listens to this machine only, nobody has a reason to call it by another name. Elsewhere it cannot know
    // the names that it is reached by, and programs may use any; a page may not, whichever name its browser was led by.
    private readonly bool _isStrict = settings.AllowedHosts.Count > 0 || IsThisMachine(settings.Host);

    /// <summary>Whether the portal may be called by the name in <c>Host</c>.</summary>
    public bool IsHostGood(HttpRequest request)
    {
        var host = request.Host.Host;
        // An address cannot be made to point elsewhere; only a name can.
        return IsThisMachine(host)
            || IPAddress.TryParse(host, out _)
            || settings.AllowedHosts.Contains(host, StringComparer.OrdinalIgnoreCase)
            || !(_isStrict || IsPage(request));
    }

    /// <summary>Whether no page calls, or one that may: the portal's own, or one that the operator names.</summary>
    public bool IsOriginGood(HttpRequest request) => request.Headers.Origin switch
    {
        // Every browser tells the origin of what is not a mere GET; should one not, it still tells how near the page is.
        [] => !IsPage(request) || IsSite(request, "same-origin"),
        // Without the scheme: behind a proxy that ends TLS it is not the browser's.
        [{ } origin] => IsNamed(origin)
            || (Uri.TryCreate(origin, UriKind.Absolute, out var page) && page.Authority.Equals(Authority(page, request.Host), StringComparison.OrdinalIgnoreCase)),
        _ => false,
    };

    private static bool IsThisMachine(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    /// <summary>The request's host as a URI of the page's scheme would write it, without that scheme's own port.</summary>
    private static string Authority(Uri page, HostString host) =>
        Uri.TryCreate($"{page.Scheme}://{host}", UriKind.Absolute, out var here) ? here.Authority : "";

    private static bool IsSite(HttpRequest request, string site) => request.Headers["Sec-Fetch-Site"] == site;

    private bool IsNamed(string origin) => settings.CorsOrigins.Contains(origin, StringComparer.OrdinalIgnoreCase);

    /// <summary>A page, and none whose origin the operator vouches for: such a one was not led here. An address that a person typed is none.</summary>
    private bool IsPage(HttpRequest request) => request.Headers.Origin switch
    {
        [] => request.Headers.ContainsKey("Sec-Fetch-Site") && !IsSite(request, "none"),
        [{ } origin] => !IsNamed(origin),
        _ => true,
    };
}
