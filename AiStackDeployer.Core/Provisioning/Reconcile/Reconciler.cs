using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Dokploy;
using AiStackDeployer.Core.Naming;
using AiStackDeployer.Core.Stacks;
using Microsoft.Extensions.Logging;

namespace AiStackDeployer.Core.Provisioning.Reconcile;

/// <summary>
/// One call for all of Dokploy's projects, one query for all stacks, then the applications (<see cref="StackDetails"/>). Dokploy is read first: what is missing there and is in the database
/// afterwards is missing. What seems too much may have been deleted meanwhile, so it is looked at once more.
/// </summary>
internal sealed partial class Reconciler(DokployClient dokploy, IDeploymentStore store, DeployJobs jobs, StackDetails details, TimeProvider time, ILogger<Reconciler> logger) : IReconciler
{
    /// <summary>Another portal on the same Dokploy may have made a project a moment ago.</summary>
    private static readonly TimeSpan HuskAge = TimeSpan.FromDays(1);

    public Reconciliation? Last { get; private set; }

    public async Task<Reconciliation?> CompareAsync(CancellationToken cancellationToken)
    {
        try
        {
            var projects = await dokploy.ListProjectsAsync(cancellationToken);
            var stacks = await store.ListKeptAsync(cancellationToken);
            var busy = (await store.ListActiveAsync(cancellationToken)).Select(d => d.StackId).ToHashSet();
            var found = new List<Difference>();
            foreach (var difference in Compare(projects, stacks, busy, time.GetUtcNow()))
            {
                if (difference.ProjectId is null || await dokploy.GetProjectAsync(difference.ProjectId, cancellationToken) is not null)
                {
                    found.Add(difference);
                }
            }
            var incomplete = found.Select(d => d.StackId).ToHashSet();
            found.AddRange(await details.CompareAsync(
                [.. stacks.Where(s => Rests(s, busy) && s.ApplicationId is not null && !incomplete.Contains(s.Id))], cancellationToken));
            Compared(stacks.Count, projects.Count, found.Count);
            return Last = new Reconciliation(time.GetUtcNow(), stacks.Count, projects.Count, found);
        }
        catch (DokployException e)
        {
            NotCompared(e.Call, e.Kind);
            return null;
        }
    }

    public async Task<bool> RemoveOrphanAsync(string projectId, CancellationToken cancellationToken)
    {
        try
        {
            if (await dokploy.GetProjectAsync(projectId, cancellationToken) is not { } project
                || Markers.StackOf(project.Description) is not { } stackId || await store.FindStackAsync(stackId, cancellationToken) is not null)
            {
                return false;
            }
            foreach (var summary in project.Applications)
            {
                if (await dokploy.GetApplicationAsync(summary.ApplicationId, cancellationToken) is not { } application)
                {
                    continue;
                }
                if (Markers.StackOf(application.Description) != stackId || await jobs.FindUnfinishedAsync(application, cancellationToken) is not null)
                {
                    return false;
                }
                await dokploy.DeleteApplicationAsync(application.ApplicationId, CancellationToken.None);
            }
            if (await dokploy.GetProjectAsync(projectId, cancellationToken) is { IsEmpty: true })
            {
                await dokploy.RemoveProjectAsync(projectId, CancellationToken.None);
                return true;
            }
            return false;
        }
        catch (DokployException e)
        {
            NotCompared(e.Call, e.Kind);
            return false;
        }
    }

    /// <param name="busy">The stacks on which an operation waits or runs: they are different at every moment.</param>
    internal static IEnumerable<Difference> Compare(IReadOnlyList<DokployProject> projects, IReadOnlyList<Stack> stacks, IReadOnlySet<string> busy, DateTimeOffset now)
    {
        var byId = stacks.ToDictionary(s => s.Id);
        var applications = projects.SelectMany(p => p.Applications).Select(a => a.ApplicationId).ToHashSet();
        var marked = projects.ToLookup(p => Markers.StackOf(p.Description));
        foreach (var stack in stacks.Where(s => Rests(s, busy)))
        {
            if (!marked[stack.Id].Any())
            {
                yield return new Difference(DifferenceKind.MissingProject, stack.Name, stack.Id, null, stack.LastDeploymentId);
            }
            else if (stack.ApplicationId is null || !applications.Contains(stack.ApplicationId))
            {
                yield return new Difference(DifferenceKind.MissingApplication, stack.Name, stack.Id, null, stack.LastDeploymentId);
            }
        }
        foreach (var group in marked.Where(g => g.Key is not null))
        {
            if (!byId.TryGetValue(group.Key!, out var stack))
            {
                foreach (var project in group)
                {
                    yield return new Difference(
                        DifferenceKind.Orphan, project.Name, null, project.ProjectId, null, IsHusk: project.IsEmpty && project.CreatedAt < now - HuskAge);
                }
            }
            else if (!busy.Contains(stack.Id))
            {
                foreach (var project in group.Where(p => p.ProjectId != stack.ProjectId).Skip(stack.ProjectId is null ? 1 : 0))
                {
                    yield return new Difference(DifferenceKind.Second, project.Name, stack.Id, project.ProjectId, stack.LastDeploymentId);
                }
            }
        }
        foreach (var project in marked[null].Where(p => p.Name.StartsWith(StackName.ProjectPrefix, StringComparison.OrdinalIgnoreCase)))
        {
            yield return new Difference(DifferenceKind.Foreign, project.Name, null, project.ProjectId, null);
        }
    }

    private static bool Rests(Stack stack, IReadOnlySet<string> busy) =>
        !busy.Contains(stack.Id) && stack.State is StackState.Ready or StackState.Stopped or StackState.ToBeDeleted;

    [LoggerMessage(Level = LogLevel.Information, Message = "{Stacks} stacks compared with {Projects} projects of Dokploy's: {Differences} differences")]
    private partial void Compared(int stacks, int projects, int differences);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The portal could not be compared with Dokploy: {Call} failed ({Kind})")]
    private partial void NotCompared(string call, DokployFault kind);
}
