using System.Globalization;
using System.Net;
using System.Text.Json;
using ModelContextProtocol;

namespace AiStackDeployer.Web.Mcp.Relay;

/// <summary>Why the portal could not be asked and what the reader can do, without a word of an answer's body, which may quote anything.</summary>
internal static class RelayFault
{
    /// <param name="portal">Its address, as it may be shown.</param>
    /// <param name="hasAnswered">Whether a portal has ever answered there.</param>
    public static string Explain(Exception e, string portal, bool hasAnswered) => e switch
    {
        HttpRequestException { StatusCode: HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden } =>
            $"The portal at {portal} refuses the call: set {PortalTarget.TokenKey}, or {PortalTarget.UrlKey} to an address that the portal knows (its PUBLIC_URL).",
        HttpRequestException { StatusCode: HttpStatusCode.RequestEntityTooLarge } => "The portal takes no call of this size: use shorter arguments.",
        HttpRequestException { StatusCode: >= HttpStatusCode.Moved and < HttpStatusCode.BadRequest } =>
            $"What answers at {portal} redirects elsewhere, perhaps to a page to sign in at: set {PortalTarget.UrlKey} to the portal's own https address, "
            + $"or {PortalTarget.TokenKey}.",
        HttpRequestException { StatusCode: HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError } =>
            $"The portal at {portal} answers with an error now. Before you repeat what begins something, look with list_deployments whether it has begun.",
        HttpRequestException { StatusCode: { } status } => string.Create(
            CultureInfo.InvariantCulture, $"What answers at {portal} is not this portal, or an older one (status {(int)status}): set {PortalTarget.UrlKey}."),
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } =>
            $"The certificate at {portal} is not trusted here: correct it, or set {PortalTarget.UrlKey}.",
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.ProxyTunnelError } =>
            $"No portal answers at {portal}: start one (dotnet run --project AiStackDeployer.Web) or set {PortalTarget.UrlKey}.",
        McpException or JsonException when !hasAnswered =>
            $"What answers at {portal} is not this portal: another program, or a page to sign in at. Set {PortalTarget.UrlKey} to the address of a portal, "
            + $"or {PortalTarget.TokenKey} where a proxy signs people in.",
        _ => $"The answer of the portal at {portal} was lost. Before you repeat what begins something, look with list_deployments whether it has begun.",
    };
}
