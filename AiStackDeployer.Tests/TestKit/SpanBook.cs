using System.Collections.Concurrent;
using System.Diagnostics;

namespace AiStackDeployer.Tests.TestKit;

/// <summary>Keeps every span of our own and of HTTP calls that ends while it is open. Other tests' spans are told apart by their trace.</summary>
internal sealed class SpanBook : IDisposable
{
    private readonly ConcurrentQueue<Activity> _ended = new();
    private readonly ActivityListener _listener;

    public SpanBook()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name.StartsWith("AiStackDeployer.", StringComparison.Ordinal) || source.Name == "System.Net.Http",
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _ended.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    /// <summary>In the order in which they began.</summary>
    public IReadOnlyList<Activity> Of(string traceId) => [.. _ended.Where(a => a.TraceId.ToHexString() == traceId).OrderBy(a => a.StartTimeUtc)];

    public void Dispose() => _listener.Dispose();
}
