using AiStackDeployer.StackGate.SignIn;

namespace AiStackDeployer.StackGate.Front;

internal static class BrowserRequest
{
    /// <summary>A browser asks for a password as soon as it is told to, over whatever page is open; programs want to be told.</summary>
    public static bool Is(HttpRequest request) => request.Headers.ContainsKey("Sec-Fetch-Mode") || IsNavigation(request);

    /// <summary>A page that a person opens. Without https a browser does not say so, but it asks for HTML.</summary>
    public static bool IsNavigation(HttpRequest request) =>
        request.Headers["Sec-Fetch-Mode"].ToString() is { Length: > 0 } mode
            ? mode == "navigate"
            : HttpMethods.IsGet(request.Method) && request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    /// <summary>Something that only happens because a person does something: no poll, no stream, no probe.</summary>
    public static bool IsHuman(HttpRequest request) => IsNavigation(request) || OwnOrigin.IsChange(request);
}
