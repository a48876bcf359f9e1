using AiStackDeployer.Core.Dokploy;
using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Core.Provisioning;

/// <summary>
/// Removes what Dokploy has made twice: a call that had been given up for lost was carried out after another one was sent. Looked for at
/// the end of a deployment in which an answer was lost, because by then even a slow Dokploy is most likely through.
/// </summary>
internal sealed class Doubles(DokployClient dokploy, StackDefaults defaults)
{
    public async Task RemoveAsync(DeploymentRun run, CancellationToken cancellationToken)
    {
        foreach (var project in await dokploy.FindProjectsAsync(run.Deployment.Name.ProjectName, cancellationToken))
        {
            if (project.ProjectId != run.Stack.ProjectId && Markers.IsOfDeployment(project.Description, run.Deployment)
                && await dokploy.GetProjectAsync(project.ProjectId, cancellationToken) is { IsEmpty: true })
            {
                await dokploy.RemoveProjectAsync(project.ProjectId, CancellationToken.None);
            }
        }
        var applications = (await dokploy.GetProjectAsync(run.Stack.ProjectId!, cancellationToken))?.Applications ?? [];
        foreach (var application in applications)
        {
            // One that was deployed is no double, whoever did that.
            if (application.ApplicationId != run.Stack.ApplicationId && Markers.IsOfDeployment(application.Description, run.Deployment)
                && application.ApplicationStatus == DokployApplicationStatus.Idle)
            {
                await dokploy.DeleteApplicationAsync(application.ApplicationId, CancellationToken.None);
            }
        }
        var host = defaults.HostOf(run.Stack.Name);
        foreach (var domain in await dokploy.ListDomainsAsync(run.Stack.ApplicationId!, cancellationToken))
        {
            if (domain.DomainId != run.Stack.DomainId && domain.IsOf(host))
            {
                await dokploy.DeleteDomainAsync(domain.DomainId, CancellationToken.None);
            }
        }
        await RemoveMountsAsync(await dokploy.ListMountsAsync(run.Stack.ApplicationId!, cancellationToken));
    }

    /// <summary>The same volume at the same path a second time: Docker would refuse the next deploy.</summary>
    public async Task RemoveMountsAsync(IEnumerable<DokployMount> mounts)
    {
        foreach (var doubled in mounts.GroupBy(m => (m.VolumeName, m.MountPath)).SelectMany(same => same.Skip(1)))
        {
            await dokploy.RemoveMountAsync(doubled.MountId, CancellationToken.None);
        }
    }
}
