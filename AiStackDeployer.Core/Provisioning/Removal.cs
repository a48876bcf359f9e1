using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Dokploy;
using AiStackDeployer.Core.Naming;

namespace AiStackDeployer.Core.Provisioning;

/// <summary>
/// Finds what is a stack's in Dokploy and removes it, for the clean-up after a failure and for a deletion alike. What is the
/// stack's is told by the marker; a recorded id only says where else to look.
/// </summary>
internal sealed class Removal(DokployClient dokploy, DeployJobs jobs, ProvisioningOptions options)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(300);

    /// <summary>The stack's projects with all they hold, also one that somebody gave another name.</summary>
    public async Task<IReadOnlyList<DokployProject>> FindProjectsAsync(DeploymentRun run, CancellationToken cancellationToken)
    {
        var named = await dokploy.FindProjectsAsync(StackName.FromStored(run.Deployment.Name).ProjectName, cancellationToken);
        IEnumerable<string?> ids = named.Where(p => Markers.IsOfStack(p.Description, run.Deployment)).Select(p => p.ProjectId);
        var own = new List<DokployProject>();
        foreach (var id in ids.Append(run.Stack.ProjectId).OfType<string>().Distinct())
        {
            if (await dokploy.GetProjectAsync(id, cancellationToken) is { } project && Markers.IsOfStack(project.Description, run.Deployment))
            {
                own.Add(project);
            }
        }
        return own;
    }

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
    /// Removes an application while no job of it runs. False = a job still does, come back later. The step that is open tells since
    /// when it is waited for.
    /// </summary>
    /// <param name="beforeCall">What has to be written before it is gone.</param>
    public async Task<bool> RemoveApplicationAsync(
        DeploymentRun run, string applicationId, Func<DokployApplication, Task> beforeCall, CancellationToken cancellationToken)
    {
        var since = run.Time.GetTimestamp();
        var step = run.Deployment.Steps.Single(s => s.Outcome == StepOutcome.Running);
        var isTold = step.Attempts > 1;
        while (await dokploy.GetApplicationAsync(applicationId, cancellationToken) is { } application)
        {
            if (!await jobs.IsBusyAsync(application, cancellationToken) || run.Time.GetUtcNow() - step.StartedAt >= options.DeadJobAfter)
            {
                await beforeCall(application);
                await dokploy.DeleteApplicationAsync(applicationId, CancellationToken.None);
                await run.NoteAsync(LogCode.ApplicationRemoved, application.AppName, cancellationToken);
                return true;
            }
            if (!isTold)
            {
                isTold = true;
                await run.NoteAsync(LogCode.WaitingForJob, null, cancellationToken);
            }
            // A job that is active now would make the service after its row is gone.
            if (run.Time.GetElapsedTime(since) >= options.JobPatience)
            {
                return false;
            }
            await Task.Delay(Look, run.Time, cancellationToken);
        }
        return true;
    }

    /// <summary>Whether the swarm has let go of a service that was removed.</summary>
    public async Task<bool> IsServiceGoneAsync(string appName, CancellationToken cancellationToken)
    {
        try
        {
            var tasks = await dokploy.GetTasksAsync(appName, cancellationToken);
            return !tasks.Any(t => t.DesiredState is SwarmTaskState.Running or SwarmTaskState.Ready);
        }
        catch (DokployException e) when (e.Kind == DokployFault.PermissionDenied)
        {
            // This key cannot see the swarm; that Dokploy has let go of the application must do.
            return true;
        }
    }

    /// <summary>The last line about what was to be removed: nothing is left, or what.</summary>
    public static async Task TellAsync(DeploymentRun run, IReadOnlyList<string> left, CancellationToken cancellationToken)
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
}
