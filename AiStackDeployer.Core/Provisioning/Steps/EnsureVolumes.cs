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
            var same = present.Where(m => m.VolumeName == volume && m.MountPath == path).ToList();
            foreach (var doubled in same.Skip(1))
            {
                // A create whose answer was lost was sent again before the first one showed; Docker refuses two at one path.
                await dokploy.RemoveMountAsync(doubled.MountId, CancellationToken.None);
            }
            if (same.Count > 0)
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
