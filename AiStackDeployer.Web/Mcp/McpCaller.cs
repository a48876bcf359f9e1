using System.Security.Claims;
using AiStackDeployer.Core.Audit;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Naming;
using AiStackDeployer.Web.Limits;
using AiStackDeployer.Web.Security;
using ModelContextProtocol.Server;

namespace AiStackDeployer.Web.Mcp;

/// <summary>Who calls a tool, and what of it that person may see and do.</summary>
internal sealed class McpCaller(VisibleDeployments visible, IHttpContextAccessor requests, Allowances allowances, PortalLimits limits)
{
    public static ClaimsPrincipal Of(MessageContext request) => request.User ?? new ClaimsPrincipal();

    public Actor ActorOf(MessageContext request) => Actor.Of(Of(request), AuditWay.Mcp) with
    {
        Address = requests.HttpContext?.Connection.RemoteIpAddress?.ToString(),
    };

    /// <summary>For whom a name may be "yours".</summary>
    public static NameHolder? AskerOf(MessageContext request) => Of(request).PersonIdOrNull() is { } id ? new NameHolder("mcp", id) : null;

    public Task<DeploymentSnapshot?> FindAsync(MessageContext request, string deploymentId, CancellationToken cancellationToken) =>
        visible.FindAsync(Of(request), deploymentId, cancellationToken);

    /// <summary>Whose a list is to be; null = everybody's.</summary>
    public async Task<string?> OnlyOwnerAsync(MessageContext request) =>
        await MayAsync(request, null, Policies.ViewAdmin) ? null : Of(request).PersonId();

    /// <summary>How much they may begin.</summary>
    public Allowance AllowanceOf(MessageContext request) => allowances.Of(Of(request), From(request));


    /// <summary>Counts a question about a name; how long to wait where there were too many.</summary>
    public TimeSpan? CountCheck(MessageContext request) => limits.Count(Rate.Check, From(request));

    // A server at the end of a pipe, as in tests, knows no address.
    private Caller From(MessageContext request) => Caller.Of(Of(request)) ?? Caller.OfAddress(requests.HttpContext?.Connection.RemoteIpAddress);

    /// <summary>Whether one of the policies allows it: the owner's own, or the administrator's.</summary>
    public Task<bool> MayAsync(MessageContext request, DeploymentSnapshot? snapshot, params IEnumerable<string> policies) =>
        visible.MayAsync(Of(request), snapshot, policies);
}
