using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Core.Provisioning;

/// <summary>One look at a stack's own address, with the password that no other stack has.</summary>
internal sealed class StackAddress(ReadinessProbe probe, ProvisioningOptions options, ISecretProtector secrets)
{
    /// <exception cref="SecretUnreadableException">The stack's password cannot be read.</exception>
    public Task<ProbeResult> ProbeAsync(Stack stack, CancellationToken cancellationToken) => probe.ProbeAsync(
        stack.Url, new StackCredentials(stack.UserName, secrets.Unprotect(stack.ProtectedPassword)), stack.HealthPath, cancellationToken);

    /// <summary>Whether it answers as this stack.</summary>
    public async Task<bool> AnswersAsync(Stack stack, CancellationToken cancellationToken)
    {
        if (options.Readiness.ExpectedTrueMember is null)
        {
            // Any page would do there, also that of a proxy for names it does not know: it says nothing about this stack.
            return false;
        }
        try
        {
            return (await ProbeAsync(stack, cancellationToken)).Layer is null;
        }
        catch (SecretUnreadableException)
        {
            // Lost keys must not keep a stack from being deleted; what Dokploy and the swarm say has to do.
            return false;
        }
    }
}
