namespace AiStackDeployer.Web.Mcp.Relay;

/// <summary>The portal that a relay speaks for. Two variables of the environment say which; nothing else is read.</summary>
/// <param name="Root">Null when <c>PORTAL_URL</c> is no address.</param>
internal sealed record PortalTarget(Uri? Root, string? Token)
{
    public const string UrlKey = "PORTAL_URL";
    public const string TokenKey = "PORTAL_TOKEN";

    /// <summary>A portal on this machine.</summary>
    public static Uri Usual { get; } = new("http://localhost:3000");

    /// <summary>As it may be shown: a password in it stays out.</summary>
    public string Shown => Root?.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped).TrimEnd('/') ?? UrlKey;

    /// <summary>Why nothing may be sent to it; null when it may.</summary>
    public string? Fault =>
        Root is null ? $"{UrlKey} is not an address that begins with http:// or https://: set it in the client's settings of this server, e.g. {Usual}"
        : WouldShowToken ? $"{TokenKey} is not sent to {Shown}, because without https everybody on the way could read it: set {UrlKey} to the portal's https address."
        : null;

    public Uri? Endpoint => Root is null ? null : new Uri(Root.GetLeftPart(UriPartial.Path).TrimEnd('/') + PortalMcp.Path);

    private bool WouldShowToken => Token is not null && Root is { Scheme: "http" } && !(Root.IsLoopback || Root.Host.EndsWith(".localhost", StringComparison.Ordinal));

    public static PortalTarget Read(Func<string, string?> environment)
    {
        var token = Expanded(environment(TokenKey));
        var text = Expanded(environment(UrlKey));
        var given = string.IsNullOrEmpty(text) ? Usual.ToString() : text;
        // An address copied from elsewhere may have the endpoint's own path already.
        given = given.TrimEnd('/').EndsWith(PortalMcp.Path, StringComparison.Ordinal) ? given.TrimEnd('/')[..^PortalMcp.Path.Length] : given;
        return new PortalTarget(
            Uri.TryCreate(given, UriKind.Absolute, out var root) && root.Scheme is "http" or "https" ? root : null,
            string.IsNullOrEmpty(token) ? null : token);
    }

    /// <summary>Null for a variable's name in the place of its value: a client that expands none hands over what stands in its file.</summary>
    private static string? Expanded(string? value) => value?.Trim() is { } text && !text.StartsWith("${", StringComparison.Ordinal) ? text : null;

    /// <summary>Without the token: a record's own text would print it.</summary>
    public override string ToString() => Shown;
}
