using System.Threading.RateLimiting;

namespace AiStackDeployer.LogIngest.Intake;

/// <summary>
/// What one stack may send: requests, bodies at the same time, events. The portal is one of us and has no such limit. Limiters of stacks that
/// have been silent for a while are let go by the library.
/// </summary>
internal sealed class StackRates(IngestLimits limits) : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly PartitionedRateLimiter<string> _requests = PartitionedRateLimiter.CreateChained(
        PartitionedRateLimiter.Create<string, string>(stack => RateLimitPartition.GetTokenBucketLimiter(stack, _ => Bucket(limits.RequestBurst, 10))),
        PartitionedRateLimiter.Create<string, string>(stack => RateLimitPartition.GetConcurrencyLimiter(
            stack, _ => new ConcurrencyLimiterOptions { PermitLimit = limits.MostBodiesOfStack, QueueLimit = 0 })),
        PartitionedRateLimiter.Create<string, string>(_ => RateLimitPartition.GetConcurrencyLimiter(
            "all", _ => new ConcurrencyLimiterOptions { PermitLimit = limits.MostBodies, QueueLimit = 0 })));

    private readonly PartitionedRateLimiter<string> _events = PartitionedRateLimiter.Create<string, string>(
        stack => RateLimitPartition.GetTokenBucketLimiter(stack, _ => Bucket(limits.EventBurst, limits.EventsPerSecond)));

    /// <summary>Held while a request is read.</summary>
    public RateLimitLease Request(string stack) => _requests.AttemptAcquire(stack);

    public RateLimitLease Events(string stack, int count) => _events.AttemptAcquire(stack, count);

    public static TimeSpan RetryAfter(RateLimitLease refused) => refused.TryGetMetadata(MetadataName.RetryAfter, out var pause) ? pause : Period;

    public void Dispose()
    {
        _requests.Dispose();
        _events.Dispose();
    }

    private static TokenBucketRateLimiterOptions Bucket(int most, int perSecond) =>
        new() { TokenLimit = most, TokensPerPeriod = perSecond, ReplenishmentPeriod = Period, QueueLimit = 0 };
}
