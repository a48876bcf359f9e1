using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Dokploy;
using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Core.Provisioning.Steps;

/// <summary>
/// The route to the stack. Dokploy removes it with the application; what did not go with it, on an application that is the stack's
/// or has come to be somebody else's, must not go on leading people there.
/// </summary>
internal sealed class RemoveDomain(DokployClient dokploy, Removal removal, StackDefaults defaults) : IDeploymentStep
{
    public DeploymentStep Step => DeploymentStep.RemoveDomain;

    public async Task<StepEnd> ExecuteAsync(DeploymentRun run, CancellationToken cancellationToken)
    {
        var own = await removal.FindApplicationsAsync(run, cancellationToken);
        foreach (var applicationId in own.Append(run.Stack.ApplicationId).OfType<string>().Distinct())
        {
            var domains = await dokploy.ListDomainsAsync(applicationId, cancellationToken);
            foreach (var domain in domains.Where(d => IsOfStack(d, run.Stack, own.Contains(applicationId))))
            {
                await dokploy.DeleteDomainAsync(domain.DomainId, CancellationToken.None);
                await run.NoteAsync(LogCode.DomainRemoved, domain.Host, cancellationToken);
            }
        }
        return StepEnd.DoneWith((deployment, _) => deployment.Stack.DomainId = null);
    }

    private bool IsOfStack(DokployDomain domain, Stack stack, bool isOnOwnApplication) =>
        domain.DomainId == stack.DomainId
        || (isOnOwnApplication && domain.IsOf(defaults.HostOf(stack.Name)));
}
