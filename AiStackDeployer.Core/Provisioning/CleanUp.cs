using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Dokploy;
using AiStackDeployer.Core.Naming;

namespace AiStackDeployer.Core.Provisioning;

/// <summary>
/// Removes what this deployment made, in the order Dokploy needs (application while no job of it runs, then project), and proves
/// it gone. What it made is told by the marker, not by what was recorded: a call whose answer was lost has made something too.
/// </summary>
internal sealed class CleanUp(DokployClient dokploy, DeployJobs jobs)
{
    private static readonly TimeSpan BusyPatience = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Dokploy is known to show a job as running for hours after it died. Past this the application is deleted all the same, and
    /// the proof at the end names what the job may have left.
    /// </summary>
    private static readonly TimeSpan BusyAtMost = TimeSpan.FromMinutes(5);

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
        foreach (var project in await OwnProjectsAsync(run, cancellationToken))
        {
            foreach (var application in project.Applications.Where(a => Markers.IsOfDeployment(a.Description, run.Deployment)).ToList())
            {
                if (!await RemoveApplicationAsync(run, application.ApplicationId, appNames, cancellationToken))
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
    }

    private async Task<IReadOnlyList<DokployProject>> OwnProjectsAsync(DeploymentRun run, CancellationToken cancellationToken)
    {
        var named = await dokploy.FindProjectsAsync(StackName.FromStored(run.Deployment.Name).ProjectName, cancellationToken);
        var own = new List<DokployProject>();
        foreach (var summary in named.Where(p => Markers.IsOfStack(p.Description, run.Deployment)))
        {
            if (await dokploy.GetProjectAsync(summary.ProjectId, cancellationToken) is { } project)
            {
                own.Add(project);
            }
        }
        return own;
    }

    private async Task<bool> RemoveApplicationAsync(
        DeploymentRun run, string applicationId, List<string> appNames, CancellationToken cancellationToken)
    {
        var since = run.Time.GetTimestamp();
        var begun = run.Deployment.Steps.Single(s => s.Step == DeploymentStep.CleanUp).StartedAt;
        while (await dokploy.GetApplicationAsync(applicationId, cancellationToken) is { } application)
        {
            if (!await jobs.IsBusyAsync(application, cancellationToken) || run.Time.GetUtcNow() - begun >= BusyAtMost)
            {
                appNames.Add(application.AppName);
                await dokploy.DeleteApplicationAsync(applicationId, CancellationToken.None);
                await run.NoteAsync(LogCode.ApplicationRemoved, application.AppName, cancellationToken);
                return true;
            }
            // A job that is active now would make the service after its row is gone.
            if (run.Time.GetElapsedTime(since) >= BusyPatience)
            {
                return false;
            }
            await Task.Delay(Look, run.Time, cancellationToken);
        }
        return true;
    }

    private async Task RemoveProjectAsync(DeploymentRun run, DokployProject project, CancellationToken cancellationToken)
    {
        if (!Markers.IsOfDeployment(project.Description, run.Deployment))
        {
            return;
        }
        // Read again: somebody may have put something of his own into it, and project.remove takes all rows with it.
        if (await dokploy.GetProjectAsync(project.ProjectId, cancellationToken) is { } now && !now.Applications.Any())
        {
            await dokploy.RemoveProjectAsync(project.ProjectId, CancellationToken.None);
            await run.NoteAsync(LogCode.ProjectRemoved, project.Name, cancellationToken);
        }
    }

    private async Task<IReadOnlyList<string>> ProveAsync(
        DeploymentRun run, IReadOnlyList<string> appNames, CancellationToken cancellationToken)
    {
        var left = new List<string>();
        foreach (var project in await OwnProjectsAsync(run, cancellationToken))
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
        if (left.Count == 0)
        {
            await run.NoteAsync(LogCode.NothingLeft, null, cancellationToken);
        }
        foreach (var name in left)
        {
            await run.NoteAsync(LogCode.LeftBehind, name, cancellationToken);
        }
        return left;
    }

    /// <summary>The swarm takes a moment to let go of a service that was removed.</summary>
    private async Task<bool> IsServiceGoneAsync(DeploymentRun run, string appName, CancellationToken cancellationToken)
    {
        var since = run.Time.GetTimestamp();
        while (true)
        {
            try
            {
                var tasks = await dokploy.GetTasksAsync(appName, cancellationToken);
                if (!tasks.Any(t => t.DesiredState is SwarmTaskState.Running or SwarmTaskState.Ready))
                {
                    return true;
                }
            }
            catch (DokployException e) when (e.Kind == DokployFault.PermissionDenied)
            {
                // This key cannot see the swarm; that Dokploy has let go of the application must do.
                return true;
            }
            if (run.Time.GetElapsedTime(since) >= OrphanPatience)
            {
                return false;
            }
            await Task.Delay(Look, run.Time, cancellationToken);
        }
    }
}
