using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Core.Provisioning.Health;

/// <summary>One look at a stack's own address, from outside.</summary>
internal interface IAddressProbe
{
    /// <exception cref="SecretUnreadableException">The stack's password cannot be read.</exception>
    Task<HealthFinding> LookAsync(Stack stack, CancellationToken cancellationToken);
}

/// <summary>What is missing of a stack.</summary>
internal interface IMissingParts
{
    /// <summary>The finding with what is gone in Dokploy, or that Dokploy could not tell.</summary>
    Task<HealthFinding> CompleteAsync(Stack stack, HealthFinding finding, CancellationToken cancellationToken);
}
