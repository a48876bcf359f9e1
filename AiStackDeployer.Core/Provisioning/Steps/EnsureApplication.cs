using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Dokploy;

namespace AiStackDeployer.Core.Provisioning.Steps;

/// <summary>The stack's one application inside its project.</summary>
internal sealed class EnsureApplication(DokployClient dokploy) : IDeploymentStep
{
    public DeploymentStep Step => DeploymentStep.EnsureApplication;

    public async Task<StepEnd> ExecuteAsync(DeploymentRun run, CancellationToken cancellationToken)
    {
        var name = run.Deployment.Name.ProjectName;
        if (!run.MadeProject && await FindAsync(run, cancellationToken) is { } found)
        {
            return StepEnd.DoneWith((deployment, now) =>
            {
                Record(deployment, found.ApplicationId, found.AppName);
                deployment.Note(run.Number, LogCode.ApplicationFound, found.AppName, now);
            });
        }
        await run.IntendToCreateAsync(cancellationToken);
        var made = await dokploy.CreateApplicationAsync(
            name, name, Markers.For(run.Deployment), run.Stack.EnvironmentId!, CancellationToken.None);
        run.MadeApplication = true;
        return StepEnd.DoneWith((deployment, now) =>
        {
            Record(deployment, made.ApplicationId, made.AppName);
            deployment.Note(run.Number, LogCode.ApplicationCreated, made.AppName, now);
        });
    }

    private async Task<DokployApplication?> FindAsync(DeploymentRun run, CancellationToken cancellationToken)
    {
        var project = await dokploy.GetProjectAsync(run.Stack.ProjectId!, cancellationToken)
            ?? throw new StepFailedException(FailureCode.DokployError, run.Stack.ProjectId);
        var own = project.Applications.FirstOrDefault(a => Markers.IsOfStack(a.Description, run.Deployment));
        return own is null ? null : await dokploy.GetApplicationAsync(own.ApplicationId, cancellationToken);
    }

    private static void Record(Deployment deployment, string applicationId, string appName)
    {
        deployment.Stack.ApplicationId = applicationId;
        deployment.Stack.AppName = appName;
    }
}
