using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Dokploy;

namespace AiStackDeployer.Core.Provisioning.Steps;

/// <summary>Scales the stack's service to nothing and waits until no task of it runs. The same call again changes nothing.</summary>
internal sealed class StopContainer(DokployClient dokploy, DeployJobs jobs) : IDeploymentStep
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    public DeploymentStep Step => DeploymentStep.StopContainer;

    public async Task<StepEnd> ExecuteAsync(DeploymentRun run, CancellationToken cancellationToken)
    {
        if (run.Stack.ApplicationId is { } applicationId && await jobs.HasContainerAsync(run.Stack.AppName!, cancellationToken))
        {
            await run.IntendToCreateAsync(cancellationToken);
            await dokploy.StopApplicationAsync(applicationId, CancellationToken.None);
            while (await jobs.HasContainerAsync(run.Stack.AppName!, cancellationToken))
            {
                await run.PauseAsync(Look, cancellationToken);
            }
        }
        return StepEnd.DoneWith((deployment, now) => deployment.Note(run.Number, LogCode.ContainerStopped, null, now));
    }
}
