using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using AiStackDeployer.Tests.Settings;
using AiStackDeployer.Web.Composition;

namespace AiStackDeployer.Tests.Diagnostics;

/// <summary>Dashboard, alerts and their paragraphs as files: whole, and fitting to each other.</summary>
public sealed partial class OpsFilesTests
{
    private static string AlertsText => File.ReadAllText(OpsFiles.AlertsFile);

    [Fact]
    public void Every_alert_says_how_bad_it_is_what_it_means_and_where_its_paragraph_stands()
    {
        Assert.Equal(Regex.Count(AlertsText, "- alert:"), OpsFiles.Alerts.Count);
        Assert.All(OpsFiles.Alerts, alert =>
        {
            Assert.NotEmpty(PromQl.Parse(alert.Expression).Selectors);
            Assert.Contains(alert.Severity, new[] { "critical", "warning" });
            Assert.NotEmpty(alert.Summary);
            Assert.EndsWith(".", alert.Description, StringComparison.Ordinal);
            Assert.Equal($"docs/operate.md#{alert.Name.ToLowerInvariant()}", alert.Runbook);
        });
    }

    [Fact]
    public void Every_alert_has_a_paragraph_and_every_paragraph_an_alert()
    {
        var section = OpsFiles.Document("operate.md").Split("\n## Alerts\n")[1].Split("\n## ")[0];
        var paragraphs = Paragraph().Matches(section).Select(p => (Name: p.Groups["name"].Value, Severity: p.Groups["severity"].Value));

        Assert.Equal(OpsFiles.Alerts.Select(a => (a.Name, a.Severity)).Order(), paragraphs.Order());
    }

    [Fact]
    public void Every_alert_is_seen_firing_in_the_rules_own_tests()
    {
        var tests = File.ReadAllText(Path.Combine(Path.GetDirectoryName(OpsFiles.AlertsFile)!, "alerts.test.yaml"));

        Assert.All(OpsFiles.Alerts, alert => Assert.Matches($@"alertname: {alert.Name}\n\s+exp_alerts:\n\s+- exp_labels: \{{ severity: {alert.Severity},", tests));
    }

    [Fact]
    public void Prometheus_scrapes_portal_and_ingest_where_compose_puts_them_under_the_jobs_that_rules_and_dashboard_know()
    {
        var compose = File.ReadAllText(Path.Combine(OpsFiles.Root, "compose.yaml"));
        var targets = Regex.Matches(OpsFiles.Prometheus, @"^ +- targets: \[(?<host>\w+):(?<port>\d+)\]", RegexOptions.Multiline);
        var jobs = Regex.Matches(OpsFiles.Prometheus, @"- job_name: (\S+)").Select(m => m.Groups[1].Value).ToList();

        Assert.Equal(["portal", "ingest"], targets.Select(t => t.Groups["host"].Value));
        Assert.All(targets, target => Assert.Contains($"\n  {target.Groups["host"].Value}:\n", compose, StringComparison.Ordinal));
        Assert.Contains($"METRICS_PORT: \"{targets[0].Groups["port"].Value}\"", compose, StringComparison.Ordinal);
        Assert.Contains($"PORT: \"{targets[1].Groups["port"].Value}\"", compose, StringComparison.Ordinal);
        Assert.Contains($"up{{job=\"{jobs[0]}\"}}", AlertsText, StringComparison.Ordinal);
        Assert.Equal(jobs, [.. new[] { "job", "ingest" }.Select(name => Variable(name).GetProperty("current").GetProperty("value").GetString()!)]);
    }

    [Fact]
    public void The_dashboard_is_grafanas_classic_schema_and_takes_its_sources_from_variables()
    {
        var dashboard = OpsFiles.Dashboard;
        Assert.Equal("ai-stack-overview", dashboard.GetProperty("uid").GetString());
        Assert.InRange(dashboard.GetProperty("schemaVersion").GetInt32(), 39, 41);
        Assert.Equal(("datasource", "prometheus"), (Variable("prometheus").GetProperty("type").GetString(), Variable("prometheus").GetProperty("query").GetString()));
        Assert.Equal(("datasource", "loki"), (Variable("loki").GetProperty("type").GetString(), Variable("loki").GetProperty("query").GetString()));
        Assert.All(OpsFiles.Panels, panel =>
        {
            Assert.Contains(OpsFiles.Source(panel), new[] { "${prometheus}", "${loki}" });
            Assert.All(panel.GetProperty("targets").EnumerateArray(), t => Assert.Equal(OpsFiles.Source(panel), OpsFiles.Source(t)));
        });
        Assert.Equal(
            ["Service level", "Deployments", "Dokploy", "Portal", "Stacks", "Ingest", "Log"],
            dashboard.GetProperty("panels").EnumerateArray().Where(p => p.GetProperty("type").GetString() == "row").Select(p => p.GetProperty("title").GetString()));
    }

