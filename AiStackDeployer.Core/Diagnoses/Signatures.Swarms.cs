using System.Globalization;
using System.Text.RegularExpressions;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Deployments.Operations;

namespace AiStackDeployer.Core.Diagnoses;

/// <content>What the swarm does with the service.</content>
public static partial class Signatures
{
    /// <summary>Containers of one stack that run at once: more are left from roll-outs that the swarm did not end.</summary>
    private const int TooMany = 3;

    private const string Tasks = "docker service ps {service} --no-trunc";

    private static IReadOnlyList<Signature> Swarms =>
    [
        new("larger-than-any-server", CureBy.Administrator, e => Failed(e, FailureCode.LargerThanAnyServer)
            ?? (e is { Servers: { MemoryReservation: { } wanted, ServerMemory: { Count: > 0 } memory } } && wanted > memory.Max() && e.Find([EvidenceSource.Tasks], Signs.NoRoom) is { } line
                ? new Sign(line) : null)) { Acts = Repair, Command = "docker node ls" },
        new("server-away", CureBy.Operator, e => e is { Servers.ServersAway: > 0 and var away, Tasks: { Count: > 0 } tasks } && !tasks.Any(t => t.IsRunning)
            ? Fact(EvidenceSource.Servers, $"{away} not ready; {tasks[0].Text}", away.ToString(CultureInfo.InvariantCulture)) : null) { Acts = RestartIt, Command = "docker node ls" },
        new("swarm-wedged", CureBy.Operator, e => e.Tasks?.Count(t => t.IsRunning) is > TooMany and var running
            ? Fact(EvidenceSource.Tasks, $"{running} containers run", running.ToString(CultureInfo.InvariantCulture)) : null)
        {
            Acts = RestartIt, Command = "docker service scale {service}=0", MattersWhenWell = true,
        },
        Text("no-room", CureBy.Operator, FailureCode.Unschedulable, Starting, Signs.NoRoom) with { Acts = Repair, Command = "docker node ls" },
        Text("no-suitable-server", CureBy.Operator, Starting, Signs.NoNode, [.. Signs.NoRoom, .. Signs.OtherArchitecture]) with { Acts = Repair, Command = Tasks },
        Text("unhealthy", CureBy.Administrator, Starting, ["unhealthy container"]) with { Acts = RestartIt, Command = Tasks },
        new("rolled-back", CureBy.Administrator, e => e.Service is { IsRolledBack: true, Message: var message } ? Fact(EvidenceSource.Service, message ?? "rollback_completed")
            : Failed(e, FailureCode.RolledBack)) { Acts = Repair, MattersWhenWell = true, Command = Tasks },
        new("ends-at-once", CureBy.Administrator, e => e.Tasks?.Where(t => t.HasEnded).Take(2).ToList() is [{ Stage: TaskStage.Completed } last, { Stage: TaskStage.Completed }]
            ? Fact(EvidenceSource.Tasks, last.Text) : null) { Acts = Repair, Command = Tasks },
        new("crash-loop", CureBy.Administrator, e => e.Lines.LastOrDefault(l => ExitCode().IsMatch(l.Text) && l.Source == EvidenceSource.Tasks) is { } line && IsLoop(e)
            ? new Sign(line, ExitCode().Match(line.Text).Groups[1].Value)
            : Failed(e, FailureCode.CrashLoop)) { Acts = [OperationCatalog.Restart, .. Repair], Command = Tasks },
        new("container-rejected", CureBy.Operator, e => e.Tasks?.FirstOrDefault(t => t.HasEnded) is { Stage: TaskStage.Rejected } task
            ? Fact(EvidenceSource.Tasks, task.Error ?? task.Text) : Failed(e, FailureCode.ContainerRejected)) { Acts = Repair, Command = Tasks },
        new("still-preparing", CureBy.Owner, e => e.Tasks is { Count: > 0 } tasks && !tasks.Any(t => t.IsRunning || t.HasEnded)
            && tasks.FirstOrDefault(t => t is { IsWanted: true, Stage: TaskStage.Preparing }) is { } task ? Fact(EvidenceSource.Tasks, task.Text) : null),
    ];

    /// <summary>Nothing runs now, or what runs is there after two that ended.</summary>
    private static bool IsLoop(Evidence evidence) =>
        evidence.Failure == FailureCode.CrashLoop || evidence.Tasks is not { } tasks || !tasks.Any(t => t.IsRunning) || tasks.Count(t => t.Stage == TaskStage.Failed) > 1;

    [GeneratedRegex(@"non-zero exit \((\d{1,3})\)")]
    private static partial Regex ExitCode();
}
