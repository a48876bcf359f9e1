using AiStackDeployer.Core.People;
using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Core.Care;

/// <summary>The policies that hold for a person's stacks: what is stored for their role, over what the settings say.</summary>
public sealed class RolePolicies(PortalCare care, IPeople people, LifePolicy settings) : ILifePolicies
{
    public async Task<Func<string, LifePolicy>?> ReadAsync(CancellationToken cancellationToken)
    {
        var stored = await care.ReadPoliciesAsync(cancellationToken);
        var byRole = Enum.GetValues<Role>().ToDictionary(role => role, role => stored.Of(role).LifeOver(settings));
        if (byRole.Values.All(policy => policy == LifePolicy.None))
        {
            return null;
        }
        var roles = await people.RolesAsync(cancellationToken);
        return owner => byRole[roles.GetValueOrDefault(owner, Role.User)];
    }

    /// <summary>What new stacks of this person are made of; null = what the settings say.</summary>
    public async Task<string?> ImageOfAsync(string personId, CancellationToken cancellationToken)
    {
        var stored = await care.ReadPoliciesAsync(cancellationToken);
        return stored.Roles.Values.All(policy => policy.Image is null)
            ? null
            : stored.Of((await people.FindAsync(personId, cancellationToken))?.Role ?? Role.User).Image;
    }
}
