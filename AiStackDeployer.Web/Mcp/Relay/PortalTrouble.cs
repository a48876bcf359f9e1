using System.Globalization;
using System.Net;

namespace AiStackDeployer.Web.Mcp.Relay;

/// <summary>The portal could not be asked; why, and what the reader can do.</summary>
internal sealed class PortalTrouble(Refusal refusal, Exception? inner) : Exception(refusal.Message, inner)
{
    public Refusal Refusal { get; } = refusal;

    /// <summary>Of what went wrong on the way, without a word of anybody else's: an answer's body may quote anything.</summary>
    public static PortalTrouble Of(Exception e, PortalTarget target) => new(Explain(e, target), e);

    public static PortalTrouble NoAddress() => new(
        new Refusal(
            "portal-url-invalid",
            $"{PortalTarget.UrlKey} is not an address that begins with http:// or https://.",
            $"Set {PortalTarget.UrlKey} in the client's settings of this server, e.g. http://localhost:3000."),
        null);

    private static Refusal Explain(Exception e, PortalTarget target) => e switch
    {
        HttpRequestException { StatusCode: HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden } => new Refusal(
            "portal-refuses",
            $"The portal at {target.Shown} refuses the call.",
            $"Set {PortalTarget.TokenKey}, or {PortalTarget.UrlKey} to a name that the portal knows (its ALLOWED_HOSTS)."),
        HttpRequestException { StatusCode: HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError } => new Refusal(
            "portal-in-trouble", $"The portal at {target.Shown} answers with an error now.", "Call the same tool again in a minute."),
        HttpRequestException { StatusCode: { } status } => new Refusal(
            "portal-not-found",
            string.Create(CultureInfo.InvariantCulture, $"What answers at {target.Shown} is not this portal, or an older one (status {(int)status})."),
            $"Set {PortalTarget.UrlKey} to the address of a portal."),
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => new Refusal(
            "portal-unreachable", $"The certificate at {target.Shown} is not trusted here.", $"Correct it, or set {PortalTarget.UrlKey}."),
        HttpRequestException or TimeoutException or OperationCanceledException => new Refusal(
            "portal-unreachable",
            $"No portal answers at {target.Shown}.",
            $"Start one (dotnet run --project AiStackDeployer.Web) or set {PortalTarget.UrlKey}; then call the same tool again."),
        _ => new Refusal(
            "portal-lost",
            $"The connection to the portal at {target.Shown} was lost. What was begun there goes on.",
            "Call check_deployment_status or list_deployments."),
    };
}
