using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Dokploy;

namespace AiStackDeployer.Core.Provisioning;

/// <summary>
/// Removes what was made of a stack that is not to be, in the order Dokploy needs (application while no job of it runs, then
/// project), and proves it gone. What was made is recognised by the stack's marker, not by what was recorded: a call whose answer was lost
/// has made something too, and so may an earlier deployment of the same stack have done.
/// </summary>
internal sealed class CleanUp(DokployClient dokploy, Removal removal, ProvisioningOptions options)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(300);

    /// <summary>Between two checks for late arrivals: a Dokploy that is this slow should not be polled often.</summary>
    private static readonly TimeSpan LateLook = TimeSpan.FromSeconds(1);

    /// <summary>
    /// What could not be removed, by name (empty = all is gone); null = a job of Dokploy's still runs, come back later.
    /// </summary>
    public async Task<IReadOnlyList<string>?> RemoveAsync(DeploymentRun run, CancellationToken cancellationToken)
    {
        if (!run.Deployment.TouchedDokploy && run.Stack.ProjectId is null)
        {
            return [];
        }
        var since = run.Time.GetTimestamp();
        for (var pass = 1; ; pass++)
        {
            var left = await RemoveOnceAsync(run, cancellationToken);
            if (left is null)
            {
                return null;
            }
            if (pass == 1 && left.Count > 0)
            {
                // Dokploy may have made it, or shown it again, after it was looked for.
                continue;
            }
            if (left.Count > 0 || !run.MayShowLate || run.Stack.ProjectId is not null || run.Time.GetElapsedTime(since) >= options.GoneTimeout)
            {
                await Removal.LogOutcomeAsync(run, left, cancellationToken);
                return left;
            }
            // The project was sent for and its answer never came: Dokploy may make it yet, and then nobody would ever look for it.
            await Task.Delay(LateLook, run.Time, cancellationToken);
        }
    }

    private async Task<IReadOnlyList<string>?> RemoveOnceAsync(DeploymentRun run, CancellationToken cancellationToken)
    {
        if (!await removal.RemoveApplicationsAsync(run, cancellationToken))
        {
            return null;
        }
        foreach (var project in await removal.FindProjectsAsync(run, cancellationToken))
        {
            // Somebody may have added something of their own, and project.remove deletes everything in the project.
            if (project.IsEmpty)
            {
                await dokploy.RemoveProjectAsync(project.ProjectId, CancellationToken.None);
                await run.NoteAsync(LogCode.ProjectRemoved, project.Name, cancellationToken);
                run.MayShowLate = false;
            }
        }
        return await ProveAsync(run, cancellationToken);
    }

    private async Task<IReadOnlyList<string>?> ProveAsync(DeploymentRun run, CancellationToken cancellationToken)
    {
        var since = run.Time.GetTimestamp();
        while (true)
        {
            var remains = await removal.FindRemainsAsync(run, cancellationToken);
            if (remains.IsJobAtWork)
            {
                return null;
            }
            if (remains is { Rows.Count: 0, Services.Count: > 0 } && run.Time.GetElapsedTime(since) < options.GoneTimeout)
            {
                await Task.Delay(Look, run.Time, cancellationToken);
                continue;
            }
            return [.. remains.Rows, .. remains.Services];
        }
    }
}
