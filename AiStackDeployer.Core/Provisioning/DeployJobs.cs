using AiStackDeployer.Core.Dokploy;

namespace AiStackDeployer.Core.Provisioning;

/// <summary>Where our deploy job is in Dokploy.</summary>
internal abstract record DeployJob
{
    private DeployJob()
    {
    }

    /// <summary>It has its row: its turn came.</summary>
    public sealed record Listed(DokployDeployment Row) : DeployJob;

    /// <summary>In the queue; 1 = next, 0 = being taken right now.</summary>
    /// <param name="BusySince">When Dokploy began with the one that it works on; null = it does not say.</param>
    public sealed record Waiting(int Place, DateTimeOffset? BusySince) : DeployJob;

    public sealed record Nowhere : DeployJob;
}

/// <summary>A deploy job of an application, whoever gave it, that waits or is at work.</summary>
/// <param name="Since">When it began, or, while it waits, came into the line, by Dokploy's own account; null = it does not say.</param>
/// <param name="IsMissing">Only its row says so; in Dokploy's queue it is not. Seen twice, it is dead.</param>
internal sealed record UnfinishedJob(DateTimeOffset? Since, bool IsMissing = false);

/// <summary>Sends and finds deploy jobs by their title.</summary>
internal sealed class DeployJobs(DokployClient dokploy)
{
    /// <summary>Sends the job under a title of its own; the attempt is counted before the call, so a title is used once.</summary>
    public async Task SendAsync(DeploymentRun run, CancellationToken cancellationToken)
    {
        await run.WriteAsync(
            (deployment, _) =>
            {
                deployment.IntendToCreate(run.Number);
                deployment.CountDeployAttempt(run.Number);
            },
            cancellationToken);
        await SendAsync(run, Title(run));
    }

    /// <summary>Sends a job under this title; that none was sent under it before is the caller's to know.</summary>
    public Task SendAsync(DeploymentRun run, string title) => dokploy.DeployApplicationAsync(
        run.Stack.ApplicationId!, title, $"AI Stack Deployer, {run.Deployment.Name}", CancellationToken.None);

    /// <summary>Looks for the job of the newest attempt.</summary>
    public Task<DeployJob> CheckAsync(DeploymentRun run, DokployApplication application, CancellationToken cancellationToken) =>
        CheckAsync(application, Title(run), cancellationToken);

    /// <summary>Looks for a job by its title.</summary>
    public async Task<DeployJob> CheckAsync(DokployApplication application, string title, CancellationToken cancellationToken)
    {
        if (application.Deployments.FirstOrDefault(d => d.Title == title) is { } row)
        {
            return new DeployJob.Listed(row);
        }
        var queue = await dokploy.GetQueueAsync(cancellationToken);
        var place = 0;
        DateTimeOffset? busySince = null;
        foreach (var entry in queue ?? [])
        {
            if (entry.ApplicationId == application.ApplicationId && entry.Title == title)
            {
                return new DeployJob.Waiting(entry.State == DokployQueueState.Active ? 0 : place, busySince);
            }
            if (entry.State == DokployQueueState.Active)
            {
                busySince = entry.StartedAt ?? entry.QueuedAt;
            }
            place++;
        }
        return new DeployJob.Nowhere();
    }

    /// <summary>
    /// A job because of which the application must not be deleted yet: it would make the service after the row is gone. Null = none.
    /// </summary>
    public async Task<UnfinishedJob?> FindUnfinishedAsync(DokployApplication application, CancellationToken cancellationToken)
    {
        var queue = await dokploy.GetQueueAsync(cancellationToken);
        if (Find(queue, application.ApplicationId) is { } queued)
        {
            return queued;
        }
        var running = application.Deployments.Where(d => d.Status == DokployDeploymentStatus.Running).ToList();
        if (running.Count > 0)
        {
            return new UnfinishedJob(running.Max(row => row.StartedAt ?? row.CreatedAt), IsMissing: queue is not null);
        }
        return application.ApplicationStatus == DokployApplicationStatus.Running ? new UnfinishedJob(Since: null, IsMissing: queue is not null) : null;
    }

    /// <summary>
    /// The same by the queue alone, in which a job stays listed when its application's row is gone. Null = none, or a Dokploy before
    /// v0.28.3, which cannot tell.
    /// </summary>
    public async Task<UnfinishedJob?> FindQueuedAsync(string applicationId, CancellationToken cancellationToken) =>
        Find(await dokploy.GetQueueAsync(cancellationToken), applicationId);

    /// <summary>Whether a container of the application runs, as far as this key may see.</summary>
    public async Task<bool> HasContainerAsync(string appName, CancellationToken cancellationToken)
    {
        try
        {
            var tasks = await dokploy.GetTasksAsync(appName, cancellationToken);
            return tasks.Any(t => t is { DesiredState: SwarmTaskState.Running, CurrentState: SwarmTaskState.Running });
        }
        catch (DokployException e) when (e.Kind == DokployFault.PermissionDenied)
        {
            return (await dokploy.GetContainersAsync(appName, cancellationToken)).Any(c => c.State == DockerContainerState.Running);
        }
    }

    /// <summary>Whether the swarm wants a container of it to run, and works on that; false also when this key may not see tasks.</summary>
    public async Task<bool> IsWantedAsync(string appName, CancellationToken cancellationToken)
    {
        try
        {
            return (await dokploy.GetTasksAsync(appName, cancellationToken)).Any(t => t.DesiredState is SwarmTaskState.Running or SwarmTaskState.Ready);
        }
        catch (DokployException e) when (e.Kind == DokployFault.PermissionDenied)
        {
            return false;
        }
    }

    private static UnfinishedJob? Find(IReadOnlyList<DokployQueueEntry>? queue, string applicationId) =>
        queue?.FirstOrDefault(entry => entry.ApplicationId == applicationId) is { } entry
            ? new UnfinishedJob(entry.StartedAt ?? entry.QueuedAt)
            : null;

    private static string Title(DeploymentRun run) => run.Deployment.DeployAttempts <= 1
        ? run.Deployment.Id
        : $"{run.Deployment.Id} #{DeploymentRun.Text(run.Deployment.DeployAttempts)}";
}
