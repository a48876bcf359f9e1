using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Core.Provisioning.Health;

/// <summary>The probe that also decides whether a new stack is ready.</summary>
internal sealed class AddressProbe(StackAddress address) : IAddressProbe
{
    public async Task<HealthFinding> LookAsync(Stack stack, CancellationToken cancellationToken)
    {
        var result = await address.ProbeAsync(stack, cancellationToken);
        return new HealthFinding(result.Layer) { Version = result.Version, Path = result.Path };
    }
}
