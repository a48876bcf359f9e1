using System.Security.Claims;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Naming;
using AiStackDeployer.Web.Security;
using ModelContextProtocol.Server;

namespace AiStackDeployer.Web.Mcp;

/// <summary>Who calls a tool, and what of it that person may see and do.</summary>
internal sealed class McpCaller(VisibleDeployments visible)
{
    public static ClaimsPrincipal Of(MessageContext request) => request.User ?? new ClaimsPrincipal();

    /// <summary>For whom a name may be "yours".</summary>
    public static NameHolder? AskerOf(MessageContext request) => Of(request).PersonIdOrNull() is { } id ? new NameHolder("mcp", id) : null;

    public Task<DeploymentSnapshot?> FindAsync(MessageContext request, string deploymentId, CancellationToken cancellationToken) =>
        visible.FindAsync(Of(request), deploymentId, cancellationToken);

    public Task<(StackRow Row, DeploymentSnapshot Last)?> FindStackAsync(MessageContext request, string name, CancellationToken cancellationToken) =>
        visible.FindStackAsync(Of(request), name, cancellationToken);

    /// <summary>Whose a list is to be; null = everybody's.</summary>
    public async Task<string?> OnlyOwnerAsync(MessageContext request) =>
        await MayAsync(request, null, Policies.ViewAdmin) ? null : Of(request).PersonId();

    /// <summary>Whether one of the policies allows it: the owner's own, or the administrator's.</summary>
    public Task<bool> MayAsync(MessageContext request, DeploymentSnapshot? snapshot, params IEnumerable<string> policies) =>
        visible.MayAsync(Of(request), snapshot, policies);
}
