using System.Security.Claims;
using AiStackDeployer.Core.Audit;

namespace AiStackDeployer.Web.Security;

/// <summary>Who acts, and from where: what the policies and the audit log ask.</summary>
internal sealed record Actor(string? PersonId, string? Name, AuditWay Way, string? Address, string? TokenName)
{
    public ClaimsPrincipal User { get; private init; } = new();

    /// <summary>Of a request.</summary>
    /// <param name="user">Where it is not the request's own yet, as at a sign-in.</param>
    public static Actor Of(HttpContext context, ClaimsPrincipal? user = null)
    {
        user ??= context.User;
        var way = context.Request.Path.StartsWithSegments("/mcp", StringComparison.OrdinalIgnoreCase) ? AuditWay.Mcp
            : Gate.IsApi(context.Request.Path) ? AuditWay.Rest
            : AuditWay.Web;
        return Of(user, way) with { Address = context.Connection.RemoteIpAddress?.ToString() };
    }

    /// <summary>Of a circuit, which knows the address at which its session began.</summary>
    public static Actor Of(ClaimsPrincipal user, AuditWay way = AuditWay.Web) => new(
        user.PersonIdOrNull(), user.PersonName(), way, user.FindFirstValue(PersonClaims.Address), user.FindFirstValue(PersonClaims.TokenName))
    {
        User = user,
    };
}
