using AiStackDeployer.Core.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Polly;

namespace AiStackDeployer.Core.Builds;

public static class BuildServices
{
    private const string Name = "gitea";

    /// <param name="options">Null = the operator has named no Gitea.</param>
    public static IServiceCollection AddBuilds(this IServiceCollection services, GiteaOptions? options)
    {
        if (options is not null)
        {
            // Calls are rare: after longer than this the other side has usually closed the connection.
            var http = services.AddOutboundClient(Name, _ => new OutboundTarget(options.Root, options.ConnectTimeout, Idle: TimeSpan.FromSeconds(10)));
            http.AddResilienceHandler(Name, (pipeline, context) =>
            {
                pipeline.TimeProvider = context.ServiceProvider.GetRequiredService<TimeProvider>();
                pipeline.AddTimeout(options.Timeout);
            });
            http.AddHttpMessageHandler(() => new WholeBodyHandler(options.MaxResponseBytes));
        }
        return services.AddSingleton(provider => new BuildRuns(
            options is null ? null : new GiteaClient(provider.GetRequiredService<IHttpClientFactory>().CreateClient(Name), options),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<BuildRuns>>()));
    }
}
