using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Dokploy;

namespace AiStackDeployer.Core.Provisioning.Steps;

/// <summary>
/// The volumes that keep a person's work over a redeploy. Their names carry the stack's id: Dokploy never removes a volume, so a
/// later owner of the same name would else find the work of the one before.
/// </summary>
internal sealed class EnsureVolumes(DokployClient dokploy, ProvisioningOptions options) : IDeploymentStep
{
    public DeploymentStep Step => DeploymentStep.EnsureVolumes;

    public async Task<StepEnd> ExecuteAsync(DeploymentRun run, CancellationToken cancellationToken)
    {
        var wanted = Wanted(run.Stack.Id);
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

    private List<(string Volume, string Path)> Wanted(string stackId)
    {
        var wanted = new List<(string, string)>();
        if (options.WorkspacePath is { } workspace)
        {
            wanted.Add(($"ai-stack-{stackId}-workspace", workspace));
        }
        if (options.StatePath is { } state)
        {
            wanted.Add(($"ai-stack-{stackId}-state", state));
        }
        return wanted;
    }
}
