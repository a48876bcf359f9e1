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

    /// <summary>Others wait for the same quota, and may be faster.</summary>
    private const int MostWaits = 3;

    /// <summary>Adds <see cref="HetznerDnsClient"/>, one for the process, safe from any thread.</summary>
    public static IServiceCollection AddHetznerDnsClient(this IServiceCollection services, HetznerOptions options)
    {
        options.EnsureUsable();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider => new HetznerDnsClient(
            provider.GetRequiredService<IHttpClientFactory>().CreateClient(Name),
            options,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<HetznerDnsClient>>()));

        var http = services.AddHttpClient(Name)
            // The factory's own loggers write addresses with their query, and at trace level every header.
            .RemoveAllLoggers()
            // The client lives as long as the process; address changes are met by PooledConnectionLifetime.
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .ConfigureHttpClient(client =>
            {
                client.BaseAddress = options.Root;
                // The pipeline keeps the time, on the TimeProvider.
                client.Timeout = Timeout.InfiniteTimeSpan;
            })
            // Calls are rare: a kept connection would as a rule be one that the other side has closed meanwhile.
            .UseSocketsHttpHandler((handler, _) => OutboundSockets.Configure(handler, options.Url, options.ConnectTimeout, TimeSpan.FromSeconds(10)));
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
            // Also what changes something: Hetzner refuses such a request before it does anything.
            ShouldHandle = arguments => ValueTask.FromResult(
                MayRepeat(arguments.Context) && PauseOf(arguments.Outcome.Result) <= options.RateLimitPatience),
            MaxRetryAttempts = MostWaits,
            // Set before the generator, which it would take away.
            ShouldRetryAfterHeader = false,
        };
        // Up to half as long again, so that those who were refused together do not come back together.
        quota.DelayGenerator = arguments => ValueTask.FromResult(PauseOf(arguments.Outcome.Result) * (1 + (quota.Randomizer() / 2)));
        pipeline.AddRetry(quota);
        if (options.Retries > 0)
        {
            pipeline.AddRetry(new HttpRetryStrategyOptions
            {
                ShouldHandle = arguments => ValueTask.FromResult(
                    arguments.Context.GetRequestMessage()?.Method == HttpMethod.Get && MayRepeat(arguments.Context) && IsOutage(arguments.Outcome)),
                MaxRetryAttempts = options.Retries,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = options.RetryDelay,
                ShouldRetryAfterHeader = false,
            });
        }
        pipeline.AddTimeout(options.AttemptTimeout);
    }

    private static bool MayRepeat(ResilienceContext context) =>
        !(context.GetRequestMessage() is { } request && request.Options.TryGetValue(HetznerTransport.IsSentOnce, out var once) && once);

    /// <summary>Null = not refused for Hetzner's rate limit.</summary>
    private static TimeSpan? PauseOf(HttpResponseMessage? response) =>
        response is { StatusCode: HttpStatusCode.TooManyRequests } ? HetznerRateLimit.PauseAfter(response) : null;

    private static bool IsOutage(Outcome<HttpResponseMessage> outcome) => outcome switch
    {
        { Exception: HttpRequestException e } => e.HttpRequestError != HttpRequestError.ConfigurationLimitExceeded,
        { Exception: TimeoutRejectedException } => true,
        { Result: { } response } => (int)response.StatusCode >= 500,
        _ => false,
    };
}
