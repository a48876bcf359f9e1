using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Dokploy;

namespace AiStackDeployer.Core.Provisioning;

/// <summary>
/// Removes what this deployment made, in the order Dokploy needs (application while no job of it runs, then project), and proves
/// it gone. What it made is told by the marker, not by what was recorded: a call whose answer was lost has made something too.
/// </summary>
internal sealed class CleanUp(DokployClient dokploy, Removal removal)
{
    private static readonly TimeSpan OrphanPatience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(300);

    /// <summary>
    /// What could not be removed, by name (empty = all is gone); null = a job of Dokploy's still runs, come back later.
    /// </summary>
    public async Task<IReadOnlyList<string>?> RemoveAsync(DeploymentRun run, CancellationToken cancellationToken)
    {
        if (!run.Deployment.TouchedDokploy)
        {
            return [];
        }
        var appNames = new List<string>();
        foreach (var project in await removal.FindProjectsAsync(run, cancellationToken))
        {
            foreach (var application in project.Applications.Where(a => Markers.IsOfDeployment(a.Description, run.Deployment)).ToList())
            {
                if (!await removal.RemoveApplicationAsync(run, application.ApplicationId, Remember, cancellationToken))
                {
                    return null;
                }
            }
            await RemoveProjectAsync(run, project, cancellationToken);
        }
        if (run.Stack.AppName is { } recorded && !appNames.Contains(recorded))
        {
            // Removed by a run that died before it could prove it.
            appNames.Add(recorded);
        }
        return await ProveAsync(run, appNames, cancellationToken);

        Task Remember(DokployApplication application)
        {
            appNames.Add(application.AppName);
            return Task.CompletedTask;
        }
    }

    private async Task RemoveProjectAsync(DeploymentRun run, DokployProject project, CancellationToken cancellationToken)
    {
        if (!Markers.IsOfDeployment(project.Description, run.Deployment))
        {
            return;
        }
        // Read again: somebody may have put something of his own into it, and project.remove takes all rows with it.
        if (await dokploy.GetProjectAsync(project.ProjectId, cancellationToken) is { IsEmpty: true })
        {
            await dokploy.RemoveProjectAsync(project.ProjectId, CancellationToken.None);
            await run.NoteAsync(LogCode.ProjectRemoved, project.Name, cancellationToken);
        }
    }

    private async Task<IReadOnlyList<string>> ProveAsync(
        DeploymentRun run, IReadOnlyList<string> appNames, CancellationToken cancellationToken)
    {
        var left = new List<string>();
        foreach (var project in await removal.FindProjectsAsync(run, cancellationToken))
        {
            left.AddRange(project.Applications
                .Where(a => Markers.IsOfDeployment(a.Description, run.Deployment))
                .Select(a => a.AppName ?? a.Name));
            if (Markers.IsOfDeployment(project.Description, run.Deployment))
            {
                left.Add(project.Name);
            }
        }
        foreach (var appName in appNames)
        {
            if (!await IsServiceGoneAsync(run, appName, cancellationToken))
            {
                left.Add(appName);
            }
        }
        await Removal.TellAsync(run, left, cancellationToken);
        return left;
    }

    /// <summary>The swarm takes a moment to let go of a service that was removed.</summary>
    private async Task<bool> IsServiceGoneAsync(DeploymentRun run, string appName, CancellationToken cancellationToken)
    {
        var since = run.Time.GetTimestamp();
        while (!await removal.IsServiceGoneAsync(appName, cancellationToken))
        {
            if (run.Time.GetElapsedTime(since) >= OrphanPatience)
            {
                return false;
            }
            await Task.Delay(Look, run.Time, cancellationToken);
        }
        return true;
    }
}
