using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Dokploy;
using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Core.Provisioning.Steps;

/// <summary>The volumes that keep a person's work over a redeploy.</summary>
internal sealed class EnsureVolumes(DokployClient dokploy, StackVolumes volumes) : IDeploymentStep
{
    public DeploymentStep Step => DeploymentStep.EnsureVolumes;

    public async Task<StepEnd> ExecuteAsync(DeploymentRun run, CancellationToken cancellationToken)
    {
        var wanted = volumes.Of(run.Stack.Id);
        if (wanted.Count == 0)
        {
            return StepEnd.Skipped;
        }
        var applicationId = run.Stack.ApplicationId!;
        var present = run.MadeApplication ? [] : await dokploy.ListMountsAsync(applicationId, cancellationToken);
        foreach (var (volume, path) in wanted)
        {
            if (present.Any(m => m.VolumeName == volume && m.MountPath == path))
            {
                await run.NoteAsync(LogCode.VolumeFound, volume, cancellationToken);
                continue;
            }
            await dokploy.CreateVolumeMountAsync(applicationId, volume, path, CancellationToken.None);
            // Written at once and not with the end of the step: a run that was overtaken meanwhile is stopped here, before it
            // makes the next one a second time.
            await run.NoteAsync(LogCode.VolumeCreated, volume, cancellationToken);
        }
        return StepEnd.Done;
    }
}
