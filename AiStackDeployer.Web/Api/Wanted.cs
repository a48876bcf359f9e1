namespace AiStackDeployer.Web.Api;

/// <summary>Which form of an answer a caller asks for.</summary>
internal static class Wanted
{
    public const string Events = "text/event-stream";

    private const string Json = "application/json";

    /// <summary>JSON by name, and no stream beside it.</summary>
    public static bool IsJson(HttpRequest request) => Accepts(request, Json) && !Accepts(request, Events);

    public static bool IsEvents(HttpRequest request) => Accepts(request, Events);

    private static bool Accepts(HttpRequest request, string type) =>
        request.GetTypedHeaders().Accept is { } accept
        && accept.Any(a => a.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase) && a.Quality is null or > 0);
}
