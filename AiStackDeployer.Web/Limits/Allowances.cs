using System.Security.Claims;
using AiStackDeployer.Core.Care;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.People;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.Web.Security;

namespace AiStackDeployer.Web.Limits;

/// <summary>How much the caller of this moment may begin.</summary>
public sealed class Allowances(PortalLimits limits, StackQuota quota, IPeople people, PortalCare care)
{
    public Allowance Of(HttpContext context) => Of(context.User, Caller.Of(context));

    /// <summary>On a page, whose circuit always has a person.</summary>
    public Allowance Of(ClaimsPrincipal user) => Of(user, Caller.Of(user) ?? Caller.OfAddress(null));

    /// <summary>Who has signed in to look after all stacks cleans up many at a time.</summary>
    public Allowance Of(ClaimsPrincipal user, Caller caller) => new()
    {
        Stacks = LimitOfAsync,
        Count = !user.HasClaim(claim => claim.Type == PersonClaims.Scope) && user.CredentialId() is not null && user.PersonRole() >= Role.Operator ? null : () => limits.Count(Rate.Start, caller),
    };

    /// <summary>How many stacks this person may have; null = any number.</summary>
    public async Task<int?> LimitOfAsync(string personId, CancellationToken cancellationToken)
    {
        var person = await people.FindAsync(personId, cancellationToken);
        var role = person?.Role ?? Role.User;
        var ofRole = (await care.ReadPoliciesAsync(cancellationToken)).Of(role).StacksPerPerson;
        return quota.LimitOf(role.ToString(), person?.Groups.Split('\n', StringSplitOptions.RemoveEmptyEntries) ?? [], person?.StackLimit, ofRole);
    }
}
