using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Dokploy;

namespace AiStackDeployer.Core.Provisioning.Steps;

/// <summary>Until the swarm says that a task of the service runs.</summary>
internal sealed class AwaitContainer(DokployClient dokploy, ProvisioningOptions options, ContainerLog log) : IDeploymentStep
{
    public DeploymentStep Step => DeploymentStep.AwaitContainer;

    public async Task<StepEnd> ExecuteAsync(DeploymentRun run, CancellationToken cancellationToken)
    {
        var backoff = new Backoff(run.Time);
        var watch = new ContainerWatch(dokploy, options, log, run);
        while (true)
        {
            var isRolledOut = await IsRolledOutAsync(run, cancellationToken);
            switch (await watch.CheckAsync(cancellationToken))
            {
                case true when isRolledOut:
                    return StepEnd.Done;
                case null:
                    return StepEnd.Skipped;
            }
            await run.PauseAsync(backoff.Next, cancellationToken);
        }
    }

    /// <summary>
    /// Whether the swarm is through with an update. It starts the new container beside the old one, and when it fails puts the version
    /// before back; Dokploy calls both done. Until then a container that runs may be the old one.
    /// </summary>
    /// <exception cref="StepFailedException">The version before runs again.</exception>
    private async Task<bool> IsRolledOutAsync(DeploymentRun run, CancellationToken cancellationToken)
    {
        if (run.Stack.ReadyAt is null || run.Deployment.DeployAttempts == 0)
        {
            // There is no version before, or none is being deployed: what the swarm tells is of another update.
            return true;
        }
        SwarmService? service;
        try
        {
            service = await dokploy.GetServiceAsync(run.Stack.AppName!, cancellationToken);
        }
        catch (DokployException e) when (e.Kind == DokployFault.PermissionDenied)
        {
            return true;
        }
        return service?.UpdateState switch
        {
            SwarmUpdateState.RollbackStarted or SwarmUpdateState.RollbackCompleted or SwarmUpdateState.RollbackPaused or SwarmUpdateState.Paused =>
                throw new StepFailedException(
                    FailureCode.RolledBack, null,
                    [.. log.Mask(run.Stack, service.UpdateMessage), .. await log.ReadAsync(run.Stack, cancellationToken)]),
            SwarmUpdateState.Updating => false,
            _ => true,
        };
    }
}
