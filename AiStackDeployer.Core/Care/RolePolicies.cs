using AiStackDeployer.Core.People;
using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Core.Care;

/// <summary>The policies that hold for a person's stacks: what is stored for their role, over what the settings say.</summary>
public sealed class RolePolicies(PortalCare care, IPeople people, LifePolicy settings, StackDefaults defaults) : ILifePolicies, IStackImages
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

    public async Task<string> ImageOfAsync(string ownerId, CancellationToken cancellationToken)
    {
        var stored = await care.ReadPoliciesAsync(cancellationToken);
        return HaveNoImage(stored) ? defaults.Image : ImageOf(stored, (await people.FindAsync(ownerId, cancellationToken))?.Role ?? Role.User);
    }

    public async Task<Func<string, string>> ReadImagesAsync(CancellationToken cancellationToken)
    {
        var stored = await care.ReadPoliciesAsync(cancellationToken);
        if (HaveNoImage(stored))
        {
            return _ => defaults.Image;
        }
        var roles = await people.RolesAsync(cancellationToken);
        return owner => ImageOf(stored, roles.GetValueOrDefault(owner, Role.User));
    }

    public async Task<IReadOnlyList<string>> ListImagesAsync(CancellationToken cancellationToken)
    {
        var stored = await care.ReadPoliciesAsync(cancellationToken);
        return [.. Enum.GetValues<Role>().Select(role => ImageOf(stored, role)).Prepend(defaults.Image).Distinct()];
    }

    private static bool HaveNoImage(StackPolicies stored) => stored.Roles.Values.All(policy => policy.Image is null);

    private string ImageOf(StackPolicies stored, Role role) => stored.Of(role).Image ?? defaults.Image;
}
