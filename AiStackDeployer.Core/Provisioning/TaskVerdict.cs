using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Diagnoses;
using AiStackDeployer.Core.Dokploy;

namespace AiStackDeployer.Core.Provisioning;

/// <summary>What the swarm's tasks say about a service, in one word.</summary>
internal abstract record TaskVerdict
{
    private TaskVerdict()
    {
    }

    /// <summary>A task runs right now.</summary>
    public sealed record Running(int EndedBefore) : TaskVerdict;

    /// <summary>Not yet; <paramref name="State"/> is Docker's word for it, null when there is no task at all.</summary>
    public sealed record NotYet(string? State, int EndedBefore, string? LastEnd) : TaskVerdict;

    /// <summary>No node can take it. It may pass (a node comes back), so the caller waits a moment before believing it.</summary>
    public sealed record NoNode(string Reason) : TaskVerdict;

    /// <summary>It will not run without a change.</summary>
    public sealed record Hopeless(FailureCode Code, string Reason) : TaskVerdict;

    /// <summary>How many containers must have ended by themselves before it is a loop and not a stumble.</summary>
    private const int Loop = 2;

    /// <param name="tasks">Newest first, as Docker lists them.</param>
    /// <param name="knownBefore">Tasks that had ended before this deployment's turn: an earlier version's troubles are not ours.</param>
    public static TaskVerdict Judge(IReadOnlyList<SwarmTask> tasks, IReadOnlySet<string> knownBefore)
    {
        var own = tasks.Where(t => !knownBefore.Contains(t.TaskId)).ToList();
        var ended = own.Where(t => t.CurrentState is SwarmTaskState.Failed or SwarmTaskState.Rejected or SwarmTaskState.Complete).ToList();
        var newest = ended.Count > 0 ? ended[0] : null;

        if (newest is { CurrentState: SwarmTaskState.Rejected, Error: { } rejection })
        {
            return new Hopeless(
                rejection.Contains("No such image", StringComparison.OrdinalIgnoreCase) ? FailureCode.ImageNotFound : FailureCode.ContainerRejected,
                rejection);
        }
        if (ended.Count >= Loop)
        {
            var reason = newest?.Error ?? newest!.CurrentStateText;
            return new Hopeless(Signs.IsOutOfMemory(reason) ? FailureCode.OutOfMemory : FailureCode.CrashLoop, reason);
        }
        if (own.Any(t => t is { DesiredState: SwarmTaskState.Running, CurrentState: SwarmTaskState.Running }))
        {
            return new Running(ended.Count);
        }
        if (own.FirstOrDefault(t => t is { CurrentState: SwarmTaskState.Pending, Error: not null }) is { } pending)
        {
            return new NoNode(pending.Error!);
        }
        var current = own.FirstOrDefault(t => t.DesiredState is SwarmTaskState.Running or SwarmTaskState.Ready);
        return new NotYet(current?.CurrentState.ToString(), ended.Count, newest is null ? null : newest.Error ?? newest.CurrentStateText);
    }
}
