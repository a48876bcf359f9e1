using OpenTelemetry.Metrics;

namespace AiStackDeployer.Web.Composition;

/// <summary>
/// Which of .NET's and ASP.NET's own instruments are kept, and which of their labels. The frameworks label with hosts, ports and
/// component types; a stack's name is a host, and must not become a series. What is not named here is not collected.
/// </summary>
internal static class FrameworkMeters
{
    private static readonly string[] Meters =
    [
        "System.Runtime", "System.Net.Http", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel",
        "Microsoft.AspNetCore.Components", "Microsoft.AspNetCore.Components.Lifecycle", "Microsoft.AspNetCore.Diagnostics",
    ];

    /// <summary>More than any instrument has: room for them is set aside at the start, 7 MB of it with the exporter's own 2000.</summary>
    private const int MostSeries = 500;

    /// <summary>Instrument to labels; the runtime's are all kept as they are.</summary>
    internal static readonly Dictionary<string, string[]> Kept = new()
    {
        ["http.server.request.duration"] = ["http.request.method", "http.route", "http.response.status_code"],
        ["http.server.active_requests"] = [],
        ["kestrel.active_connections"] = [],
        ["kestrel.rejected_connections"] = [],
        // Without the host: probes and checks ask addresses that people chose.
        ["http.client.request.duration"] = ["http.request.method", "http.response.status_code", "error.type"],
        ["http.client.open_connections"] = ["http.connection.state"],
        // Blazor: what people wait for after a click, and what sending the changes costs. Without the component, whose types are many.
        ["aspnetcore.components.handle_event.duration"] = ["error.type"],
        ["aspnetcore.components.render_diff.duration"] = ["error.type"],
        ["aspnetcore.diagnostics.exceptions"] = ["error.type", "aspnetcore.diagnostics.exception.result"],
    };

    public static void Add(MeterProviderBuilder metrics) => metrics.AddMeter(Meters).AddView(instrument =>
        !Meters.Contains(instrument.Meter.Name) || instrument.Meter.Name == "System.Runtime" ? new MetricStreamConfiguration { CardinalityLimit = MostSeries }
        : Kept.TryGetValue(instrument.Name, out var labels) ? new MetricStreamConfiguration { TagKeys = labels, CardinalityLimit = MostSeries }
        : MetricStreamConfiguration.Drop);
}
