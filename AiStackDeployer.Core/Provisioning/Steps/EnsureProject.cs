using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Dokploy;

namespace AiStackDeployer.Core.Provisioning.Steps;

/// <summary>The project <c>ai-stack-{name}</c>, with its default environment.</summary>
internal sealed class EnsureProject(DokployClient dokploy) : IDeploymentStep
{
    public DeploymentStep Step => DeploymentStep.EnsureProject;

    public async Task<StepEnd> ExecuteAsync(DeploymentRun run, CancellationToken cancellationToken)
    {
        var projectName = run.Deployment.Name.ProjectName;
        var named = await dokploy.FindProjectsAsync(projectName, cancellationToken);
        var own = named.Where(p => Markers.IsOfStack(p.Description, run.Deployment)).ToList();
        if (own.Count > 0)
        {
            return await TakeAsync(run, own[0], cancellationToken);
        }
        if (named.Count > 0)
        {
            // Somebody else's, from before the portal or past it: never to be touched.
            throw new StepFailedException(FailureCode.NameTakenUpstream, run.Deployment.Name);
        }
        await run.IntendToCreateAsync(cancellationToken);
        // Not the step's token: a call that makes something is not torn in the middle.
        var made = await dokploy.CreateProjectAsync(projectName, Markers.For(run.Deployment), CancellationToken.None);
        run.MadeProject = true;
        return StepEnd.DoneWith((deployment, now) =>
        {
            Record(deployment, made.Project.ProjectId, made.Environment.EnvironmentId);
            deployment.Note(run.Number, LogCode.ProjectCreated, made.Project.Name, now);
        });
    }

    private async Task<StepEnd> TakeAsync(DeploymentRun run, DokployProjectSummary keep, CancellationToken cancellationToken)
    {
        var whole = await dokploy.GetProjectAsync(keep.ProjectId, cancellationToken);
        var environment = whole?.DefaultEnvironment
            ?? throw new StepFailedException(FailureCode.DokployError, keep.Name);
        return StepEnd.DoneWith((deployment, now) =>
        {
            Record(deployment, keep.ProjectId, environment.EnvironmentId);
            deployment.Note(run.Number, LogCode.ProjectFound, keep.Name, now);
        });
    }

    private static void Record(Deployment deployment, string projectId, string environmentId)
    {
        deployment.Stack.ProjectId = projectId;
        deployment.Stack.EnvironmentId = environmentId;
    }
}
