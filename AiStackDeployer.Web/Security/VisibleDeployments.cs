using System.Security.Claims;
using AiStackDeployer.Core.Deployments;
using Microsoft.AspNetCore.Authorization;

namespace AiStackDeployer.Web.Security;

/// <summary>
/// Deployments and stacks as one person sees them: what is somebody else's is not there, for pages, REST and MCP alike. Operators see all.
/// </summary>
public sealed class VisibleDeployments(DeploymentService deployments, IAuthorizationService authorization)
{
    /// <summary>Whether one of the policies lets this person.</summary>
    public async Task<bool> MayAsync(ClaimsPrincipal user, DeploymentSnapshot? snapshot, params IEnumerable<string> policies)
    {
        foreach (var policy in policies)
        {
            if ((await authorization.AuthorizeAsync(user, snapshot, policy)).Succeeded)
            {
                return true;
            }
        }
        return false;
    }

    public async Task<DeploymentSnapshot?> FindAsync(ClaimsPrincipal user, string deploymentId, CancellationToken cancellationToken) =>
        await deployments.FindAsync(deploymentId, cancellationToken) is { } snapshot && await MayAsync(user, snapshot, Policies.ViewDeployment)
            ? snapshot
            : null;

    /// <summary>The stack that has this name now, with the newest operation on it.</summary>
    public async Task<(StackRow Row, DeploymentSnapshot Last)?> FindStackAsync(ClaimsPrincipal user, string name, CancellationToken cancellationToken) =>
        await deployments.FindStackByNameAsync(name, cancellationToken) is { } row && await FindAsync(user, row.DeploymentId, cancellationToken) is { } last
            ? (row, last)
            : null;
}
