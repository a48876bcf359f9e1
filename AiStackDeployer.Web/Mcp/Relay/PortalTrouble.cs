using System.Globalization;
using System.Net;
using System.Text.Json;
using ModelContextProtocol;

namespace AiStackDeployer.Web.Mcp.Relay;

/// <summary>The portal could not be asked; why, and what the reader can do.</summary>
internal sealed class PortalTrouble(Refusal refusal, Exception? inner) : Exception(refusal.Message, inner)
{
    public Refusal Refusal { get; } = refusal;

    /// <summary>Of what went wrong on the way, without a word of anybody else's: an answer's body may quote anything.</summary>
    /// <param name="isAsked">Whether the call had gone out; before, nothing can have been begun.</param>
    /// <param name="call">Null for what is no tool's call.</param>
    public static PortalTrouble Of(Exception e, PortalTarget target, bool isAsked, RelayedCall? call) =>
        new(isAsked && LeavesOpen(e, call) ? Lost(target, call) : Explain(e, target), e);

    /// <summary>
    /// Whether the way itself is broken, or leads to another program by now. A call that was refused, or that took too long, says
    /// nothing about the others.
    /// </summary>
    public static bool IsOfTheWay(Exception e) => e switch
    {
        OperationCanceledException => false,
        HttpRequestException { StatusCode: HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden } => false,
        HttpRequestException { StatusCode: HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.TooManyRequests } => false,
        HttpRequestException { StatusCode: >= HttpStatusCode.InternalServerError } => false,
        _ => true,
    };

    public static PortalTrouble NoAddress() => new(
        new Refusal(
            "portal-url-invalid",
            $"{PortalTarget.UrlKey} is not an address that begins with http:// or https://.",
            $"Set {PortalTarget.UrlKey} in the client's settings of this server, e.g. http://localhost:3000."),
        null);

    public static PortalTrouble TokenInClear(PortalTarget target) => new(
        new Refusal(
            "portal-token-unsafe",
            $"{PortalTarget.TokenKey} is not sent to {target.Shown}: without https everybody on the way can read it.",
            $"Set {PortalTarget.UrlKey} to the portal's https address, or leave {PortalTarget.TokenKey} out."),
        null);

    /// <summary>Whether the portal may have done what it was asked although no answer says so.</summary>
    private static bool LeavesOpen(Exception e, RelayedCall? call) => e switch
    {
        HttpRequestException { StatusCode: >= HttpStatusCode.InternalServerError } => call?.MayHaveBegun == true,
        HttpRequestException { StatusCode: not null } => false,
        HttpRequestException
        {
            HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.ProxyTunnelError
            or HttpRequestError.SecureConnectionError
        } => false,
        _ => true,
    };

    private static Refusal Lost(PortalTarget target, RelayedCall? call) => new(
        "portal-lost",
        $"The answer of the portal at {target.Shown} was lost.{(call?.MayHaveBegun == true ? " What was begun there goes on." : "")}",
        call?.HowToFindOut ?? "Ask again.");

    private static Refusal Explain(Exception e, PortalTarget target) => e switch
    {
        HttpRequestException { StatusCode: HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden } => new Refusal(
            "portal-refuses",
            $"The portal at {target.Shown} refuses the call.",
            $"Set {PortalTarget.TokenKey}, or {PortalTarget.UrlKey} to a name that the portal knows (its ALLOWED_HOSTS)."),
        HttpRequestException { StatusCode: HttpStatusCode.RequestEntityTooLarge } => new Refusal(
            "call-too-large", "The portal takes no call of this size. Nothing was begun.", "Call the same tool with shorter arguments."),
        HttpRequestException { StatusCode: >= HttpStatusCode.Moved and < HttpStatusCode.BadRequest } => new Refusal(
            "portal-redirects",
            $"What answers at {target.Shown} redirects elsewhere, which is not followed.",
            $"Set {PortalTarget.UrlKey} to the portal's https address, or {PortalTarget.TokenKey} where a proxy signs people in."),
        HttpRequestException { StatusCode: HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError } => new Refusal(
            "portal-in-trouble", $"The portal at {target.Shown} answers with an error now.", "Call the same tool again in a minute."),
        HttpRequestException { StatusCode: { } status } => new Refusal(
            "portal-not-found",
            string.Create(CultureInfo.InvariantCulture, $"What answers at {target.Shown} is not this portal, or an older one (status {(int)status})."),
            $"Set {PortalTarget.UrlKey} to the address of a portal."),
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => new Refusal(
            "portal-unreachable", $"The certificate at {target.Shown} is not trusted here.", $"Correct it, or set {PortalTarget.UrlKey}."),
        McpException or JsonException => new Refusal(
            "portal-not-found",
            $"What answers at {target.Shown} does not speak as this portal: another program, a page to sign in at, or an older portal.",
            $"Set {PortalTarget.UrlKey} to the address of a portal, or {PortalTarget.TokenKey} where a proxy signs people in."),
        _ => new Refusal(
            "portal-unreachable",
            $"No portal answers at {target.Shown}.",
            $"Start one (dotnet run --project AiStackDeployer.Web) or set {PortalTarget.UrlKey}; then call the same tool again."),
    };
}
