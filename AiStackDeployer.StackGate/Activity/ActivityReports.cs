using AiStackDeployer.StackGate.Events;
using AiStackDeployer.StackGate.OpenCode;
using AiStackDeployer.StackGate.Supervision;

namespace AiStackDeployer.StackGate.Activity;

/// <summary>Puts together what the portal asks for. Nothing of it waits for OpenCode unless it is asked to count.</summary>
internal sealed class ActivityReports(
    ActivityNotes notes, SessionLedger ledger, ContainerMemory memory, OpenCodeEndpoint openCode, OpenCodeClient client, EventLog events, TimeProvider time)
{
    public static readonly TimeSpan LongestCount = TimeSpan.FromSeconds(25);

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

    /// <summary>
    /// With the number of sessions. Only when the portal wants it: OpenCode loads a folder for such a question, which takes time and memory.
    /// </summary>
    public async Task<ActivityReport> WithSessionsAsync(CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(LongestCount, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            return Now with { SessionsStored = openCode.Status.Generation is { } generation ? await client.CountSessionsAsync(generation, either.Token) : null };
        }
        catch (Exception e) when (e is HttpRequestException or IOException or System.Text.Json.JsonException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return Now;
        }
    }

    private static string Word(OpenCodeState state) => state switch
    {
        OpenCodeState.Starting => "starting",
        OpenCodeState.Running => "running",
        _ => "failed",
    };
}
