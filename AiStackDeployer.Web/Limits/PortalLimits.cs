using System.Threading.RateLimiting;
using AiStackDeployer.Web.Security;
using AiStackDeployer.Web.Security.SignIn;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Diagnostics;

namespace AiStackDeployer.Web.Limits;

/// <summary>
/// One count for each caller, whichever way they come: a press on a page and a tool of MCP pass no middleware of their own, so they ask
/// here. The process counts for itself; of several portals each does.
/// </summary>
public sealed class PortalLimits : IDisposable
{
    private static readonly (Rate?, string) Uncounted = (null, "");

    private readonly LimitOptions _options;
    private readonly PartitionedRateLimiter<(Rate? Rate, string Caller)> _rates;
    private readonly PartitionedRateLimiter<(Hold What, Caller Caller)> _perCaller;
    private readonly PartitionedRateLimiter<Hold> _whole;

    public PortalLimits(LimitOptions options)
    {
        _options = options;
        _rates = PartitionedRateLimiter.Create<(Rate? Rate, string Caller), (Rate?, string)>(asked => asked.Rate is { } rate && options.Factor is { } factor
            ? RateLimitPartition.GetTokenBucketLimiter(asked, _ => OptionsOf(BucketOf(rate), factor))
            : RateLimitPartition.GetNoLimiter(Uncounted));
        _perCaller = PartitionedRateLimiter.Create<(Hold What, Caller Caller), (Hold, Caller)>(asked => RateLimitPartition.GetConcurrencyLimiter(
            asked, _ => AtOnce((int)Math.Max(1, (asked.Caller.IsKnown ? RoomFor(asked.What).Known : RoomFor(asked.What).Unknown) * options.Factor!.Value))));
        _whole = PartitionedRateLimiter.Create<Hold, Hold>(what => RateLimitPartition.GetConcurrencyLimiter(what, _ => AtOnce(RoomFor(what).Whole)));
        ForRequests = _rates.WithTranslatedKey<HttpContext>(
            context => RateOf(context) is { } rate ? (rate, Caller.Of(context).Key) : Uncounted, leaveOpen: true);
    }

    /// <summary>For the middleware.</summary>
    public PartitionedRateLimiter<HttpContext> ForRequests { get; }

    /// <summary>Counts one more. Returns how long to wait where there were too many; null = go on.</summary>
    public TimeSpan? Count(Rate rate, Caller caller)
    {
        using var lease = _rates.AttemptAcquire((rate, caller.Key));
        return lease.IsAcquired ? null : WaitOf(lease);
    }

    /// <summary>A place for as long as what it is for lasts; null = none is left. To be disposed of.</summary>
    public IDisposable? Take(Hold what, Caller caller)
    {
        if (_options.Factor is null)
        {
            return Nothing.Held;
        }
        var own = _perCaller.AttemptAcquire((what, caller));
        var shared = own.IsAcquired ? _whole.AttemptAcquire(what) : null;
        if (shared?.IsAcquired == true)
        {
            return new Place(own, shared);
        }
        shared?.Dispose();
        own.Dispose();
        return null;
    }

    /// <summary>At least a second: the header has whole ones.</summary>
    public static TimeSpan WaitOf(RateLimitLease lease) =>
        lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) && wait > TimeSpan.FromSeconds(1) ? wait : TimeSpan.FromSeconds(1);

    public void Dispose()
    {
        ForRequests.Dispose();
        _rates.Dispose();
        _perCaller.Dispose();
        _whole.Dispose();
    }

    /// <summary>Null = not counted here: files of pages, probes, and MCP, whose refusals have another shape.</summary>
    private static Rate? RateOf(HttpContext context)
    {
        var path = context.Request.Path;
        return path switch
        {
            // Counted when it was begun.
            _ when SignInEndpoints.IsCallback(context) => Rate.Page,
            // What begins one. To look at the page is as to look at any other.
            _ when Is(SignInEndpoints.Path) && !(HttpMethods.IsGet(context.Request.Method) && path == SignInEndpoints.Path) => Rate.SignIn,
            _ when Is("/api/check") => Rate.Check,
            _ when Is("/api") || Is("/openapi") || Is(OpenEndpoints.Path) || CircuitRequests.Opens(context) => Rate.Api,
            _ when IsPage(context) && Caller.Of(context.User) is null => Rate.Page,
            _ => null,
        };

        bool Is(string begin) => path.StartsWithSegments(begin, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Or an address where nothing is, whose answer is a page too; that one is not counted again when it is made.</summary>
    private static bool IsPage(HttpContext context) =>
        (context.GetEndpoint() is not { Metadata: var metadata } || metadata.GetMetadata<ComponentTypeMetadata>() is not null)
        && context.Features.Get<IStatusCodeReExecuteFeature>() is null;

    private Bucket BucketOf(Rate rate) => rate switch
    {
        Rate.Start => _options.Start,
        Rate.Check => _options.Check,
        Rate.Api => _options.Api,
        Rate.Page => _options.Page,
        Rate.SignIn => _options.SignIn,
        _ => throw new ArgumentOutOfRangeException(nameof(rate), rate, null),
    };

    private Room RoomFor(Hold what) => what switch
    {
        Hold.Stream => _options.Streams,
        Hold.McpCall => _options.McpCalls,
        Hold.Circuit => _options.Circuits,
        _ => throw new ArgumentOutOfRangeException(nameof(what), what, null),
    };

    private static TokenBucketRateLimiterOptions OptionsOf(Bucket bucket, double factor) => new()
    {
        TokenLimit = (int)Math.Max(1, bucket.AtOnce * factor),
        TokensPerPeriod = 1,
        ReplenishmentPeriod = bucket.Every / factor,
        // One timer serves all buckets.
        AutoReplenishment = false,
    };

    private static ConcurrencyLimiterOptions AtOnce(int permits) => new() { PermitLimit = permits };

    private sealed class Place(RateLimitLease own, RateLimitLease shared) : IDisposable
    {
        public void Dispose()
        {
            shared.Dispose();
            own.Dispose();
        }
    }

    private sealed class Nothing : IDisposable
    {
        public static readonly Nothing Held = new();

        public void Dispose()
        {
        }
    }
}
