using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace AiStackDeployer.Tests.Diagnostics;

/// <summary>The files an operator installs beside the portal.</summary>
internal static partial class OpsFiles
{
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "..", ".."));

    public static string Document(string name) => File.ReadAllText(Path.Combine(Root, "docs", name));

    public static JsonElement Dashboard =>
        JsonDocument.Parse(File.ReadAllText(Path.Combine(Root, "ops", "grafana", "ai-stack-overview.json"))).RootElement;

    public static string Prometheus => File.ReadAllText(Path.Combine(Root, "ops", "prometheus", "prometheus.yaml"));

    public static string AlertsFile => Path.Combine(Root, "ops", "prometheus", "alerts.yaml");

    /// <summary>Every alert, with its fields as they are written.</summary>
    public static IReadOnlyList<Alert> Alerts { get; } =
    [
        .. AlertBlock().Matches(File.ReadAllText(AlertsFile)).Select(b => new Alert(
            b.Groups["name"].Value, Expression().Match(b.Value).Groups["expr"].Value, Field(b.Value, "severity"), Field(b.Value, "summary"),
            Field(b.Value, "description"), Field(b.Value, "runbook_url"))),
    ];

    /// <summary>The panels of the dashboard, rows aside.</summary>
    public static IReadOnlyList<JsonElement> Panels { get; } =
        [.. Dashboard.GetProperty("panels").EnumerateArray().Where(p => p.GetProperty("type").GetString() != "row")];

    /// <summary>What the panels, variables and rules ask Prometheus for of the portal, each with the place it stands in.</summary>
    public static IEnumerable<(string Place, string Expression, string? Legend)> Questions() => AllQuestions().Where(q => !IsOfIngest(q.Expression));

    /// <summary>The same of the ingest.</summary>
    public static IEnumerable<(string Place, string Expression, string? Legend)> IngestQuestions() => AllQuestions().Where(q => IsOfIngest(q.Expression));

    /// <summary>What the panels ask Loki for of stacks' events.</summary>
    public static IEnumerable<(string Place, string Expression, string? Legend)> EventQuestions() =>
        from panel in Panels
        from target in panel.GetProperty("targets").EnumerateArray()
        where Source(target) == "${loki}" && target.GetProperty("expr").GetString()!.Contains("\"ai-stack\"", StringComparison.Ordinal)
        select (panel.GetProperty("title").GetString()!, target.GetProperty("expr").GetString()!, target.GetProperty("legendFormat").GetString());

    private static bool IsOfIngest(string expression) => expression.Contains("aistack_ingest_", StringComparison.Ordinal);

    private static IEnumerable<(string Place, string Expression, string? Legend)> AllQuestions()
    {
        foreach (var panel in Panels)
        {
            foreach (var target in panel.GetProperty("targets").EnumerateArray().Where(t => Source(t) == "${prometheus}"))
            {
                yield return (panel.GetProperty("title").GetString()!, target.GetProperty("expr").GetString()!, target.GetProperty("legendFormat").GetString());
            }
        }
        foreach (var variable in Dashboard.GetProperty("templating").GetProperty("list").EnumerateArray().Where(v => v.GetProperty("type").GetString() == "query"))
        {
            // Grafana's own function, for what PromQL says so.
            var query = LabelValues().Match(variable.GetProperty("query").GetProperty("query").GetString()!);
            yield return (
                $"variable {variable.GetProperty("name").GetString()}",
                $"count by ({query.Groups["label"].Value}) ({query.Groups["series"].Value})", null);
        }
        foreach (var alert in Alerts)
        {
            yield return (alert.Name, alert.Expression, null);
        }
    }

    public static string? Source(JsonElement panelOrTarget) => panelOrTarget.GetProperty("datasource").GetProperty("uid").GetString();

    private static string Field(string block, string name) => Regex.Match(block, $@"^\s+{name}: (?<value>.+)$", RegexOptions.Multiline).Groups["value"].Value;

    private static string Here([CallerFilePath] string path = "") => path;

    [GeneratedRegex(@"- alert: (?<name>\w+)\n.*?(?=\n\s*(- alert:|- name:|#)|\z)", RegexOptions.Singleline)]
    private static partial Regex AlertBlock();

    // On one line, or as a block below "|".
    [GeneratedRegex(@"expr: (\|\n(?<expr>(\s{10,}.*\n)+)|(?<expr>[^|\n].*)\n)")]
    private static partial Regex Expression();

    [GeneratedRegex(@"^label_values\((?<series>.+), (?<label>\w+)\)$")]
    private static partial Regex LabelValues();
}

internal sealed record Alert(string Name, string Expression, string Severity, string Summary, string Description, string Runbook);
