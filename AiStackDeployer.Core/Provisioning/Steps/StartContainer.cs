using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Dokploy;

namespace AiStackDeployer.Core.Provisioning.Steps;

/// <summary>
/// Scales the stack's service to one container. Dokploy answers only when that runs, and never when it cannot, so this ends as soon as
/// the swarm has a task for it; the steps after it see whether it runs. The same call again changes nothing.
/// </summary>
internal sealed class StartContainer(DokployClient dokploy, DeployJobs jobs) : IDeploymentStep
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    public DeploymentStep Step => DeploymentStep.StartContainer;

    public async Task<StepEnd> ExecuteAsync(DeploymentRun run, CancellationToken cancellationToken)
    {
        if (run.Stack is not { ApplicationId: { } applicationId, AppName: { } appName })
        {
            throw new StepFailedException(FailureCode.ContainerGone, run.Stack.Name);
        }
        if (!await jobs.IsWantedAsync(appName, cancellationToken))
        {
            if (await IsGoneAsync(appName, cancellationToken))
            {
                throw new StepFailedException(FailureCode.ContainerGone, appName);
            }
            await run.IntendToCreateAsync(cancellationToken);
            var call = dokploy.StartApplicationAsync(applicationId, CancellationToken.None);
            while (!call.IsCompleted && !await jobs.IsWantedAsync(appName, cancellationToken))
            {
                await run.PauseAsync(Look, cancellationToken);
            }
            if (call.IsCompleted)
            {
                await call;
            }
            else
            {
                // Of no interest any more: the swarm has taken it.
                _ = call.ContinueWith(late => _ = late.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            }
        }
        return StepEnd.DoneWith((deployment, now) => deployment.Note(run.Number, LogCode.ContainerStarted, null, now));
    }

    private async Task<bool> IsGoneAsync(string appName, CancellationToken cancellationToken)
    {
        try
        {
            return await dokploy.GetServiceAsync(appName, cancellationToken) is null;
        }
        catch (DokployException e) when (e.Kind == DokployFault.PermissionDenied)
        {
            // The call itself will tell.
            return false;
        }
    }
}
