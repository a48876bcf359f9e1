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
        // An earlier run, or an earlier try of this one, had begun to send it; or the database was restored to a moment before it
        // was sent, and counts no attempt. Only for an application that this very run made there is nothing to look for.
        if (run.Deployment.DeployAttempts > 0 || !run.MadeApplication)
        {
            var application = await dokploy.GetApplicationAsync(run.Stack.ApplicationId!, cancellationToken);
            if (application is null)
            {
                throw new StepFailedException(FailureCode.DokployError, run.Stack.AppName);
            }
            if (await jobs.CheckAsync(run, application, cancellationToken) is not DeployJob.Nowhere)
            {
                return StepEnd.DoneWith((deployment, now) =>
                {
                    if (deployment.DeployAttempts == 0)
                    {
                        deployment.CountDeployAttempt(run.Number);
                    }
                    deployment.Note(run.Number, LogCode.DeployAccepted, null, now);
                });
            }
        }
        await jobs.SendAsync(run, cancellationToken);
        return StepEnd.DoneWith((deployment, now) => deployment.Note(run.Number, LogCode.DeployAccepted, null, now));
    }
}
