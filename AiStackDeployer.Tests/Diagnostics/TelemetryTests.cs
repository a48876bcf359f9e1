using System.Text;

namespace AiStackDeployer.Tests.Diagnostics;

/// <summary>What the whole program tells Prometheus and a collector, and what it keeps to itself.</summary>
[Collection(WatchedTests.Name)]
public sealed class TelemetryTests(WatchedPortal portal)
{
    [Fact]
    public void Figures_are_at_their_own_port_and_the_public_one_knows_no_such_page() => Assert.Equal(404, portal.PublicAnswer);

    [Fact]
    public void Every_deployment_counts_once_by_how_it_ended()
    {
        var metrics = portal.Metrics;
        Assert.Equal(3, metrics.Sum("aistack_deployments_started_total", ("kind", "deploy")));
        Assert.Equal(3, metrics.Sum("aistack_deployments_ended_total"));
        Assert.Equal(1, metrics.Sum("aistack_deployments_ended_total", ("outcome", "completed"), ("reason", "none")));
        Assert.Equal(1, metrics.Sum("aistack_deployments_ended_total", ("outcome", "failed"), ("reason", "image-not-found")));
        Assert.Equal(1, metrics.Sum("aistack_deployments_ended_total", ("outcome", "cancelled")));
        Assert.Equal(1, metrics.Sum("aistack_deployment_duration_seconds_count", ("outcome", "completed")));
    }

    [Fact]
    public void Who_watched_is_counted_while_they_did()
    {
        Assert.Equal(1, portal.Meanwhile.Sum("aistack_circuits", ("state", "connected")));
        Assert.Equal(0, portal.Meanwhile.Sum("aistack_circuits", ("state", "disconnected")));
        Assert.Equal(1, portal.Meanwhile.Sum("aistack_streams"));
        Assert.True(portal.Meanwhile.Sum("aistack_feed_watchers") >= 2);
        Assert.Equal(0, portal.Metrics.Sum("aistack_streams"));
    }

    [Fact]
    public void A_call_that_failed_stands_beside_those_that_did_not()
    {
        const string calls = "aistack_dokploy_call_duration_seconds_count";
        Assert.Equal(1, portal.Metrics.Sum(calls, ("call", "application.update"), ("fault", "server-error"), ("status", "500")));
        Assert.True(portal.Metrics.Sum(calls, ("call", "application.update"), ("fault", "none"), ("status", "200")) >= 1);
        Assert.Equal(1, portal.Metrics.Sum("aistack_dokploy_up"));
        Assert.Equal(1, portal.Metrics.Sum("aistack_dokploy_breaker_state", ("state", "closed")));
    }

    [Fact]
    public void No_label_tells_a_stack_a_person_or_an_id()
    {
        string[] telling = [.. portal.Names, "dep_", "stk_", "usr_", "req_", ".localhost"];
        Assert.DoesNotContain(portal.Metrics.All, s => s.Labels.Values.Any(v => telling.Any(t => v.Contains(t, StringComparison.Ordinal))));
    }

    [Fact]
    public void There_are_few_series_whatever_is_deployed() => Assert.InRange(portal.Metrics.All.Count, 100, 1500);

    [Fact]
    public void A_collector_gets_traces_metrics_and_logs_under_the_same_name()
    {
        foreach (var signal in new[] { "traces", "metrics", "logs" })
        {
            var sent = portal.Collector.Of(signal);
            Assert.Contains("portal-under-test", sent, StringComparison.Ordinal);
            Assert.Contains("service.instance.id", sent, StringComparison.Ordinal);
            Assert.Contains("service.version", sent, StringComparison.Ordinal);
        }
        Assert.Contains("aistack.deployments.ended", portal.Collector.Of("metrics"), StringComparison.Ordinal);
        Assert.All(portal.Collector.Keys, key => Assert.Equal(WatchedPortal.CollectorKey, key));
    }

    [Fact]
    public void Spans_and_lines_of_a_run_carry_the_trace_that_the_page_shows()
    {
        var trace = Encoding.Latin1.GetString(Convert.FromHexString(portal.TraceId));
        var traces = portal.Collector.Of("traces");
        Assert.Contains(trace, traces, StringComparison.Ordinal);
        Assert.Contains(trace, portal.Collector.Of("logs"), StringComparison.Ordinal);
        foreach (var name in new[] { "accept deploy", "run deploy", "ensure-project", "await-readiness", "clean-up", "Dokploy project.create", portal.Id })
        {
            Assert.Contains(name, traces, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_collector_hears_who_did_what()
    {
        var logs = portal.Collector.Of("logs");
        foreach (var word in new[] { "AiStackDeployer.Audit", "AuditId", "stack.deploy", "credentials.show", "deployment.cancel" })
        {
            Assert.Contains(word, logs, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Addresses_in_spans_hold_no_values_of_their_query()
    {
        var traces = portal.Collector.Of("traces");
        Assert.Contains("/api/project.search?", traces, StringComparison.Ordinal);
        Assert.DoesNotContain("name=ai-stack", traces, StringComparison.Ordinal);
        Assert.DoesNotContain("applicationId=app", traces, StringComparison.Ordinal);
    }

    [Fact]
    public void What_nobody_asked_for_begins_no_trace() =>
        Assert.DoesNotContain("settings.getDokployVersion", portal.Collector.Of("traces"), StringComparison.Ordinal);

    [Fact]
    public void No_secret_is_in_any_metric_span_or_line()
    {
        var told = new Dictionary<string, string>
        {
            ["metrics at /metrics"] = portal.Metrics.Text,
            ["traces"] = portal.Collector.Of("traces"),
            ["metrics over OTLP"] = portal.Collector.Of("metrics"),
            ["logs over OTLP"] = portal.Collector.Of("logs"),
            ["the output"] = portal.Output,
        };
        Assert.Equal(6, portal.Secrets.Count);
        Assert.All(told, t => Assert.True(t.Value.Length > 1000, $"{t.Key}: {t.Value.Length}"));
        Assert.Empty(told.SelectMany(t => portal.Secrets.Where(s => t.Value.Contains(s, StringComparison.Ordinal)).Select(s => $"{s} in {t.Key}")));
    }
}
