namespace AiStackDeployer.Web.Settings;

/// <summary>
/// Where metrics, traces and logs go. The <c>OTEL_*</c> names are the standard's own; the exporters read them too, from the same
/// sources, so what is read here decides whether there is an exporter at all, and spares an operator their riddles at start.
/// </summary>
public sealed record TelemetrySettings
{
    private static readonly string[] Signals = ["TRACES", "METRICS", "LOGS"];

    private static readonly Dictionary<string, bool> Protocols = new() { ["grpc"] = false, ["http/protobuf"] = true };

    public required string MetricsHost { get; init; }

    /// <summary>Null = no listener for Prometheus; 0 = any free port.</summary>
    public required int? MetricsPort { get; init; }

    public required bool SendsTraces { get; init; }

    public required bool SendsMetrics { get; init; }

    /// <summary>Null = logs go to the output alone.</summary>
    public required LogTarget? Logs { get; init; }

    /// <summary>What an operator says of this installation, on every metric, span and line of the log: it wins over the program's own words.</summary>
    public required IReadOnlyDictionary<string, string> ResourceAttributes { get; init; }

    /// <summary>Without the headers of the target: they hold keys.</summary>
    public override string ToString() => $"TelemetrySettings {{ {MetricsHost}:{MetricsPort} }}";

    internal static TelemetrySettings Read(SettingsReader reader, int portalPort)
    {
        var port = reader.IsWord("METRICS_PORT", "none") ? null : reader.OptionalInt("METRICS_PORT", 1, 65535) ?? (int?)9464;
        if (port == portalPort)
        {
            reader.Fault("METRICS_PORT", "must be another one than PORT: the figures are not for everybody. none switches them off.");
        }
        var everything = reader.Address("OTEL_EXPORTER_OTLP_ENDPOINT");
        var own = Signals.ToDictionary(signal => signal, signal => reader.Address($"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT"));
        // What is said of one signal stands in the place of what is said of all, as the standard has it.
        var isHttp = reader.OneOf("OTEL_EXPORTER_OTLP_LOGS_PROTOCOL", reader.OneOf("OTEL_EXPORTER_OTLP_PROTOCOL", false, Protocols), Protocols);
        var generalHeaders = ReadPairs(reader, "OTEL_EXPORTER_OTLP_HEADERS");
        var headers = reader.Text("OTEL_EXPORTER_OTLP_LOGS_HEADERS") is null ? generalHeaders : ReadPairs(reader, "OTEL_EXPORTER_OTLP_LOGS_HEADERS");
        var resource = ReadPairs(reader, "OTEL_RESOURCE_ATTRIBUTES");
        if (reader.Text("OTEL_SERVICE_NAME") is { } name)
        {
            resource["service.name"] = name;
        }
        return new TelemetrySettings
        {
            MetricsHost = reader.ListenAddress("METRICS_HOST", "127.0.0.1"),
            MetricsPort = port,
            SendsTraces = (own["TRACES"] ?? everything) is not null,
            SendsMetrics = (own["METRICS"] ?? everything) is not null,
            ResourceAttributes = resource,
            Logs = own["LOGS"] is { } logs ? new LogTarget(logs, isHttp, headers)
                : everything is null ? null
                : new LogTarget(isHttp ? new Uri(everything.ToString().TrimEnd('/') + "/v1/logs") : everything, isHttp, headers),
        };
    }

    /// <summary><c>name=value,name=value</c>, percent-encoded as the standard says. A value may hold <c>=</c>, as base64 does.</summary>
    private static Dictionary<string, string> ReadPairs(SettingsReader reader, string key)
    {
        var pairs = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var pair in reader.List(key))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                reader.Fault(key, "must be name=value, several of them separated by commas.");
                break;
            }
            pairs[pair[..equals].Trim()] = Uri.UnescapeDataString(pair[(equals + 1)..].Trim());
        }
        return pairs;
    }
}

/// <summary>A collector that takes logs over OTLP.</summary>
public sealed record LogTarget(Uri Endpoint, bool IsHttp, IReadOnlyDictionary<string, string> Headers)
{
    public override string ToString() => $"LogTarget {{ {Endpoint.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped)} }}";
}
