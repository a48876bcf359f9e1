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
        var inUse = new List<DokployProject>();
        foreach (var project in await removal.FindProjectsAsync(run, cancellationToken))
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
        var contents = inUse.SelectMany(p => p.Contents).Select(c => c.ToString()).ToList();
        throw new StepFailedException(FailureCode.ProjectInUse, contents.Count == 0 ? null : string.Join(", ", contents.Take(Named)))
        {
            LeftBehind = [.. inUse.Select(p => p.Name)],
        };
    }
}
