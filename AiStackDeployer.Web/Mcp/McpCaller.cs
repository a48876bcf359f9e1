using System.Security.Claims;
using AiStackDeployer.Core;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Naming;
using AiStackDeployer.Web.Limits;
using AiStackDeployer.Web.Security;
using Microsoft.AspNetCore.Authorization;
using ModelContextProtocol.Server;

namespace AiStackDeployer.Web.Mcp;

/// <summary>
/// Who calls a tool, and what that person may do. A principal that the request already carries (a cookie now, a bearer token's
/// once people sign in) always wins; only the fallback in <see cref="AnonymousCaller.OrNew"/> goes then.
/// </summary>
internal sealed class McpCaller(IAuthorizationService authorization, IHttpContextAccessor http, Allowances allowances, PortalLimits limits, Ids ids)
{
    /// <param name="key">The call's idempotency key: the same key makes the same person again.</param>
    public ClaimsPrincipal Of(MessageContext request, string? key = null) => AnonymousCaller.OrNew(request.User, key, ids);

    /// <summary>For whom a name may be "yours"; null = nobody the portal knows.</summary>
    public static NameHolder? AskerOf(MessageContext request) =>
        request.User?.Identity?.IsAuthenticated == true ? new NameHolder("mcp", request.User.PersonId()) : null;

    /// <summary>How much they may begin.</summary>
    public Allowance AllowanceOf(ClaimsPrincipal person) => allowances.Of(person, From);

    // A server at the end of a pipe, as in tests, knows no address.
    private Caller From => http.HttpContext is { } context ? Caller.Of(context) : Caller.OfAddress(null);

    /// <summary>Counts a question about a name; how long to wait where there were too many.</summary>
    public TimeSpan? CountCheck() => limits.Count(Rate.Check, From);

    /// <summary>Whether one of the policies allows it: the owner's own, or the administrator's.</summary>
    public async Task<bool> MayAsync(ClaimsPrincipal person, DeploymentSnapshot snapshot, params IEnumerable<string> policies)
    {
        foreach (var policy in policies)
        {
            if ((await authorization.AuthorizeAsync(person, snapshot, policy)).Succeeded)
            {
                return true;
            }
        }
        return false;
    }

    public async Task<bool> MayStartAsync(ClaimsPrincipal person) =>
        (await authorization.AuthorizeAsync(person, resource: null, Policies.StartDeployment)).Succeeded;
}
