using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Dokploy;

namespace AiStackDeployer.Core.Provisioning.Steps;

/// <summary>
/// The stack's project, when nothing of anybody else's stands in it: Dokploy would drop the rows of whatever does and leave it
/// running without an owner.
/// </summary>
internal sealed class RemoveProject(DokployClient dokploy, Removal removal) : IDeploymentStep
{
    private const int Named = 3;

    public DeploymentStep Step => DeploymentStep.RemoveProject;

    public async Task<StepEnd> ExecuteAsync(DeploymentRun run, CancellationToken cancellationToken)
    {
        var projects = await removal.FindProjectsAsync(run, cancellationToken);
        if (projects.Any(project => project.Applications.Any(a => Markers.IsOfStack(a.Description, run.Deployment))))
        {
            // Dokploy has made it, or shown it again, after all were removed.
            if (!await removal.RemoveApplicationsAsync(run, cancellationToken))
            {
                return StepEnd.Later;
            }
            projects = await removal.FindProjectsAsync(run, cancellationToken);
        }
        var inUse = new List<DokployProject>();
        foreach (var project in projects)
        {
            if (!project.IsEmpty)
            {
                inUse.Add(project);
                continue;
            }
            await dokploy.RemoveProjectAsync(project.ProjectId, CancellationToken.None);
            await run.NoteAsync(LogCode.ProjectRemoved, project.Name, cancellationToken);
        }
        if (inUse.Count == 0)
        {
            return StepEnd.Done;
        }
        IReadOnlyList<string> left = [.. inUse.Select(p => p.Name)];
        var own = inUse.SelectMany(p => p.Applications).Where(a => Markers.IsOfStack(a.Description, run.Deployment)).ToList();
        var contents = inUse.SelectMany(p => p.Contents).ToList();
        if (own.Count > 0 && own.Count == contents.Count)
        {
            throw new StepFailedException(FailureCode.StillThere, own[0].AppName ?? own[0].Name) { LeftBehind = left };
        }
        throw new StepFailedException(
            FailureCode.ProjectInUse, contents.Count == 0 ? null : string.Join(", ", contents.Take(Named).Select(c => c.ToString())))
        {
            LeftBehind = left,
        };
    }
}
