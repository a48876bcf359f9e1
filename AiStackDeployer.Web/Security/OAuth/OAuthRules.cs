using AiStackDeployer.Web.Settings;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.WebUtilities;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AiStackDeployer.Web.Security.OAuth;

/// <summary>What clients are told of the server beside what OpenIddict knows.</summary>
internal sealed class ServerMetadata(PortalAddress address) : IOpenIddictServerHandler<HandleConfigurationRequestContext>
{
    public ValueTask HandleAsync(HandleConfigurationRequestContext context)
    {
        // By its public address, whichever one this request came to.
        var portal = address.Of(context.Transaction.GetHttpRequest()!);
        context.AuthorizationEndpoint = new Uri(portal + OAuthServer.Authorize);
        context.TokenEndpoint = new Uri(portal + OAuthServer.Token);
        context.RevocationEndpoint = new Uri(portal + OAuthServer.Revoke);
        context.Metadata["registration_endpoint"] = portal + OAuthServer.Register;
        context.Metadata["client_id_metadata_document_supported"] = true;
        return ValueTask.CompletedTask;
    }
}

/// <summary>Tokens are for the portal's own <c>/mcp</c>, whether the client says so (RFC 8707) or not.</summary>
internal sealed class OurResource(PortalAddress address)
    : IOpenIddictServerHandler<ValidateAuthorizationRequestContext>, IOpenIddictServerHandler<ValidateTokenRequestContext>
{
    public ValueTask HandleAsync(ValidateAuthorizationRequestContext context) => HandleAsync(context, context.Request);

    public ValueTask HandleAsync(ValidateTokenRequestContext context) => HandleAsync(context, context.Request);

    private ValueTask HandleAsync(BaseValidatingContext context, OpenIddictRequest request)
    {
        var own = address.McpOf(context.Transaction.GetHttpRequest()!);
        if (request.GetResources().Any(resource => resource.TrimEnd('/') != own))
        {
            context.Reject(Errors.InvalidTarget, "The resource is not this portal's.");
        }
        return ValueTask.CompletedTask;
    }
}

/// <summary>Before a client is looked up: the person is signed in, and a client with a description of its own is read and known.</summary>
internal sealed class KnownClient(ClientDocuments documents, PortalSettings settings) : IOpenIddictServerHandler<ValidateAuthorizationRequestContext>
{
    public async ValueTask HandleAsync(ValidateAuthorizationRequestContext context)
    {
        var http = context.Transaction.GetHttpRequest()!.HttpContext;
        // Nobody who is not signed in makes the portal ask other servers for something.
        if (settings.SignIn.Mode != AuthMode.None && !(await http.AuthenticateAsync(SecurityServices.SessionScheme)).Succeeded)
        {
            await http.ChallengeAsync(SecurityServices.SessionScheme);
            context.HandleRequest();
            return;
        }
        if (ClientDocuments.IsAddress(context.Request.ClientId) && !await documents.KnowAsync(context.Request.ClientId!, http.RequestAborted))
        {
            context.Reject(Errors.InvalidClient, "The client's description could not be read, or does not fit.");
        }
    }
}

/// <summary>What cannot be told to a client, as nobody knows whether it is one, is told to the person in front of the browser.</summary>
internal sealed class ReadableRefusal : IOpenIddictServerHandler<ApplyAuthorizationResponseContext>
{
    public ValueTask HandleAsync(ApplyAuthorizationResponseContext context)
    {
        if (context.Error is { } error && string.IsNullOrEmpty(context.RedirectUri))
        {
            var http = context.Transaction.GetHttpRequest()!.HttpContext;
            http.Response.Redirect(QueryHelpers.AddQueryString(http.Request.PathBase + OAuthServer.Consent, "error", error));
            context.HandleRequest();
        }
        return ValueTask.CompletedTask;
    }
}
