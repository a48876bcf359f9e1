using AiStackDeployer.Web.Settings;
using Microsoft.AspNetCore.Http.Features;

namespace AiStackDeployer.Web.Composition;

/// <summary>
/// <c>/metrics</c> for Prometheus, on a port of its own that people do not reach: nothing of the portal is there, and the figures
/// are nowhere else.
/// </summary>
internal static class MetricsPort
{
    /// <summary>Before everything else, so that no middleware of the portal sees a scrape.</summary>
    public static void UseMetricsPort(this WebApplication app, TelemetrySettings settings)
    {
        if (settings.MetricsPort is not { } port)
        {
            return;
        }
        app.MapWhen(
            context => context.Connection.LocalPort == port,
            metrics => metrics
                .Use((context, next) =>
                {
                    // A scrape is not traffic.
                    context.Features.Get<IHttpMetricsTagsFeature>()?.MetricsDisabled = true;
                    return next(context);
                })
                .UseOpenTelemetryPrometheusScrapingEndpoint());
    }
}
