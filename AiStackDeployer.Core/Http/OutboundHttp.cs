using System.Net;
using Microsoft.Extensions.DependencyInjection;

namespace AiStackDeployer.Core.Http;

/// <summary>Where an API is, and how connections to it are kept.</summary>
/// <param name="Idle">How long an unused connection is kept: less than the other side keeps it.</param>
internal sealed record OutboundTarget(Uri Root, TimeSpan ConnectTimeout, TimeSpan Idle);

internal static class OutboundHttp
{
    /// <summary>A named HTTP client with the settings common to all APIs the portal calls; its resilience pipeline is added by the caller.</summary>
    public static IHttpClientBuilder AddOutboundClient(this IServiceCollection services, string name, Func<IServiceProvider, OutboundTarget> target) =>
        services.AddHttpClient(name)
            // The factory's own loggers write addresses with their query, and at trace level every header.
            .RemoveAllLoggers()
            // The client lives as long as the process; PooledConnectionLifetime picks up address changes.
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .ConfigureHttpClient((provider, client) =>
            {
                client.BaseAddress = target(provider).Root;
                // The callers have their own timeouts, on the TimeProvider.
                client.Timeout = Timeout.InfiniteTimeSpan;
            })
            .UseSocketsHttpHandler((handler, provider) => Configure(handler, target(provider)));

    private static void Configure(SocketsHttpHandler handler, OutboundTarget target)
    {
        handler.ConnectTimeout = target.ConnectTimeout;
        handler.PooledConnectionIdleTimeout = target.Idle;
        handler.PooledConnectionLifetime = TimeSpan.FromMinutes(2);
        handler.AutomaticDecompression = DecompressionMethods.GZip | DecompressionMethods.Deflate;
        // A redirect would carry the key to wherever it points.
        handler.AllowAutoRedirect = false;
        handler.UseCookies = false;
        // On this machine no proxy is asked.
        handler.UseProxy = !target.Root.IsLoopback;
    }
}
