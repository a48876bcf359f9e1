using System.Text.Json;
using System.Text.RegularExpressions;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Core.Dokploy;
using AiStackDeployer.Core.Persistence;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.Tests.TestKit;
using AiStackDeployer.Web.Composition;

namespace AiStackDeployer.Tests.Diagnostics;

/// <summary>
/// The dashboard and the alerts ask for what the program tells, the program tells what they ask for, and the operators' table names
/// all of it: held against a scrape of the program at work.
/// </summary>
[Collection(WatchedTests.Name)]
public sealed partial class DashboardTests(WatchedPortal portal)
{
    /// <summary>Metrics of ours that no panel and no rule shows, and why.</summary>
    private static readonly Dictionary<string, string> DeliberatelyUnused = [];

    /// <summary>What Prometheus adds itself.</summary>
    private static readonly string[] OfPrometheus = ["up"];

    private static readonly string[] LabelsOfPrometheus = ["job", "instance"];

    /// <summary>The words that each label of each metric of ours may have: a rule may ask for one that this run did not meet.</summary>
    private static readonly Dictionary<(string Family, string Label), string[]> Vocabulary = new()
    {
        [("aistack_deployments_started_total", "kind")] = [.. OperationCatalog.All.Select(operation => operation.Name)],
        [("aistack_deployments_resumed_total", "kind")] = [.. OperationCatalog.All.Select(operation => operation.Name)],
        [("aistack_deployments_ended_total", "kind")] = [.. OperationCatalog.All.Select(operation => operation.Name)],
        [("aistack_deployments_ended_total", "outcome")] = Words<DeploymentPhase>(p => p.IsTerminal()),
        [("aistack_deployments_ended_total", "reason")] = [.. Words<FailureCode>(), "none"],
        [("aistack_deployment_duration_seconds", "kind")] = [.. OperationCatalog.All.Select(operation => operation.Name)],
        [("aistack_deployment_duration_seconds", "outcome")] = Words<DeploymentPhase>(p => p.IsTerminal()),
        [("aistack_deployment_step_duration_seconds", "kind")] = [.. OperationCatalog.All.Select(operation => operation.Name)],
        [("aistack_deployment_step_duration_seconds", "step")] = Words<DeploymentStep>(),
        [("aistack_deployment_step_duration_seconds", "outcome")] =
            Words<StepOutcome>(o => o is not (StepOutcome.Pending or StepOutcome.Running)),
        [("aistack_deployments_active", "kind")] = [.. OperationCatalog.All.Select(operation => operation.Name)],
        [("aistack_deployments_active", "phase")] = Words<DeploymentPhase>(p => !p.IsTerminal()),
        [("aistack_stacks", "state")] = Words<StackState>(s => s != StackState.Deleted),
        [("aistack_stacks_health", "health")] = Words<HealthState>(),
        [("aistack_storage_failures_total", "cause")] = Words<StorageFailure>(),
        [("aistack_dokploy_call_duration_seconds", "fault")] = [.. Words<DokployFault>(), "none"],
        [("aistack_dokploy_faults_total", "fault")] = Words<DokployFault>(),
        [("aistack_dokploy_breaker_state", "state")] = Words<DokployCircuit>(),
        [("aistack_circuits", "state")] = ["connected", "disconnected"],
    };

    /// <summary>The client's names of calls, HTTP's numbers, and the codes of answers, which <c>NameAvailabilityTests</c> holds against their family.</summary>
    private static readonly (string Family, string Label)[] OtherWords =
    [
        ("aistack_dokploy_call_duration_seconds", "call"), ("aistack_dokploy_call_duration_seconds", "status"), ("aistack_name_checks_total", "verdict"),
    ];

    private MetricsText Metrics => portal.Metrics;

    [Fact]
    public void Every_metric_that_a_panel_or_a_rule_asks_for_is_told_by_the_program() => Assert.Empty(
        from question in OpsFiles.Questions()
        from selector in PromQl.Parse(question.Expression).Selectors
        where !OfPrometheus.Contains(selector.Metric) && Metrics.All.All(s => s.Name != selector.Metric)
        select $"{question.Place}: {selector.Metric}");

    [Fact]
    public void Every_label_and_value_that_they_ask_for_can_be_met() => Assert.Empty(
        from question in OpsFiles.Questions()
        from selector in PromQl.Parse(question.Expression).Selectors
        where !OfPrometheus.Contains(selector.Metric)
        from matcher in selector.Matchers
        where !LabelsOfPrometheus.Contains(matcher.Label)
        from complaint in Complaints(selector.Metric, matcher)
        select $"{question.Place}: {complaint}");

    [Fact]
    public void Every_label_that_they_group_or_name_by_is_on_all_series_they_ask_for() => Assert.Empty(
        from question in OpsFiles.Questions()
        let asked = PromQl.Parse(question.Expression)
        from label in asked.Groupings.Concat(Legend().Matches(question.Legend ?? "").Select(l => l.Groups["label"].Value))
        where !LabelsOfPrometheus.Contains(label)
            && !asked.Selectors.All(s => Metrics.All.Any(m => m.Name == s.Metric && m.Labels.ContainsKey(label)))
        select $"{question.Place}: {label}");

    [Fact]
    public void Every_metric_of_ours_is_shown_or_deliberately_not()
    {
        var asked = OpsFiles.Questions().SelectMany(q => PromQl.Parse(q.Expression).Selectors).Select(s => Family(s.Metric)).ToHashSet();
        var ours = OurFamilies().Select(f => f.Name).ToList();

        Assert.True(ours.Count >= 15, $"{ours.Count} metrics");
        Assert.DoesNotContain(ours, f => !asked.Contains(f) && !DeliberatelyUnused.ContainsKey(f));
        Assert.DoesNotContain(DeliberatelyUnused.Keys, f => asked.Contains(f) || !ours.Contains(f));
    }

