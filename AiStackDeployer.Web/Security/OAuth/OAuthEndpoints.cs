using AiStackDeployer.Core.People;
using AiStackDeployer.Web.Security.SignIn;
using AiStackDeployer.Web.Security.Tokens;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Mvc;
using ModelContextProtocol.Authentication;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;
using Scopes = AiStackDeployer.Core.People.Scopes;

namespace AiStackDeployer.Web.Security.OAuth;

/// <summary>What of the authorization server is the portal's own; the rest OpenIddict answers before any route is asked.</summary>
internal static class OAuthEndpoints
{
    /// <summary>The parameters that the consent page hands on. Nothing else of a client's request gets into the page's form.</summary>
    public static IReadOnlyList<string> HandedOn { get; } =
    [
        Parameters.ClientId, Parameters.RedirectUri, Parameters.ResponseType, Parameters.Scope, Parameters.State, Parameters.CodeChallenge,
        Parameters.CodeChallengeMethod, Parameters.Resource,
    ];

    public static void MapOAuth(this IEndpointRouteBuilder app)
    {
        app.MapGet(OAuthServer.ResourceMetadata, DescribeResource).AllowAnonymous().ExcludeFromDescription();
        app.MapGet(OAuthServer.Authorize, AskAsync).RequireAuthorization(Policies.ManageOwnAccess).ExcludeFromDescription();
        app.MapPost(OAuthServer.Authorize, DecideAsync).RequireAuthorization(Policies.ManageOwnAccess).ExcludeFromDescription();
        app.MapPost(OAuthServer.Register, (HttpContext context, ClientRegistrations registrations) => registrations.RegisterAsync(context))
            .AllowAnonymous().ExcludeFromDescription().WithMetadata(new RequestSizeLimitAttribute(ClientRegistrations.LargestRequest));
    }

    /// <summary>What a client asks for; without a word of it what is usual.</summary>
    public static Scopes AskedOf(string? words) =>
        ScopeWords.Parse(words ?? "") is var asked && asked != Scopes.None ? asked : ScopeWords.Parse(string.Join(' ', OAuthServer.UsualScopes));

    private static IResult DescribeResource(HttpContext context, PortalAddress address) => TypedResults.Json(new ProtectedResourceMetadata
    {
        Resource = address.McpOf(context.Request),
        AuthorizationServers = { new Uri(address.Of(context.Request)).AbsoluteUri },
        ScopesSupported = [.. OAuthServer.UsualScopes],
        ResourceName = "AI Stack Deployer",
    });

    private static async Task<IResult> AskAsync(HttpContext context, ClientAccess clients, PortalAddress address, CancellationToken cancellationToken)
    {
        var request = context.GetOpenIddictServerRequest()!;
        var asked = AskedOf(request.Scope);
        if (!request.HasPromptValue(PromptValues.Consent) && await clients.RememberedAsync(context.User, request.ClientId!, asked, cancellationToken) is { } granted)
        {
            return await AnswerAsync(context, clients, address, request.ClientId!, granted, cancellationToken);
        }
        if (request.HasPromptValue(PromptValues.None))
        {
            return Refuse(Errors.ConsentRequired);
        }
        await Visitors.RememberAsync(context);
        return Results.Redirect(context.Request.PathBase + OAuthServer.Consent + context.Request.QueryString);
    }

    private static async Task<IResult> DecideAsync(
        HttpContext context, ClientAccess clients, PortalAddress address, IFormCollection form, CancellationToken cancellationToken)
    {
        var request = context.GetOpenIddictServerRequest()!;
        var asked = AskedOf(request.Scope);
        var ticked = ScopeWords.Parse(string.Join(' ', form["grant"].ToArray()));
        var granted = PersonalTokens.ScopesOf(context.User).Where(scope => (asked & ticked).HasFlag(scope)).Aggregate(Scopes.None, (sum, scope) => sum | scope);
        if (form["answer"] != "allow" || granted == Scopes.None)
        {
            return Refuse(Errors.AccessDenied);
        }
        await clients.AllowAsync(context, request.ClientId!, asked, granted, cancellationToken);
        return await AnswerAsync(context, clients, address, request.ClientId!, granted, cancellationToken);
    }

    private static async Task<IResult> AnswerAsync(
        HttpContext context, ClientAccess clients, PortalAddress address, string clientId, Scopes granted, CancellationToken cancellationToken) =>
        Results.SignIn(
            await clients.PrincipalAsync(context.User, clientId, granted, address.McpOf(context.Request), cancellationToken),
            authenticationScheme: OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);

    private static IResult Refuse(string error) => Results.Forbid(
        new AuthenticationProperties(new Dictionary<string, string?> { [OpenIddictServerAspNetCoreConstants.Properties.Error] = error }),
        [OpenIddictServerAspNetCoreDefaults.AuthenticationScheme]);
}
