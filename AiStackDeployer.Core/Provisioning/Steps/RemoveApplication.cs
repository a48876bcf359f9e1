using AiStackDeployer.Core.Deployments;

namespace AiStackDeployer.Core.Provisioning.Steps;

/// <summary>The stack's application, with its container and route, when no job of Dokploy's works on it.</summary>
internal sealed class RemoveApplication(Removal removal) : IDeploymentStep
{
    public DeploymentStep Step => DeploymentStep.RemoveApplication;

    public async Task<StepEnd> ExecuteAsync(DeploymentRun run, CancellationToken cancellationToken) =>
        await removal.RemoveApplicationsAsync(run, cancellationToken) ? StepEnd.Done : StepEnd.Later;
}
