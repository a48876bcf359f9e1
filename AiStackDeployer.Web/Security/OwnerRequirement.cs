using AiStackDeployer.Core.Deployments;
using Microsoft.AspNetCore.Authorization;

namespace AiStackDeployer.Web.Security;

/// <summary>The deployment is the asking person's own.</summary>
internal sealed class OwnerRequirement : IAuthorizationRequirement;

internal sealed class OwnerHandler : AuthorizationHandler<OwnerRequirement, DeploymentSnapshot>
{
    protected override Task HandleRequirementAsync(
        AuthorizationHandlerContext context, OwnerRequirement requirement, DeploymentSnapshot resource)
    {
        if (context.User.Identity?.IsAuthenticated == true && context.User.PersonId() == resource.OwnerId)
        {
            context.Succeed(requirement);
        }
        return Task.CompletedTask;
    }
}
