using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Core.Provisioning;

/// <summary>Whether a stack's address answers as this stack: it accepts the password that no other stack has.</summary>
internal sealed class StackAddress(ReadinessProbe probe, ProvisioningOptions options, ISecretProtector secrets)
{
    public async Task<bool> AnswersAsync(Stack stack, CancellationToken cancellationToken)
    {
        if (options.Readiness.ExpectedTrueMember is null)
        {
            // Any page would do there, also that of a proxy for names it does not know: it says nothing about this stack.
            return false;
        }
        try
        {
            var credentials = new StackCredentials(stack.UserName, secrets.Unprotect(stack.ProtectedPassword));
            return (await probe.ProbeAsync(stack.Url, credentials, stack.HealthPath, cancellationToken)).Layer == ProbeLayer.Answers;
        }
        catch (SecretUnreadableException)
        {
            // Lost keys must not keep a stack from being deleted; what Dokploy and the swarm say has to do.
            return false;
        }
    }
}
