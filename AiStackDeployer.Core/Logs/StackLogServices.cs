using System.Security.Cryptography;
using AiStackDeployer.Contract;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Polly;

namespace AiStackDeployer.Core.Logs;

public static class StackLogServices
{
    private const string Query = "log-ingest";
    private const string Send = "log-ingest-send";

    /// <summary>The ingest closes idle connections like any ASP.NET server, after two minutes.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(60);

    /// <summary>What reads the logs of stacks. Needs an <see cref="IContainerLog"/>.</summary>
    /// <param name="options">Null = the portal has no log ingest.</param>
    public static IServiceCollection AddStackLogs(this IServiceCollection services, LogIngestOptions? options)
    {
        if (options is not null)
        {
            var http = services.AddOutboundClient(Query, _ => new OutboundTarget(options.Root, options.ConnectTimeout, Idle));
            // No retry: somebody looks at the page, which asks again by itself.
            http.AddResilienceHandler(Query, (pipeline, context) =>
            {
                pipeline.TimeProvider = context.ServiceProvider.GetRequiredService<TimeProvider>();
                pipeline.AddTimeout(options.Timeout);
            });
            http.AddHttpMessageHandler(() => new WholeBodyHandler(options.MaxResponseBytes));
        }
        return services.AddSingleton(provider => new StackLogs(
            provider.GetRequiredService<IContainerLog>(),
            options is null ? null : new LogIngestClient(provider.GetRequiredService<IHttpClientFactory>().CreateClient(Query), options),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<StackLogs>>()));
    }

    /// <summary>Sends what this process writes into deployments' logs to the ingest. Add it before the engine: it stops after it.</summary>
    /// <param name="sentence">A line in words.</param>
    public static IServiceCollection AddDeploymentLogSending(
        this IServiceCollection services, LogIngestOptions options, Func<IServiceProvider, Func<Deployment, DeploymentEvent, string>> sentence)
    {
        services.AddOutboundClient(Send, _ => new OutboundTarget(options.Root, options.ConnectTimeout, Idle))
            .ConfigureHttpClient(http => (http.Timeout, http.MaxResponseContentBufferSize) = (options.SendTimeout, 1024 * 1024));
        return services.AddHostedService(provider => new DeploymentLogSender(
            provider.GetRequiredService<CommittedEvents>(),
            provider.GetRequiredService<IContainerLog>(),
            sentence(provider),
            new LogForwarder(
                provider.GetRequiredService<IHttpClientFactory>().CreateClient(Send), options.Url, options.Key,
                provider.GetRequiredService<TimeProvider>(), () => RandomNumberGenerator.GetInt32(1_000_001) / 1_000_000d),
            provider.GetRequiredService<ILogger<DeploymentLogSender>>()));
    }
}
