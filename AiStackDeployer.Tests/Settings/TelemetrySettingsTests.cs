using AiStackDeployer.Web.Composition;

namespace AiStackDeployer.Tests.Settings;

public sealed class TelemetrySettingsTests
{
    [Fact]
    public void With_nothing_set_prometheus_is_served_on_this_machine_alone_and_nothing_is_sent()
    {
        var telemetry = SettingsBench.Production().Telemetry;

        Assert.Equal(("127.0.0.1", 9464), (telemetry.MetricsHost, telemetry.MetricsPort));
        Assert.False(telemetry.SendsTraces);
        Assert.False(telemetry.SendsMetrics);
        Assert.Null(telemetry.Logs);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("None")]
    public void None_is_no_listener(string none) => Assert.Null(SettingsBench.Production(("METRICS_PORT", none)).Telemetry.MetricsPort);

    [Fact]
    public void The_portals_own_port_is_refused()
    {
        var fault = Assert.Single(SettingsBench.Faults(("PORT", "9464")));

        Assert.StartsWith("METRICS_PORT must be another one than PORT", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void One_endpoint_is_for_everything_and_logs_over_http_have_their_path()
    {
        var telemetry = SettingsBench.Production(
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4318/"), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")).Telemetry;

        Assert.True(telemetry is { SendsTraces: true, SendsMetrics: true, Logs.IsHttp: true });
        Assert.Equal("http://collector:4318/v1/logs", telemetry.Logs.Endpoint.ToString());
        Assert.Equal(
            new Uri("http://collector:4317"),
            SettingsBench.Production(("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4317")).Telemetry.Logs!.Endpoint);
    }

    [Theory]
    [InlineData("TRACES", true, false, false)]
    [InlineData("METRICS", false, true, false)]
    [InlineData("LOGS", false, false, true)]
    public void An_endpoint_of_a_kind_is_for_that_kind_alone_and_taken_as_it_is(string kind, bool traces, bool metrics, bool logs)
    {
        var telemetry = SettingsBench.Production(($"OTEL_EXPORTER_OTLP_{kind}_ENDPOINT", "http://loki:3100/otlp/v1/logs")).Telemetry;

        Assert.Equal((traces, metrics, logs), (telemetry.SendsTraces, telemetry.SendsMetrics, telemetry.Logs is not null));
        Assert.True(telemetry.Logs is null || telemetry.Logs.Endpoint.AbsolutePath == "/otlp/v1/logs");
    }

    [Fact]
    public void Headers_may_hold_equals_signs_and_percent_encoding_and_are_told_to_nobody()
    {
        var telemetry = SettingsBench.Production(
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://user:url-secret@collector:4317"),
            ("OTEL_EXPORTER_OTLP_HEADERS", "Authorization=Basic%20header-secret==, X-Scope=one")).Telemetry;

        Assert.Equal("Basic header-secret==", telemetry.Logs!.Headers["authorization"]);
        Assert.Equal("one", telemetry.Logs.Headers["X-Scope"]);
        Assert.DoesNotContain("secret", telemetry + telemetry.Logs.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_said_of_logs_alone_goes_before_what_is_said_of_all()
    {
        var telemetry = SettingsBench.Production(
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4317"), ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"), ("OTEL_EXPORTER_OTLP_HEADERS", "X-Key=general"),
            ("OTEL_EXPORTER_OTLP_LOGS_ENDPOINT", "http://loki:3100/otlp/v1/logs"), ("OTEL_EXPORTER_OTLP_LOGS_PROTOCOL", "http/protobuf"),
            ("OTEL_EXPORTER_OTLP_LOGS_HEADERS", "X-Scope-OrgID=one")).Telemetry;

        Assert.True(telemetry.Logs!.IsHttp);
        Assert.Equal([new("X-Scope-OrgID", "one")], telemetry.Logs.Headers);
    }

    [Fact]
    public void A_protocol_of_logs_alone_says_where_the_general_endpoint_takes_them()
    {
        var telemetry = SettingsBench.Production(
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4318"), ("OTEL_EXPORTER_OTLP_LOGS_PROTOCOL", "http/protobuf")).Telemetry;

        Assert.Equal("http://collector:4318/v1/logs", telemetry.Logs!.Endpoint.ToString());
    }

    [Theory]
    [InlineData("METRICS_PORT", "0")] // chosen by the system, it could not be told from the portal's own
    [InlineData("METRICS_PORT", "65536")]
    [InlineData("METRICS_PORT", "off")]
    [InlineData("METRICS_HOST", "not a host")]
    [InlineData("METRICS_HOST", "metrics.internal")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4317")]
    [InlineData("OTEL_EXPORTER_OTLP_LOGS_ENDPOINT", "collector")]
    [InlineData("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json")]
    [InlineData("OTEL_EXPORTER_OTLP_HEADERS", "header-secret")]
    [InlineData("OTEL_EXPORTER_OTLP_LOGS_PROTOCOL", "http/json")]
    [InlineData("OTEL_EXPORTER_OTLP_LOGS_HEADERS", "header-secret")]
    [InlineData("OTEL_RESOURCE_ATTRIBUTES", "environment")]
    public void What_cannot_be_is_a_fault_that_names_its_key_and_not_the_value(string key, string value)
    {
        var fault = Assert.Single(SettingsBench.Faults((key, value)));

        Assert.StartsWith(key + " ", fault, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void What_an_operator_says_of_the_installation_wins()
    {
        var resource = PortalTelemetry.ResourceOf(SettingsBench.Production(
            ("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=test,service.name=ignored"), ("OTEL_SERVICE_NAME", "portal-one")).Telemetry);

        Assert.Equal(("portal-one", "test"), (resource["service.name"], resource["deployment.environment.name"]));
        Assert.Contains("service.version", resource.Keys);
        Assert.Contains("service.instance.id", resource.Keys);
    }
}
