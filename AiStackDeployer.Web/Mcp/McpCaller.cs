using System.Security.Claims;
using AiStackDeployer.Core.Audit;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Naming;
using AiStackDeployer.Web.Security;
using ModelContextProtocol.Server;

namespace AiStackDeployer.Web.Mcp;

/// <summary>Who calls a tool, and what of it that person may see and do.</summary>
internal sealed class McpCaller(VisibleDeployments visible, IHttpContextAccessor requests)
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

    /// <summary>Whether one of the policies allows it: the owner's own, or the administrator's.</summary>
    public Task<bool> MayAsync(MessageContext request, DeploymentSnapshot? snapshot, params IEnumerable<string> policies) =>
        visible.MayAsync(Of(request), snapshot, policies);
}