    [Fact]
    public void Labels_of_ours_have_no_words_but_those_of_their_enums() => Assert.Empty(
        from series in Metrics.All
        where series.Name.StartsWith("aistack_", StringComparison.Ordinal)
        from label in series.Labels
        let place = (Family(series.Name), label.Key)
        where label.Key != "le" && !OtherWords.Contains(place) && !Vocabulary.GetValueOrDefault(place, []).Contains(label.Value)
        select $"{series.Name} {label.Key}={label.Value}");

    [Fact]
    public void Every_vocabulary_is_of_a_label_that_is_told()
    {
        var told = OurFamilies().SelectMany(f => f.Labels.Select(l => (f.Name, l))).ToHashSet();

        Assert.DoesNotContain(Vocabulary.Keys.Concat(OtherWords), place => !told.Contains(place));
    }

    [Fact]
    public void The_operators_table_is_what_the_program_tells()
    {
        var table = Rows("aistack_");
        Assert.Equal(
            OurFamilies().Select(f => $"{f.Name} {f.Type} {string.Join(", ", f.Labels.Order(StringComparer.Ordinal))}").Order(StringComparer.Ordinal),
            table.Select(r => $"{r.Name} {r.Type} {string.Join(", ", r.Labels.Order(StringComparer.Ordinal))}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_table_of_the_frameworks_names_what_is_told_with_the_labels_it_has()
    {
        var table = Rows("http_").Concat(Rows("kestrel_")).Concat(Rows("aspnetcore_")).ToList();
        Assert.Equal(7, table.Count);
        Assert.All(table, row =>
        {
            var told = Families().SingleOrDefault(f => f.Name == row.Name);
            Assert.True(told is not null, row.Name);
            Assert.Equal(row.Type, told.Type);
            Assert.Equal(Kept(row.Name).Order(StringComparer.Ordinal), row.Labels.Order(StringComparer.Ordinal));
            // An error has its label, and where nothing went wrong there is none to see.
            Assert.Empty(told.Labels.Except(row.Labels));
            Assert.DoesNotContain(row.Labels.Except(told.Labels), l => l != "error_type");
        });
    }

    private IEnumerable<string> Complaints(string metric, LabelMatcher matcher)
    {
        var values = Metrics.All.Where(s => s.Name == metric).Select(s => s.Labels.GetValueOrDefault(matcher.Label)).OfType<string>().ToHashSet();
        if (values.Count == 0)
        {
            return [$"{metric} has no label {matcher.Label}"];
        }
        var known = values.Concat(Vocabulary.GetValueOrDefault((Family(metric), matcher.Label), [])).ToHashSet();
        if (matcher.Label == "le")
        {
            // As Prometheus 3 writes the bounds that it scrapes.
            known.UnionWith(values.Where(v => !v.Contains('.', StringComparison.Ordinal)).Select(v => v + ".0"));
        }
        return matcher.Wanted.Where(w => !known.Contains(w)).Select(w => $"{metric} is never {matcher.Label}={w}");
    }

    /// <summary>The labels that are kept of the frameworks' instrument, which Prometheus knows with its unit behind its name.</summary>
    private static IEnumerable<string> Kept(string family) => FrameworkMeters.Kept
        .Single(k => Underscored(k.Key) is var name && (name == family || $"{name}_seconds" == family)).Value.Select(Underscored);

    private static string Underscored(string name) => name.Replace('.', '_');

    private IEnumerable<Row> OurFamilies() => Families().Where(f => f.Name.StartsWith("aistack_", StringComparison.Ordinal));

    private IEnumerable<Row> Families() => Metrics.All.GroupBy(s => Family(s.Name)).Select(f => new Row(
        f.Key, Metrics.Types.GetValueOrDefault(f.Key, "?"), [.. f.SelectMany(s => s.Labels.Keys).Where(l => l != "le").Distinct()]));

    /// <summary>A histogram is three names to Prometheus and one to people.</summary>
    private string Family(string metric)
    {
        var family = HistogramPart().Replace(metric, "");
        return Metrics.Types.GetValueOrDefault(family) == "histogram" ? family : metric;
    }

    private static List<Row> Rows(string prefix) =>
    [
        .. TableRow().Matches(OpsFiles.Document("reference-metrics.md"))
            .Where(r => r.Groups["name"].Value.StartsWith(prefix, StringComparison.Ordinal))
            .Select(r => new Row(
                r.Groups["name"].Value, r.Groups["type"].Value,
                r.Groups["labels"].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))),
    ];

    private static string[] Words<T>(Func<T, bool>? may = null) where T : struct, Enum =>
        [.. Enum.GetValues<T>().Where(v => may?.Invoke(v) ?? true).Select(v => JsonNamingPolicy.KebabCaseLower.ConvertName(v.ToString()))];

    private sealed record Row(string Name, string Type, IReadOnlyList<string> Labels);

    [GeneratedRegex("_(bucket|sum|count)$")]
    private static partial Regex HistogramPart();

    [GeneratedRegex(@"\{\{(?<label>\w+)\}\}")]
    private static partial Regex Legend();

    [GeneratedRegex(@"^\| `(?<name>[a-z_]+)` \| (?<type>\w*) \|(?<labels>[^|]*)\| [^|]+ \|$", RegexOptions.Multiline)]
    private static partial Regex TableRow();
}
