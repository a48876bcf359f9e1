using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using AiStackDeployer.Web.Settings;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace AiStackDeployer.Web.Security.Tokens;

/// <summary>
/// The log ingest, by the key that it shares with the portal. It is nobody's: whoever has it may ask what <see cref="Policies.ServeIngest"/>
/// stands at, and no session or personal token may.
/// </summary>
internal sealed class IngestKey(
    PortalSettings settings, IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "LogIngest";

    /// <summary>The one address that it opens.</summary>
    public const string Path = "/api/ingest/stacks";

    private const string Bearer = "Bearer ";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(
        settings.LogIngestKey is { } key && Request.Headers.Authorization is [{ } header] && header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
            && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(header[Bearer.Length..])), SHA256.HashData(Encoding.UTF8.GetBytes(key)))
            ? AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity(SchemeName)), SchemeName))
            : AuthenticateResult.NoResult());

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.StatusCode = StatusCodes.Status401Unauthorized;
        Response.Headers.WWWAuthenticate = Bearer.Trim();
        return Task.CompletedTask;
    }
}
