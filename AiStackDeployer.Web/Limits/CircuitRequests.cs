namespace AiStackDeployer.Web.Limits;

/// <summary>Which requests of a page's live connection are which.</summary>
internal static class CircuitRequests
{
    private const string Path = "/_blazor";

    /// <summary>It begins a connection: the browser first asks which kinds there are.</summary>
    public static bool Opens(HttpContext context) => IsNegotiation(context) || (IsConnection(context) && context.WebSockets.IsWebSocketRequest);

    /// <summary>It lasts as long as the connection does. What a browser without WebSockets sends by POST does not.</summary>
    public static bool IsPartOfOne(HttpContext context) => IsNegotiation(context) || IsConnection(context);

    public static bool IsNegotiation(HttpContext context) => context.Request.Path.Equals(Path + "/negotiate", StringComparison.OrdinalIgnoreCase);

    private static bool IsConnection(HttpContext context) =>
        context.Request.Path.Equals(Path, StringComparison.OrdinalIgnoreCase)
        && !HttpMethods.IsPost(context.Request.Method) && !HttpMethods.IsDelete(context.Request.Method);
}
