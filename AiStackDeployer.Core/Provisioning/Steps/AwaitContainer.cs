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
            switch (await watch.CheckAsync(cancellationToken))
            {
                case true:
                    await RequireNotRolledBackAsync(run, cancellationToken);
                    return StepEnd.Done;
                case null:
                    return StepEnd.Skipped;
            }
            await run.PauseAsync(backoff.Next, cancellationToken);
        }
    }

    /// <summary>The swarm puts the version before back without a word when an update fails; then the old one runs, not ours.</summary>
    private async Task RequireNotRolledBackAsync(DeploymentRun run, CancellationToken cancellationToken)
    {
        if (run.Stack.ReadyAt is null)
        {
            return;
        }
        var service = await dokploy.GetServiceAsync(run.Stack.AppName!, cancellationToken);
        if (service?.UpdateState is SwarmUpdateState.RollbackStarted or SwarmUpdateState.RollbackCompleted
            or SwarmUpdateState.RollbackPaused or SwarmUpdateState.Paused)
        {
            throw new StepFailedException(FailureCode.ContainerRejected, null, log.Mask(run.Stack, service.UpdateMessage));
        }
    }
}
