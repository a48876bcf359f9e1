using AiStackDeployer.Web.Settings;
using Microsoft.AspNetCore.HttpOverrides;

namespace AiStackDeployer.Web.Composition;

/// <summary>
/// What a reverse proxy says of the caller (address, https or not) is believed only of the proxies an operator names, and of this
/// machine: anybody else could write those headers himself.
/// </summary>
internal static class ReverseProxy
{
    public static IServiceCollection AddReverseProxy(this IServiceCollection services, PortalSettings settings) =>
        services.Configure<ForwardedHeadersOptions>(forwarded =>
        {
            forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
            foreach (var network in settings.TrustedProxies)
            {
                forwarded.KnownIPNetworks.Add(network);
            }
        });
}
