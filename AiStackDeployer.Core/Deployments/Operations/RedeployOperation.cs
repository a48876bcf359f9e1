using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Core.Deployments.Operations;

/// <summary>
/// Deploys a stack once more, with the image that new stacks get or another one. Everything it needs in Dokploy is made again where it is
/// missing, so this also repairs a stack of which somebody removed a part.
/// </summary>
public sealed class RedeployOperation() : UpdateOperation("redeploy",
[
    new(DeploymentStep.EnsureProject, 0),
    new(DeploymentStep.EnsureApplication, 4),
    new(DeploymentStep.Configure, 8),
    new(DeploymentStep.EnsureVolumes, 12),
    new(DeploymentStep.EnsureDomain, 16),
    new(DeploymentStep.TriggerDeploy, 20),
    new(DeploymentStep.AwaitDokploy, 24),
    new(DeploymentStep.AwaitContainer, 38),
    new(DeploymentStep.AwaitReadiness, 60),
])
{
    public override bool MayBeginIn(StackState state) => state is StackState.Ready or StackState.Stopped;

    public override StackChange Prepare(OperationInput input) => new(Image: input.Image ?? input.DefaultImage);
}
