namespace AiStackDeployer.StackGate.SignIn;

/// <summary>
/// Who made a browser send this request. Pages of other stacks are of the same site, so SameSite does not keep this stack's cookie from
/// what they send; hence nothing of theirs passes but a person who follows a link.
/// </summary>
internal sealed class OwnOrigin(GateOptions options)
{
    /// <param name="isBrowserOnly">Only a browser has any business here, so without an <c>Origin</c> it is refused as well.</param>
    public bool Allows(HttpRequest request, bool isBrowserOnly)
    {
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        if (site is "same-site" or "cross-site")
        {
            return HttpMethods.IsGet(request.Method) && request.Headers["Sec-Fetch-Mode"] == "navigate" && request.Headers["Sec-Fetch-Dest"] == "document";
        }
        if (!IsWebSocket(request) && !IsChange(request))
        {
            return true;
        }
        var origin = request.Headers.Origin.ToString();
        return origin is "" or "null" ? site == "same-origin" || (origin == "" && !isBrowserOnly) : IsOwn(origin, request);
    }

    public bool IsOwn(string origin, HttpRequest request) => options.StackOrigin is { } own
        ? string.Equals(origin, own, StringComparison.OrdinalIgnoreCase)
        // The scheme is not compared: behind a proxy it is not the browser's.
        : Uri.TryCreate(origin, UriKind.Absolute, out var uri) && string.Equals(uri.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase);

    public bool IsPortal(string origin) => options.PortalOrigin is { } portal && string.Equals(origin, portal, StringComparison.OrdinalIgnoreCase);

    public static bool IsWebSocket(HttpRequest request) => request.Headers.Upgrade.ToString().Equals("websocket", StringComparison.OrdinalIgnoreCase);

    public static bool IsChange(HttpRequest request) =>
        !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method) && !HttpMethods.IsOptions(request.Method);
}
