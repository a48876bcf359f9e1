using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Dokploy;
using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Core.Provisioning.Steps;

/// <summary>
/// The stack's application, with its container and route; and any second one that a lost answer made. Its named volumes stay on
/// the server, and only the application knows their names, so they are written down before it goes.
/// </summary>
internal sealed class RemoveApplication(DokployClient dokploy, Removal removal, IDeploymentStore store, StackVolumes volumes) : IDeploymentStep
{
    public DeploymentStep Step => DeploymentStep.RemoveApplication;

    public async Task<StepEnd> ExecuteAsync(DeploymentRun run, CancellationToken cancellationToken)
    {
        foreach (var applicationId in await removal.FindApplicationsAsync(run, cancellationToken))
        {
            if (!await removal.RemoveApplicationAsync(run, applicationId, WriteDownAsync, cancellationToken))
            {
                return StepEnd.Later;
            }
        }
        if (run.Deployment.KeptVolumes is not null)
        {
            return StepEnd.Done;
        }
        // Somebody removed it past the portal, or it never came to be. A volume exists once a container had it.
        var names = await store.WasHandedOverAsync(run.Stack.Id, cancellationToken) ? volumes.Of(run.Stack.Id).Select(v => v.Name) : [];
        return StepEnd.DoneWith((deployment, now) => deployment.KeepVolumes(run.Number, names, now));

        async Task WriteDownAsync(DokployApplication application)
        {
            var mounts = await dokploy.ListMountsAsync(application.ApplicationId, cancellationToken);
            await run.WriteAsync(
                (deployment, now) =>
                {
                    deployment.KeepVolumes(
                        run.Number, mounts.Where(m => m.Type == DokployMountType.Volume).Select(m => m.VolumeName).OfType<string>(), now);
                    // The proof at the end needs them, and a run after this one finds no application to ask.
                    deployment.Stack.ApplicationId ??= application.ApplicationId;
                    deployment.Stack.AppName ??= application.AppName;
                },
                cancellationToken);
        }
    }
}
