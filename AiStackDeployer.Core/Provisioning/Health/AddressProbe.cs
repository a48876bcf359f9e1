using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Core.Provisioning.Health;

/// <summary>The probe that also decides whether a new stack is ready.</summary>
internal sealed class AddressProbe(StackAddress address, IStackGates gates) : IAddressProbe
{
    public async Task<HealthFinding> LookAsync(Stack stack, CancellationToken cancellationToken)
    {
        var result = await address.ProbeAsync(stack, cancellationToken);
        if (result.Layer is null && !gates.IsKnownWithout(stack.Id))
        {
            // While the portal is there anyway; what it tells is remembered.
            await gates.AskAsync(stack, cancellationToken);
        }
        return new HealthFinding(result.Layer) { Version = result.Version, Path = result.Path };
    }
}
