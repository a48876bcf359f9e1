using System.Security.Claims;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.Web.Security;

namespace AiStackDeployer.Web.Limits;

/// <summary>How much the caller of this moment may begin.</summary>
public sealed class Allowances(PortalLimits limits, StackQuota quota)
{
    public Allowance Of(HttpContext context) => Of(context.User, Caller.Of(context));

    /// <summary>On a page, whose circuit always has a person.</summary>
    public Allowance Of(ClaimsPrincipal user) => Of(user, Caller.Of(user) ?? Caller.OfAddress(null));

    public Allowance Of(ClaimsPrincipal user, Caller caller) => new()
    {
        Stacks = LimitOf(user), Count = () => limits.Count(Rate.Start, caller),
    };

    private int? LimitOf(ClaimsPrincipal user) => quota.LimitOf(user.PersonRole().ToString(), [], lifted: null);
}
