using AiStackDeployer.Core.Naming;
using AiStackDeployer.Web.Settings;

namespace AiStackDeployer.Web.Security;

/// <summary>
/// Requests for a stack's own address that reach the portal, because an operator's catch-all route of low priority leads here what no container
/// takes: the address of a stopped stack. A browser is led to the page that wakes it, under the portal's own name, where its session is. Nothing
/// of the portal is served under a stack's name.
/// </summary>
internal sealed class StackHosts(PortalSettings settings)
{
    private const int SecondsToWake = 10;

    /// <summary>The name of the stack whose address was asked for; null when it is none.</summary>
    public string? NameIn(string host)
    {
        var suffix = "." + settings.Stacks.DomainSuffix;
        return host.EndsWith(suffix, StringComparison.OrdinalIgnoreCase)
            && !host.Equals(settings.PublicUrl?.IdnHost, StringComparison.OrdinalIgnoreCase)
            && !settings.AllowedHosts.Contains(host, StringComparer.OrdinalIgnoreCase)
            && StackName.TryParse(host[..^suffix.Length].ToLowerInvariant(), out var name)
            ? name.Value
            : null;
    }

    /// <summary>The same for every name, whether there is such a stack or not: who is not signed in learns nothing.</summary>
    public Task AnswerAsync(HttpContext context, string name)
    {
        var response = context.Response;
        var page = $"{Portal()}/{WakePath.Of(name)}";
        response.Headers.CacheControl = "no-store";
        if (IsNavigation(context.Request))
        {
            response.StatusCode = StatusCodes.Status302Found;
            response.Headers.Location = page;
            return Task.CompletedTask;
        }
        response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        response.Headers.RetryAfter = SecondsToWake.ToString(System.Globalization.CultureInfo.InvariantCulture);
        response.ContentType = "text/plain; charset=utf-8";
        return response.WriteAsync($"This stack is not running. Start it: {page}\n", context.RequestAborted);
    }

    private string Portal() => settings.PublicUrl?.AbsoluteUri.TrimEnd('/') ?? $"http://localhost:{settings.Port}{settings.PathBase}";

    private static bool IsNavigation(HttpRequest request) =>
        (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        && (request.Headers["Sec-Fetch-Mode"] == "navigate" || request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase));
}

/// <summary>The page that starts a stopped stack and goes on into it.</summary>
public static class WakePath
{
    /// <summary>Relative to the portal's root.</summary>
    public static string Of(string name) => $"wake/{Uri.EscapeDataString(name)}";
}

internal static class StackHostsExtensions
{
    /// <summary>Before the gate, which knows only the portal's own names.</summary>
    public static void UseStackHosts(this WebApplication app)
    {
        var hosts = app.Services.GetRequiredService<StackHosts>();
        app.Use((context, next) => hosts.NameIn(context.Request.Host.Host) is { } name && !context.Request.Path.StartsWithSegments("/health")
            ? hosts.AnswerAsync(context, name)
            : next(context));
    }
}
