using System.Security.Claims;
using AiStackDeployer.Web.Security;
using Microsoft.AspNetCore.Authorization;

namespace AiStackDeployer.Web.Api;

/// <summary>The pages' own policies, asked for a call.</summary>
internal static class ApiRights
{
    /// <summary>Whether one of these policies lets the caller.</summary>
    public static async Task<bool> AllowsAsync(this IAuthorizationService authorization, ClaimsPrincipal user, object? resource, params string[] policies)
    {
        foreach (var policy in policies)
        {
            if ((await authorization.AuthorizeAsync(user, resource, policy)).Succeeded)
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>Who asks, where the portal knows; a call that makes nothing makes nobody known either.</summary>
    public static string? CallerId(this HttpContext context) =>
        context.User.Identity?.IsAuthenticated == true ? context.User.PersonId() : null;
}
