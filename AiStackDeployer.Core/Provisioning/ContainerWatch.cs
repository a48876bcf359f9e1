using System.Globalization;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Dokploy;

namespace AiStackDeployer.Core.Provisioning;

/// <summary>
/// Reads the service's swarm tasks while a deployment waits, so that a container that cannot run ends the waiting in seconds, with
/// Docker's own words. One for each run of a step; it remembers what it has logged.
/// </summary>
internal sealed class ContainerWatch(
    DokployClient dokploy, ProvisioningOptions options, ContainerLog log, DeploymentRun run, string? loggedBefore = null)
{
    private string? _loggedState = loggedBefore;
    private int _loggedEnds;
    private long? _noNodeSince;
    private bool _blind;

    /// <summary>True when a container runs, false when not yet, null when this key may not see containers at all.</summary>
    /// <exception cref="StepFailedException">It will not run without a change.</exception>
    public async Task<bool?> CheckAsync(CancellationToken cancellationToken)
    {
        if (_blind)
        {
            return null;
        }
        IReadOnlyList<SwarmTask> tasks;
        try
        {
            tasks = await dokploy.GetTasksAsync(run.Stack.AppName!, cancellationToken);
        }
        catch (DokployException e) when (e.Kind == DokployFault.PermissionDenied)
        {
            return await CheckContainersAsync(cancellationToken);
        }
        var verdict = TaskVerdict.Judge(tasks, EndedBefore(tasks));
        _noNodeSince = verdict is TaskVerdict.NoNode ? _noNodeSince ?? run.Time.GetTimestamp() : null;
        switch (verdict)
        {
            case TaskVerdict.Running running:
                await LogChangesAsync(nameof(SwarmTaskState.Running), running.EndedBefore, null, cancellationToken);
                return true;

            case TaskVerdict.NotYet notYet:
                await LogChangesAsync(notYet.State, notYet.EndedBefore, notYet.LastEnd, cancellationToken);
                return false;

            case TaskVerdict.NoNode noNode:
                await LogChangesAsync(nameof(SwarmTaskState.Pending), 0, null, cancellationToken);
                if (run.Time.GetElapsedTime(_noNodeSince!.Value) >= options.UnschedulableAfter)
                {
                    throw await NoRoomAsync(noNode.Reason, cancellationToken);
                }
                return false;

            case TaskVerdict.Hopeless hopeless:
                throw new StepFailedException(hopeless.Code, Subject(hopeless.Code), await EvidenceAsync(hopeless.Reason, cancellationToken));

            default:
                throw new InvalidOperationException($"Unknown verdict {verdict.GetType().Name}.");
        }
    }

    private string? Subject(FailureCode code) => code == FailureCode.ImageNotFound ? run.Deployment.Image : null;

    // Nothing of an earlier deployment of this stack counts: its tasks are listed too, as shut down or failed.
    private HashSet<string> EndedBefore(IReadOnlyList<SwarmTask> tasks)
    {
        if (run.Stack.ReadyAt is null)
        {
            return [];
        }
        var begun = run.Deployment.Steps.Where(s => s.Step is DeploymentStep.TriggerDeploy or DeploymentStep.StartContainer).MaxBy(s => s.Index)?.StartedAt;
        var since = run.Time.GetUtcNow() - (begun ?? run.Deployment.CreatedAt);
        return
        [
            .. tasks.Where(t => t.CurrentState == SwarmTaskState.Shutdown
                || (t.CurrentState is SwarmTaskState.Failed or SwarmTaskState.Rejected or SwarmTaskState.Complete && DockerAge.AtLeast(t.CurrentStateText) > since))
                .Where(t => t.DesiredState == SwarmTaskState.Shutdown).Select(t => t.TaskId),
        ];
    }

    private async Task<bool?> CheckContainersAsync(CancellationToken cancellationToken)
    {
        try
        {
            var containers = await dokploy.GetContainersAsync(run.Stack.AppName!, cancellationToken);
            return containers.Any(c => c.State == DockerContainerState.Running);
        }
        catch (DokployException e) when (e.Kind == DokployFault.PermissionDenied)
        {
            _blind = true;
            await run.NoteAsync(LogCode.TasksNotVisible, null, cancellationToken);
            return null;
        }
    }

    private async Task LogChangesAsync(string? state, int ends, string? lastEnd, CancellationToken cancellationToken)
    {
        if (ends > _loggedEnds)
        {
            _loggedEnds = ends;
            await run.NoteAsync(LogCode.ContainerEnded, log.Mask(run.Stack, lastEnd) is [var reason, ..] ? reason : null, cancellationToken);
        }
        if (state is not null && state != _loggedState)
        {
            _loggedState = state;
            await run.NoteAsync(LogCode.TaskState, state, cancellationToken);
        }
    }

    /// <summary>Docker gives one reason for a node that is full and for one that is too small.</summary>
    private async Task<StepFailedException> NoRoomAsync(string reason, CancellationToken cancellationToken)
    {
        var lines = log.Mask(run.Stack, reason);
        return options.MemoryReservation is { } wanted && MemoryOf(await dokploy.GetNodesAsync(cancellationToken)) is [_, ..] servers && wanted > servers.Max()
            ? new StepFailedException(FailureCode.LargerThanAnyServer, Size(wanted), lines)
            : new StepFailedException(FailureCode.Unschedulable, null, lines);
    }

    private static IReadOnlyList<long> MemoryOf(IReadOnlyList<SwarmNode> nodes) => [.. nodes.Select(node => node.MemoryBytes).OfType<long>()];

    private static string Size(long bytes) => bytes % (1L << 30) == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes >> 30} GB")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes >> 20} MB");

    /// <summary>Docker's reason, and the last words of the container.</summary>
    private async Task<IReadOnlyList<string>> EvidenceAsync(string reason, CancellationToken cancellationToken) =>
        [.. log.Mask(run.Stack, reason), .. await log.ReadAsync(run.Stack, cancellationToken)];
}
