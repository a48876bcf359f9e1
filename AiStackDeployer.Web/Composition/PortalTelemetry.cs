using System.Reflection;
using AiStackDeployer.Core.Diagnostics;
using AiStackDeployer.Core.Dokploy;
using AiStackDeployer.Web.Settings;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace AiStackDeployer.Web.Composition;

/// <summary>
/// Who listens to the program's meters and activities. Without an <c>OTEL_EXPORTER_OTLP_…</c> endpoint nothing leaves the process
/// but what Prometheus fetches; an endpoint that is down costs dropped batches and nothing else. Sampling, batching and
/// limits follow the standard's own variables.
/// </summary>
internal static class PortalTelemetry
{
    private static readonly string Version =
        typeof(PortalTelemetry).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>The same on every metric, span and line of the log.</summary>
    public static Dictionary<string, object> ResourceOf(TelemetrySettings settings)
    {
        var resource = new Dictionary<string, object>
        {
            ["service.name"] = "ai-stack-deployer",
            ["service.version"] = Version,
            // In a container the machine's name is the container's id.
            ["service.instance.id"] = $"{Environment.MachineName}:{Environment.ProcessId}",
        };
        foreach (var (key, value) in settings.ResourceAttributes)
        {
            resource[key] = value;
        }
        return resource;
    }

    public static IServiceCollection AddPortalTelemetry(this IServiceCollection services, PortalSettings settings)
    {
        var telemetry = settings.Telemetry;
        services.AddSingleton(telemetry);
        var otel = services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddAttributes(ResourceOf(telemetry)))
            .WithTracing(traces => Traces(traces, telemetry));
        if (telemetry.MetricsPort is not null || telemetry.SendsMetrics)
        {
            otel.WithMetrics(metrics => Metrics(metrics, telemetry));
        }
        services.AddPortalDiagnostics(settings.DataDirectory).AddHostedService<MeterWarmup>();
        return services;
    }

    private static void Traces(TracerProviderBuilder traces, TelemetrySettings settings)
    {
        traces.AddSource(DiagnosticsServices.SourceNames)
            .AddAspNetCoreInstrumentation(requests =>
            {
                // A circuit's every keystroke is an event and a hub call of its own.
                requests.EnableRazorComponentsSupport = false;
                requests.EnableAspNetCoreSignalRSupport = false;
                requests.Filter = IsWorthASpan;
            })
            .AddHttpClientInstrumentation(calls =>
            {
                // What nobody asked for (the pulse, every half minute) begins no trace.
                calls.FilterHttpRequestMessage = _ => System.Diagnostics.Activity.Current is not { ParentSpanId: var parent } || parent != default;
                calls.EnrichWithHttpRequestMessage = (span, request) =>
                {
                    if (request.Options.TryGetValue(DokployMeter.CallName, out var call))
                    {
                        span.DisplayName = $"Dokploy {call}";
                    }
                };
            });
        if (settings.SendsTraces)
        {
            traces.AddOtlpExporter();
        }
    }

    private static void Metrics(MeterProviderBuilder metrics, TelemetrySettings settings)
    {
        metrics.AddMeter(DiagnosticsServices.MeterNames);
        FrameworkMeters.Add(metrics);
        if (settings.MetricsPort is not null)
        {
            metrics.AddPrometheusExporter(exporter =>
            {
                exporter.ScopeInfoEnabled = false;
                // What costs something to find out is kept where it is found out; the rest is what it is now.
                exporter.ScrapeResponseCacheDurationMilliseconds = 0;
            });
        }
        if (settings.SendsMetrics)
        {
            metrics.AddOtlpExporter();
        }
    }

    /// <summary>Not files, probes, scrapes and the open lines of circuits: they would be most of all spans and tell nothing.</summary>
    private static bool IsWorthASpan(HttpContext context)
    {
        var path = context.Request.Path;
        return !path.StartsWithSegments("/_blazor") && !path.StartsWithSegments("/_framework") && !path.StartsWithSegments("/_content")
            && !path.StartsWithSegments("/health") && !path.StartsWithSegments("/metrics") && !Path.HasExtension(path.Value);
    }
}