    [Fact]
    public void The_dashboard_is_called_in_the_guide_what_it_is_called() => Assert.Contains(
        $"with the dashboard \"{OpsFiles.Dashboard.GetProperty("title").GetString()}\"", OpsFiles.Document("install-compose.md"), StringComparison.Ordinal);

    [Fact]
    public void Every_panel_explains_itself_says_its_unit_and_what_to_show_when_there_is_nothing()
    {
        Assert.All(OpsFiles.Panels, panel =>
        {
            Assert.True(panel.GetProperty("description").GetString()!.Length > 15, panel.GetProperty("title").GetString());
            if (panel.GetProperty("type").GetString() is "logs")
            {
                return;
            }
            var defaults = panel.GetProperty("fieldConfig").GetProperty("defaults");
            Assert.True(panel.GetProperty("type").GetString() == "state-timeline" || defaults.GetProperty("unit").GetString()!.Length > 0);
            Assert.Equal("–", defaults.GetProperty("noValue").GetString());
        });
        Assert.All(OpsFiles.Questions().Concat(OpsFiles.IngestQuestions()).Where(q => q.Legend is not null), q => Assert.NotEmpty(q.Legend!));
    }

    [Fact]
    public void Panels_neither_overlap_nor_leave_the_grid_and_have_numbers_of_their_own()
    {
        var all = OpsFiles.Dashboard.GetProperty("panels").EnumerateArray().ToList();
        var cells = all.SelectMany(p => Cells(p.GetProperty("gridPos"))).ToList();

        Assert.Equal(cells.Count, cells.Distinct().Count());
        Assert.All(cells, cell => Assert.InRange(cell.X, 0, 23));
        Assert.Equal(all.Count, all.Select(p => p.GetProperty("id").GetInt32()).Distinct().Count());
    }

    [Fact]
    public void Panels_of_the_log_ask_for_the_name_under_which_the_portal_sends_it()
    {
        var name = PortalTelemetry.ResourceOf(SettingsBench.Production().Telemetry)["service.name"];
        var log = OpsFiles.Panels.Where(p => OpsFiles.Source(p) == "${loki}").SelectMany(p => p.GetProperty("targets").EnumerateArray())
            .Where(t => t.GetProperty("expr").GetString()!.Contains("$service", StringComparison.Ordinal)).ToList();

        Assert.Equal(2, log.Count);
        Assert.Equal(name, Variable("service").GetProperty("current").GetProperty("value").GetString());
        Assert.All(log, t => Assert.Contains("{service_name=\"$service\"}", t.GetProperty("expr").GetString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Promtool_finds_rules_configuration_and_every_expression_of_the_dashboard_good()
    {
        string[] places = ["/usr/bin/promtool", Path.Combine(OpsFiles.Root, ".tools", "promtool")];
        Assert.SkipUnless(places.Any(File.Exists), "There is no promtool; test.sh fetches it where it can.");
        var promtool = places.First(File.Exists);
        var folder = Path.GetDirectoryName(OpsFiles.AlertsFile)!;
        using var panels = new TemporaryFile(JsonSerializer.Serialize(new
        {
            groups = new[] { new { name = "panels", rules = OpsFiles.Questions().Concat(OpsFiles.IngestQuestions()).Select((q, i) => new { record = $"panel:{i}", expr = Plain(q.Expression) }) } },
        }));

        await RunAsync(promtool, "check", "rules", OpsFiles.AlertsFile);
        await RunAsync(promtool, "test", "rules", Path.Combine(folder, "alerts.test.yaml"));
        await RunAsync(promtool, "check", "config", Path.Combine(folder, "prometheus.yaml"));
        await RunAsync(promtool, "check", "rules", panels.Path);
    }

    /// <summary>With the dashboard's variables filled in, as Grafana does.</summary>
    private static string Plain(string expression) => expression
        .Replace("$__rate_interval", "1m", StringComparison.Ordinal).Replace("$__range", "1d", StringComparison.Ordinal).Replace("$job", "portal", StringComparison.Ordinal).Replace("$ingest", "ingest", StringComparison.Ordinal);

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"{string.Join(' ', arguments)}\n{output}{await error}");
    }

    private static JsonElement Variable(string name) => OpsFiles.Dashboard.GetProperty("templating").GetProperty("list").EnumerateArray()
        .Single(v => v.GetProperty("name").GetString() == name);

    private static IEnumerable<(int X, int Y)> Cells(JsonElement place)
    {
        int Of(string member) => place.GetProperty(member).GetInt32();
        return from y in Enumerable.Range(Of("y"), Of("h")) from x in Enumerable.Range(Of("x"), Of("w")) select (x, y);
    }

    private sealed class TemporaryFile : IDisposable
    {
        public TemporaryFile(string text) => File.WriteAllText(Path, text);

        public string Path { get; } = System.IO.Path.GetTempFileName();

        public void Dispose() => File.Delete(Path);
    }

    [GeneratedRegex(@"^### (?<name>\w+)\n\n\*\*(?<severity>\w+)\.\*\*", RegexOptions.Multiline)]
    private static partial Regex Paragraph();
}
