using System.Security.Claims;
using System.Text.Encodings.Web;
using AiStackDeployer.Core.People;
using AiStackDeployer.Web.Security.OAuth;
using AiStackDeployer.Web.Settings;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace AiStackDeployer.Web.Security.Tokens;

/// <summary>
/// Programs with a token in <c>Authorization: Bearer</c>: personal ones at <c>/api</c> and <c>/mcp</c>, those of clients at <c>/mcp</c> alone.
/// A page is nobody's to open with one.
/// </summary>
internal sealed class BearerTokens(
    PersonalTokens personal, ClientAccess clients, PortalAddress address, PortalSettings settings, IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory logger, UrlEncoder encoder) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "Token";

    private const string Bearer = "Bearer";

    /// <summary>Whose word counts for a request: a token's alone where there is one, never a cookie's at <c>/mcp</c>, else the session's.</summary>
    public static string SchemeOf(HttpContext context) =>
        IsIn(context.Request) || IsMcp(context.Request) ? SchemeName : SecurityServices.SessionScheme;

    public static bool IsIn(HttpRequest request) => request.Headers.Authorization.Any(header =>
        header?.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) == true && (header.Length == Bearer.Length || header[Bearer.Length] == ' '));

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (!IsIn(Request))
        {
            return AuthenticateResult.NoResult();
        }
        var principal = Request.Headers.Authorization is [{ } header] && Gate.IsApi(Request.Path) ? await FindAsync(header[Bearer.Length..].Trim()) : null;
        return principal is null ? AuthenticateResult.Fail("The token is not valid here.") : AuthenticateResult.Success(new AuthenticationTicket(principal, SchemeName));
    }

    /// <summary>Says what a client needs to know to get a token.</summary>
    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        List<string> words = IsIn(Request) ? ["error=\"invalid_token\""] : [];
        if (IsMcp(Request))
        {
            words.Add($"resource_metadata=\"{address.Of(Request)}{OAuthServer.ResourceMetadata}\"");
        }
        Response.StatusCode = StatusCodes.Status401Unauthorized;
        Response.Headers.WWWAuthenticate = words.Count == 0 ? Bearer : $"{Bearer} {string.Join(", ", words)}";
        return Task.CompletedTask;
    }

    private static bool IsMcp(HttpRequest request) => request.Path.StartsWithSegments("/mcp", StringComparison.OrdinalIgnoreCase);

    private async Task<ClaimsPrincipal?> FindAsync(string text)
    {
        if (text.StartsWith(TokenText.Prefix, StringComparison.Ordinal))
        {
            return await personal.FindAsync(text, Context.RequestAborted) is { } found
                ? PrincipalOf(found.Person, found.Token.Id, found.Token.Name, found.Token.Scopes)
                : null;
        }
        return text.Length > 0 && IsMcp(Request) && await clients.FindAsync(text, address.McpOf(Request), Context.RequestAborted) is { } client
            ? PrincipalOf(client.Person, client.AuthorizationId, client.Name, client.Scopes)
            : null;
    }

    private ClaimsPrincipal? PrincipalOf(Person person, string credential, string name, Scopes scopes) => PersonalTokens.IsOf(settings.SignIn, person)
        ? PersonClaims.Of(
            person, person.Role, SchemeName,
            [new Claim(PersonClaims.Credential, credential), new Claim(PersonClaims.TokenName, name), new Claim(PersonClaims.Scope, scopes.ToWords())])
        : null;
}
