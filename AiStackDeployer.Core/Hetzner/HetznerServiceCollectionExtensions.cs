using System.Net;
using AiStackDeployer.Core.Hetzner;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Timeout;

namespace Microsoft.Extensions.DependencyInjection;

public static class HetznerServiceCollectionExtensions
{
    private const string Name = "hetzner";

    // A reset that lies in the past says that the clocks differ; one request comes back each second.
    private static readonly TimeSpan LeastWait = TimeSpan.FromSeconds(1);

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
            .UseSocketsHttpHandler((handler, _) => Configure(handler, options));
        http.AddResilienceHandler(Name, (pipeline, context) =>
            Configure(pipeline, options, context.ServiceProvider.GetRequiredService<TimeProvider>()));
        http.AddHttpMessageHandler(() => new HetznerWireHandler(options.MaxResponseBytes));
        return services;
    }

    private static void Configure(SocketsHttpHandler handler, HetznerOptions options)
    {
        handler.ConnectTimeout = options.ConnectTimeout;
        // Calls are rare: a kept connection would as a rule be one that the other side has closed meanwhile.
        handler.PooledConnectionIdleTimeout = TimeSpan.FromSeconds(10);
        handler.PooledConnectionLifetime = TimeSpan.FromMinutes(2);
        handler.AutomaticDecompression = DecompressionMethods.GZip | DecompressionMethods.Deflate;
        // A redirect would carry the token to wherever it points.
        handler.AllowAutoRedirect = false;
        handler.UseCookies = false;
        handler.UseProxy = !options.Url.IsLoopback;
    }

    private static void Configure(ResiliencePipelineBuilder<HttpResponseMessage> pipeline, HetznerOptions options, TimeProvider time)
    {
        pipeline.TimeProvider = time;
        pipeline.AddTimeout(options.TotalTimeout);
        pipeline.AddRetry(new HttpRetryStrategyOptions
        {
            ShouldHandle = arguments => ValueTask.FromResult(WaitOf(arguments.Outcome.Result, time) <= options.RateLimitPatience),
            MaxRetryAttempts = 2,
            // Set before the generator, which it would take away.
            ShouldRetryAfterHeader = false,
            DelayGenerator = arguments => ValueTask.FromResult(WaitOf(arguments.Outcome.Result, time)),
        });
        if (options.Retries > 0)
        {
            pipeline.AddRetry(new HttpRetryStrategyOptions
            {
                ShouldHandle = arguments => ValueTask.FromResult(
                    arguments.Context.GetRequestMessage()?.Method == HttpMethod.Get && IsOutage(arguments.Outcome)),
                MaxRetryAttempts = options.Retries,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = options.RetryDelay,
                ShouldRetryAfterHeader = false,
            });
        }
        pipeline.AddTimeout(options.AttemptTimeout);
    }

    /// <summary>How long until a rate limit ends; null = no rate limit, or one that does not say when.</summary>
    private static TimeSpan? WaitOf(HttpResponseMessage? response, TimeProvider time)
    {
        if (response is not { StatusCode: HttpStatusCode.TooManyRequests } || HetznerRateLimit.Of(response)?.Reset is not { } reset)
        {
            return null;
        }
        var wait = reset - time.GetUtcNow();
        return wait < LeastWait ? LeastWait : wait;
    }

    private static bool IsOutage(Outcome<HttpResponseMessage> outcome) => outcome switch
    {
        { Exception: HttpRequestException e } => e.HttpRequestError != HttpRequestError.ConfigurationLimitExceeded,
        { Exception: TimeoutRejectedException } => true,
        { Result: { } response } => (int)response.StatusCode >= 500,
        _ => false,
    };
}
