using AiStackDeployer.Contract;
using AiStackDeployer.StackGate.Activity;

namespace AiStackDeployer.StackGate.Events;

/// <summary>Where the gate's events go; to nowhere when there is no ingest.</summary>
/// <param name="newId">An id that no other event has.</param>
internal sealed class EventLog(LogForwarder? forwarder, TimeProvider time, Func<string> newId)
{
    private const int LongestAttribute = 200;

    public EventsReport Counts => forwarder is null ? new(0, 0, 0, 0) : new(forwarder.Sent, forwarder.Refused, forwarder.Dropped, forwarder.Waiting);

    public Task SendAsync(CancellationToken stopping) => forwarder?.RunAsync(stopping) ?? Task.CompletedTask;

    /// <param name="attrs">Those without a value are left out.</param>
    public void Add(string type, string level = "info", string? session = null, string? id = null, string? message = null, params (string Name, string? Value)[] attrs) =>
        forwarder?.Add(new LogEvent
        {
            Id = id ?? newId(),
            Ts = time.GetUtcNow(),
            Type = type,
            Level = level,
            SessionId = session,
            Message = message,
            Attrs = attrs.Any(a => a.Value is not null)
                ? attrs.Where(a => a.Value is not null).ToDictionary(a => a.Name, a => a.Value!.Length <= LongestAttribute ? a.Value : a.Value[..LongestAttribute])
                : null,
        });
}
