using System.Security.Cryptography;
using AiStackDeployer.Core.People;
using AiStackDeployer.Web.Settings;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AiStackDeployer.Web.Security.OAuth;

/// <summary>
/// The portal as the authorization server (OAuth 2.1) of its own <c>/mcp</c>, so that an assistant needs nothing but the address. Who
/// somebody is, the ordinary sign-in says. Clients are public ones: a code, PKCE, and refresh tokens that change with each use.
/// </summary>
internal static class OAuthServer
{
    public const string Authorize = "/oauth/authorize";
    public const string Token = "/oauth/token";
    public const string Revoke = "/oauth/revoke";
    public const string Register = "/oauth/register";

    /// <summary>The page that asks.</summary>
    public const string Consent = "/oauth/consent";

    /// <summary>RFC 9728: the well-known address of the metadata of <c>/mcp</c>.</summary>
    public const string ResourceMetadata = "/.well-known/oauth-protected-resource/mcp";

    /// <summary>What a client asks for that follows the metadata: what assistants do. More than one's own takes a wish of its own.</summary>
    public static IReadOnlyList<string> UsualScopes { get; } = [.. ScopeWords.All.Where(s => s != AiStackDeployer.Core.People.Scopes.Admin).Select(s => s.ToWords())];

    public static IServiceCollection AddPortalOAuth(this IServiceCollection services, PortalSettings settings)
    {
        services.AddSingleton<ClientAccess>().AddSingleton<ClientDocuments>().AddSingleton<ClientRegistrations>().AddSingleton(new OutsideOptions());
        services.AddHostedService<ClientCleanUp>();
        var openIddict = services.AddOpenIddict();
        openIddict.AddServer(server =>
        {
            if (settings.PublicUrl is { } portal)
            {
                server.SetIssuer(portal);
            }
            server.SetAuthorizationEndpointUris(Authorize[1..]).SetTokenEndpointUris(Token[1..]).SetRevocationEndpointUris(Revoke[1..]);
            server.AllowAuthorizationCodeFlow().AllowRefreshTokenFlow().RequireProofKeyForCodeExchange();
            server.SetAuthorizationCodeLifetime(TimeSpan.FromMinutes(5)).SetAccessTokenLifetime(TimeSpan.FromHours(1)).SetRefreshTokenLifetime(TimeSpan.FromDays(30))
                // 30 days from the consent on: a renewal gives no more.
                .DisableSlidingRefreshTokenExpiration();
            // One that is used twice was stolen, or its answer was lost: the client asks again, and what was allowed is remembered.
            server.SetRefreshTokenReuseLeeway(TimeSpan.Zero);
            server.RegisterScopes([.. ScopeWords.All.Select(scope => scope.ToWords())]);
            // All clients are alike: what each may be given is its person's decision.
            server.IgnoreEndpointPermissions().IgnoreGrantTypePermissions().IgnoreResponseTypePermissions().IgnoreScopePermissions();
            // There is one resource, whose address may depend on the request: OAuthRules checks it.
            server.DisableResourceValidation().IgnoreResourcePermissions();
            // Tokens are protected by the key ring. OpenIddict wants keys for JSON web tokens as well, of which it makes none here.
            server.AddEphemeralSigningKey(SecurityAlgorithms.EcdsaSha256).AddEncryptionKey(new SymmetricSecurityKey(RandomNumberGenerator.GetBytes(32)));
            server.UseDataProtection();
            // Whether https is needed, the settings say.
            server.UseAspNetCore().EnableAuthorizationEndpointPassthrough().DisableTransportSecurityRequirement();
            server.Configure(options =>
            {
                options.Scopes.Remove(OpenIddict.Abstractions.OpenIddictConstants.Scopes.OpenId);
                options.ClientAuthenticationMethods.Clear();
                options.ClientAuthenticationMethods.Add(ClientAuthenticationMethods.None);
                options.PromptValues.ExceptWith([PromptValues.Login, PromptValues.SelectAccount]);
                options.CodeChallengeMethods.Remove(CodeChallengeMethods.Plain);
                // A form that posts itself needs a script in the page.
                options.ResponseModes.Clear();
                options.ResponseModes.Add(ResponseModes.Query);
            });
            server.AddEventHandler<HandleConfigurationRequestContext>(handler => handler.UseSingletonHandler<ServerMetadata>().SetOrder(int.MaxValue));
            server.AddEventHandler<ValidateAuthorizationRequestContext>(handler => handler.UseSingletonHandler<KnownClient>().SetOrder(int.MinValue));
            server.AddEventHandler<ValidateAuthorizationRequestContext>(handler => handler.UseSingletonHandler<OurResource>().SetOrder(int.MaxValue));
            server.AddEventHandler<ApplyAuthorizationResponseContext>(handler =>
                handler.UseSingletonHandler<ReadableRefusal>().SetOrder(OpenIddictServerHandlers.Authentication.AttachRedirectUri.Descriptor.Order + 1));
            server.AddEventHandler<ValidateTokenRequestContext>(handler => handler.UseSingletonHandler<OurResource>().SetOrder(int.MaxValue));
        });
        openIddict.AddValidation(validation =>
        {
            validation.UseLocalServer();
            validation.UseDataProtection();
            // So that what was revoked is over with the next call.
            validation.EnableTokenEntryValidation().EnableAuthorizationEntryValidation();
        });
        return services;
    }
}
