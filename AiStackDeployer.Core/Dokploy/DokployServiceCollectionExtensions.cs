using System.Net;
using AiStackDeployer.Core.Dokploy;
using AiStackDeployer.Core.Http;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Timeout;

namespace Microsoft.Extensions.DependencyInjection;

public static class DokployServiceCollectionExtensions
{
    private const string Name = "dokploy";

    /// <summary>
    /// Adds <see cref="DokployClient"/> and <see cref="DokployHealth"/>, one of each per process. The client holds no state of a
    /// caller and is thread-safe.
    /// </summary>
    public static IServiceCollection AddDokployClient(this IServiceCollection services, Func<IServiceProvider, DokployOptions> options)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<DokployHealth>();
        services.AddMetrics();
        services.TryAddSingleton<DokployMeter>();
        services.TryAddSingleton(provider =>
        {
            var resolved = options(provider);
            resolved.EnsureUsable();
            return resolved;
        });
        services.TryAddSingleton(provider => new DokployClient(
            provider.GetRequiredService<IHttpClientFactory>().CreateClient(Name),
            provider.GetRequiredService<DokployOptions>(),
            provider.GetRequiredService<DokployHealth>(),
            provider.GetRequiredService<DokployMeter>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<DokployClient>>()));

        var http = services.AddOutboundClient(Name, provider => TargetOf(provider.GetRequiredService<DokployOptions>()));
        http.AddResilienceHandler(Name, (pipeline, context) => Configure(pipeline, context.ServiceProvider));
        http.AddHttpMessageHandler(provider => new WholeBodyHandler(provider.GetRequiredService<DokployOptions>().MaxResponseBytes));
        return services;
    }

    /// <summary>Node closes a connection that was idle for 5 s; a POST on one just closed would be lost.</summary>
    internal static OutboundTarget TargetOf(DokployOptions options) => new(options.Root, options.ConnectTimeout, Idle: TimeSpan.FromSeconds(4));

    private static void Configure(ResiliencePipelineBuilder<HttpResponseMessage> pipeline, IServiceProvider provider)
    {
        var options = provider.GetRequiredService<DokployOptions>();
        var health = provider.GetRequiredService<DokployHealth>();
        pipeline.TimeProvider = provider.GetRequiredService<TimeProvider>();

        pipeline.AddTimeout(options.TotalTimeout);
        if (options.Retries > 0)
        {
            pipeline.AddRetry(new HttpRetryStrategyOptions
            {
                ShouldHandle = arguments => ValueTask.FromResult(
                    arguments.Context.GetRequestMessage()?.Method == HttpMethod.Get && IsOutage(arguments.Outcome, arguments.Context)),
                MaxRetryAttempts = options.Retries,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = options.RetryDelay,
                // A proxy may name any time; the workflow knows better when to try again.
                ShouldRetryAfterHeader = false,
            });
        }
        pipeline.AddCircuitBreaker(new HttpCircuitBreakerStrategyOptions
        {
            ShouldHandle = arguments => ValueTask.FromResult(IsOutage(arguments.Outcome, arguments.Context)),
            FailureRatio = 0.5,
            MinimumThroughput = options.CircuitMinimumCalls,
            SamplingDuration = options.CircuitWindow,
            BreakDuration = options.CircuitBreak,
            OnOpened = _ => SetCircuit(health, DokployCircuit.Open),
            OnHalfOpened = _ => SetCircuit(health, DokployCircuit.HalfOpen),
            OnClosed = _ => SetCircuit(health, DokployCircuit.Closed),
        });
        pipeline.AddTimeout(options.AttemptTimeout);
    }

    private static ValueTask SetCircuit(DokployHealth health, DokployCircuit circuit)
    {
        health.CircuitIs(circuit);
        return ValueTask.CompletedTask;
    }

    /// <summary>Dokploy or the way to it is broken, as opposed to an answer that only this call did not want.</summary>
    private static bool IsOutage(Outcome<HttpResponseMessage> outcome, ResilienceContext context) => outcome switch
    {
        { Exception: HttpRequestException e } => e.HttpRequestError != HttpRequestError.ConfigurationLimitExceeded,
        { Exception: TimeoutRejectedException } => true,
        { Result: { } response } => (int)response.StatusCode >= 500
            && !(response.StatusCode == HttpStatusCode.InternalServerError
                && context.GetRequestMessage() is { } request
                && request.Options.TryGetValue(DokployTransport.ServerErrorIsAnAnswer, out var expected) && expected),
        _ => false,
    };
}
