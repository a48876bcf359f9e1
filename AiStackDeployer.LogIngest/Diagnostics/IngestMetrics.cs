using System.Globalization;
using System.Text;
using AiStackDeployer.LogIngest.Pipeline;
using AiStackDeployer.LogIngest.Stacks;

namespace AiStackDeployer.LogIngest.Diagnostics;

/// <summary>Why an event that came was not stored.</summary>
internal static class DropReason
{
    public const string Invalid = "invalid";
    public const string QueueFull = "queue_full";
    public const string Rejected = "loki_rejected";
    public const string RateLimited = "loki_rate_limited";
    public const string Blocked = "loki_blocked";
    public const string Refused = "loki_refused";
    public const string StoreFailed = "store_failed";
    public const string Shutdown = "shutdown";
    public const string Error = "error";

    public static IReadOnlyList<string> All { get; } = [Invalid, QueueFull, Rejected, RateLimited, Blocked, Refused, StoreFailed, Shutdown, Error];
}

/// <summary>How one push, or one write into the store, went.</summary>
internal static class PushOutcome
{
    public const string Ok = "ok";
    public const string Rejected = "rejected";
    public const string RateLimited = "rate_limited";
    public const string Unavailable = "unavailable";
    public const string Blocked = "blocked";
    public const string Refused = "refused";
    public const string Failed = "failed";

    public static IReadOnlyList<string> All { get; } = [Ok, Rejected, RateLimited, Unavailable, Blocked, Refused, Failed];
}

/// <summary>
/// The figures, in Prometheus' text format. Ten of them with one label at most: the exporter of OpenTelemetry would be larger than all else.
/// No label holds the name of a stack, so the number of series does not grow, and whoever may read them learns of no stack.
/// </summary>
internal sealed class IngestMetrics
{
    private long _retries;

    public Counter Accepted { get; } = new(LogSource.All);

    public Counter Dropped { get; } = new(DropReason.All);

    public Counter Pushes { get; } = new(PushOutcome.All);

    public Counter Requests { get; } = new();

    public void Retry() => Interlocked.Increment(ref _retries);

    public string Render(EntryQueue queue, StackList stacks, ILogBackend backend)
    {
        var text = new StringBuilder();
        Counters(text, "events_accepted", "source", "Events that were taken into the queue.", Accepted);
        Counters(text, "events_dropped", "reason", "Events that came and were not stored, and why.", Dropped);
        Counters(text, "pushes", "outcome", "Pushes to Loki, or writes into the store, by how they went.", Pushes);
        Counters(text, "requests", "status", "Requests, by the status of the answer.", Requests);
        One(text, "retries_total", "counter", "Pushes that were tried again.", Interlocked.Read(ref _retries));
        One(text, "queue_events", "gauge", "Events that wait to be stored.", queue.Count);
        One(text, "queue_bytes", "gauge", "Memory that they take.", queue.Bytes);
        One(text, "stored_bytes", "gauge", "Size of the store; 0 with Loki.", backend.StoredBytes);
        One(text, "known_stacks", "gauge", "Stacks whose events are taken.", stacks.Count);
        One(text, "list_age_seconds", "gauge", "Since the portal last confirmed the list of stacks.", stacks.Age.TotalSeconds);
        return text.ToString();
    }

    private static void Counters(StringBuilder text, string name, string label, string help, Counter counter)
    {
        Head(text, name + "_total", "counter", help);
        foreach (var (value, count) in counter.Values)
        {
            text.Append(CultureInfo.InvariantCulture, $"aistack_ingest_{name}_total{{{label}=\"{value}\"}} {count}\n");
        }
    }

    private static void One(StringBuilder text, string name, string type, string help, double value)
    {
        Head(text, name, type, help);
        text.Append(CultureInfo.InvariantCulture, $"aistack_ingest_{name} {value}\n");
    }

    private static void Head(StringBuilder text, string name, string type, string help) =>
        text.Append(CultureInfo.InvariantCulture, $"# HELP aistack_ingest_{name} {help}\n# TYPE aistack_ingest_{name} {type}\n");
}
