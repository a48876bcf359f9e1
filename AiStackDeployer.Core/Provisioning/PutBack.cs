using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Dokploy;
using AiStackDeployer.Core.Provisioning.Steps;
using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Core.Provisioning;

/// <summary>
/// Puts back what an update of a stack has changed before it failed: the application's settings, and the container where the swarm has not
/// rolled back by itself. Any number of times: the job is found by its title before it is sent.
/// </summary>
internal sealed class PutBack(DokployClient dokploy, DeployJobs jobs, ProvisioningOptions options, ISecretProtector secrets)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    /// <summary>False = Dokploy or the swarm is still at work, come back later.</summary>
    public async Task<bool> RunAsync(DeploymentRun run, CancellationToken cancellationToken)
    {
        if (!run.Deployment.TouchedDokploy || run.Stack.ApplicationId is not { } applicationId
            || await dokploy.GetApplicationAsync(applicationId, cancellationToken) is null)
        {
            return true;
        }
        await run.IntendToCreateAsync(cancellationToken);
        await dokploy.UpdateApplicationAsync(applicationId, Configure.SettingsOf(run.Deployment, options, secrets), CancellationToken.None);
        await NoteOnceAsync(run, LogCode.SettingsPutBack, cancellationToken);
        if (run.Deployment.DeployAttempts == 0)
        {
            return true;
        }
        if (run.Deployment.StateBefore == StackState.Stopped)
        {
            return await StopAgainAsync(run, applicationId, cancellationToken);
        }
        var since = run.Time.GetTimestamp();
        while (run.Time.GetElapsedTime(since) < options.JobTimeout)
        {
            if (await IsBackAsync(run, applicationId, cancellationToken))
            {
                return true;
            }
            await Task.Delay(Look, run.Time, cancellationToken);
        }
        return false;
    }

    private async Task<bool> StopAgainAsync(DeploymentRun run, string applicationId, CancellationToken cancellationToken)
    {
        if (await FindUnfinishedAsync(applicationId, cancellationToken))
        {
            return false;
        }
        if (run.Stack.DomainId is { } domain)
        {
            await dokploy.DeleteDomainAsync(domain, CancellationToken.None);
            await run.WriteAsync((deployment, _) => deployment.Stack.DomainId = null, cancellationToken);
        }
        await dokploy.StopApplicationAsync(applicationId, CancellationToken.None);
        return true;
    }

    /// <summary>One roll-out at a time: several in a short time leave a swarm in which nothing starts any more (recorded, 684).</summary>
    private async Task<bool> IsBackAsync(DeploymentRun run, string applicationId, CancellationToken cancellationToken)
    {
        var application = await dokploy.GetApplicationAsync(applicationId, cancellationToken);
        if (application is null)
        {
            return true;
        }
        switch (await jobs.CheckAsync(application, TitleOf(run), cancellationToken))
        {
            case DeployJob.Listed { Row.Status: var status }:
                return status != DokployDeploymentStatus.Running;
            case DeployJob.Waiting:
                return false;
        }
        switch (await UpdateOfAsync(run, cancellationToken))
        {
            case SwarmUpdateState.RollbackCompleted:
                return true;
            case SwarmUpdateState.Updating or SwarmUpdateState.RollbackStarted:
                return false;
        }
        if (await jobs.FindUnfinishedAsync(application, cancellationToken) is null)
        {
            await run.IntendToCreateAsync(cancellationToken);
            await jobs.SendAsync(run, TitleOf(run));
            await run.NoteAsync(LogCode.ContainerPutBack, null, cancellationToken);
        }
        return false;
    }

    private async Task<bool> FindUnfinishedAsync(string applicationId, CancellationToken cancellationToken) =>
        await dokploy.GetApplicationAsync(applicationId, cancellationToken) is { } application
        && await jobs.FindUnfinishedAsync(application, cancellationToken) is not null;

    private async Task<SwarmUpdateState?> UpdateOfAsync(DeploymentRun run, CancellationToken cancellationToken)
    {
        try
        {
            return (await dokploy.GetServiceAsync(run.Stack.AppName!, cancellationToken))?.UpdateState;
        }
        catch (DokployException e) when (e.Kind == DokployFault.PermissionDenied)
        {
            return null;
        }
    }

    private static async Task NoteOnceAsync(DeploymentRun run, LogCode code, CancellationToken cancellationToken)
    {
        if (run.Deployment.OpenStep is { Attempts: 1 })
        {
            await run.NoteAsync(code, null, cancellationToken);
        }
    }

    private static string TitleOf(DeploymentRun run) => $"{run.Deployment.Id} back";
}
