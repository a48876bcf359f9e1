using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.People;
using Microsoft.AspNetCore.Authorization;

namespace AiStackDeployer.Web.Security;

/// <summary>One way to be allowed something. A token needs the scope as well; a person in a browser has all of their own.</summary>
/// <param name="Owner">The deployment must be the person's own.</param>
/// <param name="Least">The person must be at least this.</param>
internal sealed record Right(Scopes Scope, bool Owner = false, Role Least = Role.User);

/// <summary>Any one of the rights is enough.</summary>
internal sealed record RightRequirement(params IReadOnlyList<Right> AnyOf) : IAuthorizationRequirement;

internal sealed class RightHandler : AuthorizationHandler<RightRequirement>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, RightRequirement requirement)
    {
        var user = context.User;
        if (user.PersonIdOrNull() is { } person && requirement.AnyOf.Any(right =>
            user.Has(right.Scope) && user.PersonRole() >= right.Least && (!right.Owner || context.Resource is DeploymentSnapshot { OwnerId: var owner } && owner == person)))
        {
            context.Succeed(requirement);
        }
        return Task.CompletedTask;
    }
}
