using AiStackDeployer.Web.Settings;
using Microsoft.AspNetCore.HttpOverrides;

namespace AiStackDeployer.Web.Composition;

/// <summary>
/// What a reverse proxy says of the caller (address, https or not) and of the path it shows the portal at is believed only of the proxies
/// an operator names, and of this machine: anybody else could write those headers himself.
/// </summary>
internal static class ReverseProxy
{
    public static IServiceCollection AddReverseProxy(this IServiceCollection services, PortalSettings settings) =>
        services.Configure<ForwardedHeadersOptions>(forwarded =>
        {
            forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedPrefix;
            // Not the number of hops counts, but whether each of them is trusted.
            forwarded.ForwardLimit = null;
            foreach (var network in settings.TrustedProxies)
            {
                forwarded.KnownIPNetworks.Add(network);
            }
        });

    /// <summary>
    /// The portal below a path of its host. The proxy may take the path off or leave it on, and may say so or not: without a word of it
    /// the setting holds.
    /// </summary>
    public static void UsePrefix(this IApplicationBuilder app, string setting) => app.Use((context, next) =>
    {
        var request = context.Request;
        var told = request.PathBase.Value ?? "";
        request.PathBase = SettingsReader.UrlPath().IsMatch(told) ? told.TrimEnd('/') : setting;
        if (request.PathBase.HasValue && request.Path.StartsWithSegments(request.PathBase, StringComparison.Ordinal, out var rest))
        {
            request.Path = rest.HasValue ? rest : "/";
        }
        return next(context);
    });
}
