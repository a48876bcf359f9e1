using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AiStackDeployer.Web.Security.OAuth;

/// <summary>What a client says of itself: to the registration (RFC 7591), or in its Client ID Metadata Document.</summary>
internal sealed record ClientDescription
{
    public const int LongestAddress = 500;

    private const int MostRedirects = 20;
    private const int LongestName = 60;

    /// <summary>Of documents alone.</summary>
    public string? ClientId { get; init; }

    public string? ClientName { get; init; }

    public IReadOnlyList<string?>? RedirectUris { get; init; }

    /// <summary>Whether a code may be sent to all of these, and there is at least one.</summary>
    [JsonIgnore]
    public bool HasGoodRedirects => RedirectUris is { Count: > 0 and <= MostRedirects } all && all.All(IsGood);

    /// <exception cref="JsonException">It is none.</exception>
    public static ClientDescription Read(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, ClientJson.Default.ClientDescription) ?? throw new JsonException();

    /// <summary>As it is stored: loopback addresses without their port, which a program on somebody's machine cannot choose beforehand (RFC 8252).</summary>
    public OpenIddictApplicationDescriptor ToApplication(string clientId)
    {
        Uri[] redirects = [.. RedirectUris!.Select(text => new Uri(text!))];
        var application = new OpenIddictApplicationDescriptor
        {
            ClientId = clientId,
            ClientType = ClientTypes.Public,
            ConsentType = ConsentTypes.Explicit,
            ApplicationType = redirects.Any(uri => uri.IsLoopback) ? ApplicationTypes.Native : ApplicationTypes.Web,
            DisplayName = Shown(ClientName) is { Length: > 0 } name ? name : redirects[0].Host,
        };
        application.RedirectUris.UnionWith(redirects.Select(uri => IsLoopback(uri) ? new UriBuilder(uri) { Port = -1 }.Uri : uri));
        return application;
    }

    private static bool IsGood(string? text) =>
        text is { Length: > 0 and <= LongestAddress }
        && Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && uri.Fragment.Length == 0 && uri.UserInfo.Length == 0 && !text.Any(char.IsWhiteSpace)
        && (uri.Scheme == Uri.UriSchemeHttps || IsLoopback(uri) || IsProgram(uri));

    private static bool IsLoopback(Uri uri) => uri is { Scheme: "http", IsLoopback: true };

    /// <summary>A program on the person's machine that has a scheme of its own. One with a dot, or a host, is no scheme that a browser itself runs.</summary>
    private static bool IsProgram(Uri uri) =>
        uri.Scheme is not ("http" or "ftp" or "ws" or "wss" or "file" or "javascript" or "data" or "blob" or "vbscript" or "about")
        && (uri.Scheme.Contains('.', StringComparison.Ordinal) || uri.Host.Length > 0);

    /// <summary>Nothing that could make a name look like another one, or turn the words around it.</summary>
    private static string Shown(string? name)
    {
        var plain = string.Concat((name ?? "").Where(c => char.GetUnicodeCategory(c) is not (UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.Surrogate))).Trim();
        return plain.Length > LongestName ? plain[..LongestName] : plain;
    }
}

/// <summary>The answer to a registration.</summary>
internal sealed record RegisteredClient(string ClientId, long ClientIdIssuedAt, string ClientName, IReadOnlyList<string?> RedirectUris)
{
    public string TokenEndpointAuthMethod { get; } = ClientAuthenticationMethods.None;

    public IReadOnlyList<string> GrantTypes { get; } = [OpenIddictConstants.GrantTypes.AuthorizationCode, OpenIddictConstants.GrantTypes.RefreshToken];

    public IReadOnlyList<string> ResponseTypes { get; } = [OpenIddictConstants.ResponseTypes.Code];
}

internal sealed record RegistrationError(string Error, string ErrorDescription);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectRequiredConstructorParameters = false)]
[JsonSerializable(typeof(ClientDescription))]
[JsonSerializable(typeof(RegisteredClient))]
[JsonSerializable(typeof(RegistrationError))]
internal sealed partial class ClientJson : JsonSerializerContext;
