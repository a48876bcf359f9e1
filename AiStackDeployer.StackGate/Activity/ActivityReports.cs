using AiStackDeployer.StackGate.Events;
using AiStackDeployer.StackGate.Supervision;

namespace AiStackDeployer.StackGate.Activity;

/// <summary>Puts together what the portal asks for. Nothing of it waits for OpenCode.</summary>
internal sealed class ActivityReports(
    ActivityNotes notes, SessionLedger ledger, ContainerMemory memory, OpenCodeEndpoint openCode, EventLog events, TimeProvider time)
{
    private readonly DateTimeOffset _startedAt = time.GetUtcNow();

    public ActivityReport Now
    {
        get
        {
            var sessions = ledger.Now;
            var status = openCode.Status;
            return new ActivityReport
            {
                Gate = GateOptions.Version,
                Now = time.GetUtcNow(),
                StartedAt = _startedAt,
                LastHumanAt = notes.LastHuman,
                LastTerminalInputAt = notes.LastTerminalInput,
                SessionsAtWork = sessions.AtWork,
                SessionsWaiting = sessions.Waiting,
                LastAgentAt = sessions.LastAgentAt,
                MemoryBytes = memory.Used,
                MemoryLimitBytes = memory.Limit,
                OpenCode = new OpenCodeReport(status.Version, status.Generation, Word(status.State), status.Restarts),
                Events = events.Counts,
            };
        }
    }

    private static string Word(OpenCodeState state) => state switch
    {
        OpenCodeState.Starting => "starting",
        OpenCodeState.Running => "running",
        _ => "failed",
    };
}
