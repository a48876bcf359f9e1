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
    public sealed record Waiting(int Place) : DeployJob;

    public sealed record Nowhere : DeployJob;
}

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
        await dokploy.DeployApplicationAsync(
            run.Stack.ApplicationId!, Title(run), $"AI Stack Deployer, {run.Deployment.Name}", CancellationToken.None);
        run.Triggered = true;
    }

    /// <summary>Looks for the job of the newest attempt.</summary>
    public async Task<DeployJob> LookAsync(DeploymentRun run, DokployApplication application, CancellationToken cancellationToken)
    {
        var title = Title(run);
        if (application.Deployments.FirstOrDefault(d => d.Title == title) is { } row)
        {
            return new DeployJob.Listed(row);
        }
        var queue = await dokploy.GetQueueAsync(cancellationToken);
        var place = 0;
        foreach (var entry in queue ?? [])
        {
            if (entry.ApplicationId == application.ApplicationId && entry.Title == title)
            {
                return new DeployJob.Waiting(entry.State == DokployQueueState.Active ? 0 : place);
            }
            place++;
        }
        return new DeployJob.Nowhere();
    }

    /// <summary>Whether any job of the application waits or runs: then it must not be deleted, or the job makes the service after it.</summary>
    public async Task<bool> IsBusyAsync(DokployApplication application, CancellationToken cancellationToken)
    {
        if (application.ApplicationStatus == DokployApplicationStatus.Running
            || application.Deployments.Any(d => d.Status == DokployDeploymentStatus.Running))
        {
            return true;
        }
        var queue = await dokploy.GetQueueAsync(cancellationToken);
        return queue?.Any(entry => entry.ApplicationId == application.ApplicationId) == true;
    }

    private static string Title(DeploymentRun run) => run.Deployment.DeployAttempts <= 1
        ? run.Deployment.Id
        : $"{run.Deployment.Id} #{DeploymentRun.Text(run.Deployment.DeployAttempts)}";
}
