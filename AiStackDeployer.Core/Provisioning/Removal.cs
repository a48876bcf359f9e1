using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Dokploy;
using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Core.Provisioning;

/// <summary>What of a stack can still be found after it was removed.</summary>
/// <param name="IsJobAtWork">A deploy job may yet make a container: until it has ended nothing is known to be gone.</param>
/// <param name="Rows">In Dokploy, by name; they do not go by waiting.</param>
/// <param name="Services">In the swarm, by name; it takes a moment to let go.</param>
internal sealed record Remains(bool IsJobAtWork, IReadOnlyList<string> Rows, IReadOnlyList<string> Services);

/// <summary>
/// Finds what is a stack's in Dokploy, removes it and looks whether it is gone, for the clean-up after a failure and for a deletion
/// alike. The marker decides what may be removed; the recorded ids also decide what counts as gone.
/// </summary>
internal sealed class Removal(
    DokployClient dokploy, DeployJobs jobs, IDeploymentStore store, StackVolumes volumes, ProvisioningOptions options)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(300);

    /// <summary>The stack's projects with all they hold, also one that somebody gave another name.</summary>
    public async Task<IReadOnlyList<DokployProject>> FindProjectsAsync(DeploymentRun run, CancellationToken cancellationToken) =>
        [.. (await ReadProjectsAsync(run, cancellationToken)).Seen.Where(project => Markers.IsOfStack(project.Description, run.Deployment))];

    /// <summary>The ids of the stack's applications, also of one that somebody moved to another project.</summary>
    public async Task<IReadOnlyList<string>> FindApplicationsAsync(DeploymentRun run, CancellationToken cancellationToken)
    {
        var ids = (await FindProjectsAsync(run, cancellationToken))
            .SelectMany(project => project.Applications)
            .Where(application => Markers.IsOfStack(application.Description, run.Deployment))
            .Select(application => application.ApplicationId)
            .ToList();
        if (run.Stack.ApplicationId is { } recorded && !ids.Contains(recorded)
            && await dokploy.GetApplicationAsync(recorded, cancellationToken) is { } moved
            && Markers.IsOfStack(moved.Description, run.Deployment))
        {
            ids.Add(recorded);
        }
        return ids;
    }

    /// <summary>
    /// Removes the stack's applications, with their containers and routes; also a second one that a lost answer made. Its named volumes
    /// stay on the server, and only the application knows their names, so they are written down before it goes. False = a job still
    /// works on one, come back later.
    /// </summary>
    public async Task<bool> RemoveApplicationsAsync(DeploymentRun run, CancellationToken cancellationToken)
    {
        foreach (var applicationId in await FindApplicationsAsync(run, cancellationToken))
        {
            if (!await RemoveApplicationAsync(run, applicationId, cancellationToken))
            {
                return false;
            }
        }
        if (run.Deployment.KeptVolumes is null)
        {
            // Somebody removed it past the portal, or it never came to be.
            var names = await store.EverMadeContainerAsync(run.Stack.Id, cancellationToken) ? volumes.Of(run.Stack.Id).Select(v => v.Name) : [];
            await run.WriteAsync((deployment, now) => deployment.KeepVolumes(run.Number, names, now), cancellationToken);
        }
        return true;
    }

    /// <summary>What is left of the stack now that it was removed.</summary>
    public async Task<Remains> FindRemainsAsync(DeploymentRun run, CancellationToken cancellationToken)
    {
        // By the recorded ids and not only by the marker: that somebody changed a description is no proof that the thing is gone.
        var (projects, unseen) = await ReadProjectsAsync(run, cancellationToken);
        // A project that the search lists is not gone, although Dokploy does not show it.
        var rows = new List<string>(unseen);
        foreach (var project in projects)
        {
            rows.Add(project.Name);
            rows.AddRange(project.Applications.Where(a => Markers.IsOfStack(a.Description, run.Deployment)).Select(a => a.AppName ?? a.Name));
        }
        if (run.Stack.ApplicationId is { } id && await dokploy.GetApplicationAsync(id, cancellationToken) is { } application
            && !rows.Contains(application.AppName))
        {
            rows.Add(application.AppName);
        }
        var services = new List<string>();
        foreach (var (applicationId, appName) in RemovedApplications(run).Where(removed => !rows.Contains(removed.AppName)))
        {
            // The job before the swarm: what it makes after the first look shows in the second.
            if (await jobs.FindQueuedAsync(applicationId, cancellationToken) is { } job)
            {
                if (!IsTooOld(run, job))
                {
                    await LogWaitingAsync(run, cancellationToken);
                    return new Remains(IsJobAtWork: true, rows, services);
                }
                services.Add(appName);
            }
            else if (!await IsServiceGoneAsync(run, appName, cancellationToken))
            {
                services.Add(appName);
            }
        }
        return new Remains(IsJobAtWork: false, rows, services);
    }

    /// <summary>What is known to have been made, for where Dokploy does not let itself be asked what of it is left.</summary>
    public static IReadOnlyList<string> Recorded(DeploymentRun run) =>
        [.. new[] { run.Deployment.Name.ProjectName, run.Stack.AppName }.OfType<string>()];

    /// <summary>The last line about what was to be removed: nothing is left, or what.</summary>
    public static async Task LogOutcomeAsync(DeploymentRun run, IReadOnlyList<string> left, CancellationToken cancellationToken)
    {
        if (left.Count == 0)
        {
            await run.NoteAsync(LogCode.NothingLeft, null, cancellationToken);
        }
        foreach (var name in left)
        {
            await run.NoteAsync(LogCode.LeftBehind, name, cancellationToken);
        }
    }

    /// <summary>Those with the stack's marker, and the recorded one whether it still has it or not.</summary>
    private async Task<(IReadOnlyList<DokployProject> Seen, IReadOnlyList<string> Unseen)> ReadProjectsAsync(
        DeploymentRun run, CancellationToken cancellationToken)
    {
        var named = (await dokploy.FindProjectsAsync(run.Deployment.Name.ProjectName, cancellationToken))
            .Where(p => Markers.IsOfStack(p.Description, run.Deployment))
            .ToList();
        var seen = new List<DokployProject>();
        foreach (var id in named.Select(p => p.ProjectId).Append(run.Stack.ProjectId).OfType<string>().Distinct())
        {
            if (await dokploy.GetProjectAsync(id, cancellationToken) is { } project)
            {
                seen.Add(project);
            }
        }
        return (seen, [.. named.Where(p => seen.TrueForAll(s => s.ProjectId != p.ProjectId)).Select(p => p.Name)]);
    }

    private async Task<bool> RemoveApplicationAsync(DeploymentRun run, string applicationId, CancellationToken cancellationToken)
    {
        var since = run.Time.GetTimestamp();
        var deadJob = new DeadJobWatch(options, run.Time);
        while (await dokploy.GetApplicationAsync(applicationId, cancellationToken) is { } application)
        {
            var job = await jobs.FindUnfinishedAsync(application, cancellationToken);
            var isDead = deadJob.IsDead(job);
            if (isDead)
            {
                await run.NoteAsync(LogCode.DeployJobDead, null, cancellationToken);
            }
            if (job is null || isDead || IsTooOld(run, job))
            {
                await RecordVolumesAsync(run, application, cancellationToken);
                await dokploy.DeleteApplicationAsync(applicationId, CancellationToken.None);
                run.Removed[applicationId] = application.AppName;
                await run.NoteAsync(LogCode.ApplicationRemoved, application.AppName, cancellationToken);
                return true;
            }
            // A job that is active now would make the service after its row is gone.
            await LogWaitingAsync(run, cancellationToken);
            if (!deadJob.IsInDoubt && run.Time.GetElapsedTime(since) >= options.JobTimeout)
            {
                return false;
            }
            await Task.Delay(Look, run.Time, cancellationToken);
        }
        return true;
    }

    private async Task RecordVolumesAsync(DeploymentRun run, DokployApplication application, CancellationToken cancellationToken)
    {
        var mounts = await dokploy.ListMountsAsync(application.ApplicationId, cancellationToken);
        // A volume comes to be with the first container that has it.
        var made = await HasMadeContainerAsync(application, cancellationToken)
            || await store.EverMadeContainerAsync(run.Stack.Id, cancellationToken);
        var names = made ? mounts.Where(m => m.Type == DokployMountType.Volume).Select(m => m.VolumeName).OfType<string>() : [];
        await run.WriteAsync(
            (deployment, now) =>
            {
                deployment.KeepVolumes(run.Number, names, now);
                // The proof at the end needs them, and a run after this one finds no application to ask.
                deployment.Stack.ApplicationId ??= application.ApplicationId;
                deployment.Stack.AppName ??= application.AppName;
            },
            cancellationToken);
    }

    private async Task<bool> HasMadeContainerAsync(DokployApplication application, CancellationToken cancellationToken)
    {
        try
        {
            return (await dokploy.GetTasksAsync(application.AppName, cancellationToken)).Any(t => t.MayHaveContainer);
        }
        catch (DokployException e) when (e.Kind == DokployFault.PermissionDenied)
        {
            return application.Deployments.Any(d => d.Status != DokployDeploymentStatus.Error);
        }
    }

    /// <summary>By the job's own age, not by how long it is waited for: it may have begun a moment ago.</summary>
    private bool IsTooOld(DeploymentRun run, UnfinishedJob job) =>
        run.Time.GetUtcNow() - (job.Since ?? OpenStep(run).StartedAt) >= options.DeadJobAfter;

    private static IEnumerable<(string ApplicationId, string AppName)> RemovedApplications(DeploymentRun run)
    {
        var removed = new Dictionary<string, string>(run.Removed);
        if (run.Stack is { ApplicationId: { } id, AppName: { } appName })
        {
            removed[id] = appName;
        }
        return removed.Select(pair => (pair.Key, pair.Value));
    }

    /// <summary>
    /// Whether nothing of a service runs. The swarm forgets its tasks at once, but a container that ignores the request to end lives on
    /// for its grace time.
    /// </summary>
    private async Task<bool> IsServiceGoneAsync(DeploymentRun run, string appName, CancellationToken cancellationToken)
    {
        var tasksEnded = await UnlessDeniedAsync(async () => (await dokploy.GetTasksAsync(appName, cancellationToken))
            .All(t => t.DesiredState is not (SwarmTaskState.Running or SwarmTaskState.Ready)));
        var containersEnded = await UnlessDeniedAsync(async () => (await dokploy.GetContainersAsync(appName, cancellationToken))
            .All(c => c.State is DockerContainerState.Exited or DockerContainerState.Dead or DockerContainerState.Removing));
        if (tasksEnded is null && containersEnded is null && !run.IsBlindLogged)
        {
            // That Dokploy has let go of the application must do.
            run.IsBlindLogged = true;
            await run.NoteAsync(LogCode.TasksNotVisible, null, cancellationToken);
        }
        return tasksEnded != false && containersEnded != false;
    }

    private static async Task<bool?> UnlessDeniedAsync(Func<Task<bool>> look)
    {
        try
        {
            return await look();
        }
        catch (DokployException e) when (e.Kind == DokployFault.PermissionDenied)
        {
            return null;
        }
    }

    private static async Task LogWaitingAsync(DeploymentRun run, CancellationToken cancellationToken)
    {
        if (!run.IsWaitLogged && OpenStep(run).Attempts <= 1)
        {
            run.IsWaitLogged = true;
            await run.NoteAsync(LogCode.WaitingForJob, null, cancellationToken);
        }
    }

    private static DeploymentStepRecord OpenStep(DeploymentRun run) => run.Deployment.Steps.Single(s => s.Outcome == StepOutcome.Running);
}
