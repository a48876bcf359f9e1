using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Dokploy;

namespace AiStackDeployer.Core.Provisioning.Steps;

/// <summary>
/// Gives Dokploy the deploy job. The answer is empty and the job shows late, so our id goes into its title; an earlier run's
/// job is found by it.
/// </summary>
internal sealed class TriggerDeploy(DokployClient dokploy, DeployJobs jobs) : IDeploymentStep
{
    public DeploymentStep Step => DeploymentStep.TriggerDeploy;

    public async Task<StepEnd> ExecuteAsync(DeploymentRun run, CancellationToken cancellationToken)
    {
        if (run.Deployment.DeployAttempts > 0)
        {
            // An earlier run, or an earlier try of this one, had begun to send it.
            var application = await dokploy.GetApplicationAsync(run.Stack.ApplicationId!, cancellationToken);
            if (application is null)
            {
                throw new StepFailedException(FailureCode.DokployError, run.Stack.AppName);
            }
            if (await jobs.LookAsync(run, application, cancellationToken) is not DeployJob.Nowhere)
            {
                return Accepted(run);
            }
        }
        await jobs.SendAsync(run, cancellationToken);
        return Accepted(run);
    }

    private static StepEnd Accepted(DeploymentRun run) =>
        StepEnd.DoneWith((deployment, now) => deployment.Note(run.Number, LogCode.DeployAccepted, null, now));
}
