using System.Net;
using AiStackDeployer.Core.Hetzner;
using AiStackDeployer.Core.Http;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Timeout;

namespace Microsoft.Extensions.DependencyInjection;

public static class HetznerServiceCollectionExtensions
{
    private const string Name = "hetzner";

    /// <summary>More than one: others wait for the same quota, and may be faster.</summary>
    private const int RateLimitRetries = 3;

    /// <summary>Adds <see cref="HetznerDnsClient"/>, one per process, thread-safe.</summary>
    public static IServiceCollection AddHetznerDnsClient(this IServiceCollection services, HetznerOptions options)
    {
        options.EnsureUsable();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider => new HetznerDnsClient(
            provider.GetRequiredService<IHttpClientFactory>().CreateClient(Name),
            options,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<HetznerDnsClient>>()));

        // Calls are rare: after longer than this the other side has usually closed the connection.
        var http = services.AddOutboundClient(Name, _ => new OutboundTarget(options.Root, options.ConnectTimeout, Idle: TimeSpan.FromSeconds(10)));
        http.AddResilienceHandler(Name, (pipeline, context) =>
            Configure(pipeline, options, context.ServiceProvider.GetRequiredService<TimeProvider>()));
        http.AddHttpMessageHandler(() => new WholeBodyHandler(options.MaxResponseBytes));
        return services;
    }

    private static void Configure(ResiliencePipelineBuilder<HttpResponseMessage> pipeline, HetznerOptions options, TimeProvider time)
    {
        pipeline.TimeProvider = time;
        pipeline.AddTimeout(options.TotalTimeout);
        var quota = new HttpRetryStrategyOptions
        {
            // Changes too: Hetzner refuses such a request before it does anything.
            ShouldHandle = arguments => ValueTask.FromResult(
                MayRetry(arguments.Context) && DelayOf(arguments.Outcome.Result) <= options.MaxRateLimitDelay),
            MaxRetryAttempts = RateLimitRetries,
            // Set before the generator: the setter would replace it.
            ShouldRetryAfterHeader = false,
        };
        // With jitter of up to half, so that callers refused together do not retry together.
        quota.DelayGenerator = arguments => ValueTask.FromResult(DelayOf(arguments.Outcome.Result) * (1 + (quota.Randomizer() / 2)));
        pipeline.AddRetry(quota);
        if (options.Retries > 0)
        {
            pipeline.AddRetry(new HttpRetryStrategyOptions
            {
                ShouldHandle = arguments => ValueTask.FromResult(
                    arguments.Context.GetRequestMessage()?.Method == HttpMethod.Get && MayRetry(arguments.Context) && IsOutage(arguments.Outcome)),
                MaxRetryAttempts = options.Retries,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = options.RetryDelay,
                ShouldRetryAfterHeader = false,
            });
        }
        pipeline.AddTimeout(options.AttemptTimeout);
    }

    private static bool MayRetry(ResilienceContext context) =>
        !(context.GetRequestMessage() is { } request && request.Options.TryGetValue(HetznerTransport.IsSentOnce, out var once) && once);

    /// <summary>Null = not refused for Hetzner's rate limit.</summary>
    private static TimeSpan? DelayOf(HttpResponseMessage? response) =>
        response is { StatusCode: HttpStatusCode.TooManyRequests } ? HetznerRateLimit.DelayAfter(response) : null;

    private static bool IsOutage(Outcome<HttpResponseMessage> outcome) => outcome switch
    {
        { Exception: HttpRequestException e } => e.HttpRequestError != HttpRequestError.ConfigurationLimitExceeded,
        { Exception: TimeoutRejectedException } => true,
        { Result: { } response } => (int)response.StatusCode >= 500,
        _ => false,
    };
}
