using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Dokploy;
using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Core.Provisioning.Steps;

/// <summary>The volumes that keep a person's work over a redeploy.</summary>
internal sealed class EnsureVolumes(DokployClient dokploy, StackVolumes volumes, Doubles doubles) : IDeploymentStep
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
        await doubles.RemoveMountsAsync(present);
        foreach (var (volume, path) in wanted)
        {
            if (present.Any(m => m.VolumeName == volume && m.MountPath == path))
            {
                await run.NoteAsync(LogCode.VolumeFound, volume, cancellationToken);
                continue;
            }
            await run.IntendToCreateAsync(cancellationToken);
            await dokploy.CreateVolumeMountAsync(applicationId, volume, path, CancellationToken.None);
            await run.NoteAsync(LogCode.VolumeCreated, volume, cancellationToken);
        }
        return StepEnd.Done;
    }
}
