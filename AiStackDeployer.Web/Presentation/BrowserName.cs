namespace AiStackDeployer.Web.Presentation;

/// <summary>What a person calls their browser, of what it says of itself.</summary>
internal static class BrowserName
{
    // The first that matches: most of them claim to be others as well.
    private static readonly (string Mark, string Name)[] Browsers =
        [("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"), ("curl/", "curl")];

    private static readonly (string Mark, string Name)[] Systems =
        [("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS X", "macOS"), ("Linux", "Linux")];

    public static string Of(string? userAgent)
    {
        string?[] parts = [Find(Browsers, userAgent), Find(Systems, userAgent)];
        return string.Join(", ", parts.OfType<string>()) is { Length: > 0 } name ? name : userAgent is { Length: > 0 } ? userAgent : "-";
    }

    private static string? Find((string Mark, string Name)[] all, string? userAgent) =>
        all.FirstOrDefault(one => userAgent?.Contains(one.Mark, StringComparison.Ordinal) == true).Name;
}
