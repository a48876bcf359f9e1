using System.Globalization;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AiStackDeployer.Tests.TestKit;

/// <summary>Who signs in at the provider.</summary>
/// <param name="Groups">One is told of as a text, several as an array.</param>
/// <param name="InUserInfo">Name and groups are not in the ID token.</param>
internal sealed record Account(string Subject, string? Name, string[] Groups, bool InUserInfo = false);

/// <summary>
/// An identity provider of OpenID Connect with one confidential client, the portal. It signs in whoever the test says without asking,
/// and lies as the test says.
/// </summary>
internal sealed class TestProvider : IAsyncDisposable
{
    public const string ClientId = "portal";
    public const string ClientSecret = "secret-of-the-portal-at-the-provider";

    private readonly WebApplication _server;
    private readonly SigningCredentials _key = NewKey();

    private TestProvider(int port, string redirectUri)
    {
        Issuer = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(Issuer);
        builder.Services.AddOpenIddict().AddServer(server =>
        {
            server.SetAuthorizationEndpointUris("authorize").SetTokenEndpointUris("token").SetUserInfoEndpointUris("userinfo");
            server.AllowAuthorizationCodeFlow().RequireProofKeyForCodeExchange().RegisterScopes(Scopes.Profile);
            server.AddSigningKey(_key.Key).AddEphemeralEncryptionKey();
            // Without a database of clients and tokens: the handlers below say what is valid.
            server.EnableDegradedMode();
            server.UseAspNetCore().DisableTransportSecurityRequirement();
            On<ValidateAuthorizationRequestContext>(server, 0, request =>
            {
                if (request.ClientId != ClientId || request.RedirectUri != redirectUri || request.Request.CodeChallengeMethod != CodeChallengeMethods.Sha256)
                {
                    request.Reject(Errors.InvalidRequest);
                }
            });
            On<HandleAuthorizationRequestContext>(server, 0, SignIn);
            On<ValidateTokenRequestContext>(server, 0, request =>
            {
                if (request.ClientId != ClientId || request.ClientSecret != ClientSecret)
                {
                    request.Reject(Errors.InvalidClient);
                }
            });
            On<GenerateTokenContext>(server, OpenIddictServerHandlers.Protection.GenerateIdentityModelToken.Descriptor.Order + 1, token =>
            {
                if (token.TokenType == TokenTypeIdentifiers.IdentityToken)
                {
                    token.Token = IdToken = Forge is null ? token.Token! : Forge(this, ClaimsOf(token.Token!));
                }
            });
            On<HandleUserInfoRequestContext>(server, 0, answer =>
            {
                answer.Subject = Account.Subject;
                if (Account.InUserInfo)
                {
                    answer.Claims[Claims.Name] = Account.Name;
                    answer.Claims["groups"] = Account.Groups is [var only] ? new OpenIddictParameter(only) : new OpenIddictParameter([.. Account.Groups]);
                }
            });
        });
        _server = builder.Build();
        _server.Use(async (context, next) =>
        {
            if (IsAway)
            {
                context.Abort();
                return;
            }
            await next(context);
        });
        _server.UseAuthentication();
    }

    public string Issuer { get; }

    public Account Account { get; set; } = new("1", "Anna", []);

    /// <summary>The person presses "cancel".</summary>
    public bool Denies { get; set; }

    /// <summary>Every connection is cut.</summary>
    public bool IsAway { get; set; }

    /// <summary>Another ID token in the place of the one with these claims.</summary>
    public Func<TestProvider, JsonObject, string>? Forge { get; set; }

    /// <summary>The last one given out.</summary>
    public string IdToken { get; private set; } = "";

    public static async Task<TestProvider> StartAsync(string redirectUri)
    {
        var provider = new TestProvider(FreePort.Next(), redirectUri);
        await provider._server.StartAsync(TestContext.Current.CancellationToken);
        return provider;
    }

    public string Sign(JsonObject claims) => new JsonWebTokenHandler().CreateToken(claims.ToJsonString(), _key);

    public static string SignByAnother(JsonObject claims) => new JsonWebTokenHandler().CreateToken(claims.ToJsonString(), NewKey());

    /// <summary>By what the client knows as well, as some providers let one choose.</summary>
    public static string SignBySecret(JsonObject claims) => new JsonWebTokenHandler().CreateToken(
        claims.ToJsonString(), new SigningCredentials(new SymmetricSecurityKey(Encoding.UTF8.GetBytes(ClientSecret)) { KeyId = "the-key" }, SecurityAlgorithms.HmacSha256));

    public static string Unsigned(JsonObject claims) => new JsonWebTokenHandler().CreateToken(claims.ToJsonString());

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static void On<TContext>(OpenIddictServerBuilder server, int order, Action<TContext> handle) where TContext : BaseContext =>
        server.AddEventHandler<TContext>(handler => handler.UseInlineHandler(context =>
        {
            handle(context);
            return default;
        }).SetOrder(order));

    private void SignIn(HandleAuthorizationRequestContext request)
    {
        if (Denies)
        {
            request.Reject(Errors.AccessDenied);
            return;
        }
        var identity = new ClaimsIdentity(nameof(TestProvider));
        identity.SetClaim(Claims.Subject, Account.Subject);
        if (!Account.InUserInfo)
        {
            identity.SetClaim(Claims.Name, Account.Name).SetClaims("groups", [.. Account.Groups]);
        }
        identity.SetScopes(request.Request.GetScopes()).SetDestinations(_ => [Destinations.IdentityToken]);
        request.SignIn(new ClaimsPrincipal(identity));
    }

    private static JsonObject ClaimsOf(string token) => JsonNode.Parse(Base64UrlEncoder.Decode(token.Split('.')[1]))!.AsObject();

    /// <summary>All of the same name, so that only the signature tells them apart.</summary>
    private static SigningCredentials NewKey() =>
        new(new ECDsaSecurityKey(ECDsa.Create(ECCurve.NamedCurves.nistP256)) { KeyId = "the-key" }, SecurityAlgorithms.EcdsaSha256);
}
