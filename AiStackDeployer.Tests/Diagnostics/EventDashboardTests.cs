using System.Text.RegularExpressions;
using AiStackDeployer.LogIngest;
using AiStackDeployer.Tests.Ingest;

namespace AiStackDeployer.Tests.Diagnostics;

/// <summary>The dashboard's rows of stacks and of the ingest ask for what gate and ingest tell.</summary>
public sealed partial class EventDashboardTests
{
    /// <summary>What the ingest puts beside an event's own attributes: labels, and structured metadata.</summary>
    private static readonly string[] OfEveryEvent = ["service_name", "stack", "source", "event", "event_id", "level", "session_id"];

    /// <summary>The gate's event types and the names of their attributes stand in its source and nowhere else.</summary>
    private static readonly string GateSource = string.Concat(
        Directory.GetFiles(Path.Combine(OpsFiles.Root, "AiStackDeployer.StackGate", "Events"), "*.cs").Select(File.ReadAllText));

    [Fact]
    public void Every_event_that_a_panel_asks_for_is_one_that_the_gate_sends() => Assert.Empty(
        from question in OpsFiles.EventQuestions()
        from match in EventMatcher().Matches(question.Expression)
        from type in match.Groups["types"].Value.Split('|')
        where !GateSource.Contains($"\"{type}\"", StringComparison.Ordinal)
        select $"{question.Place}: {type}");

    [Fact]
    public void Every_name_that_a_panel_groups_filters_or_reckons_by_is_of_an_event() => Assert.Empty(
        from question in OpsFiles.EventQuestions()
        from name in Grouping().Matches(question.Expression).SelectMany(m => m.Groups["labels"].Value.Split(',', StringSplitOptions.TrimEntries))
            .Concat(Unwrapped().Matches(question.Expression).Select(m => m.Groups["label"].Value))
            .Concat(Matcher().Matches(question.Expression).Select(m => m.Groups["label"].Value))
            .Concat(Legend().Matches(question.Legend ?? "").Select(m => m.Groups["label"].Value))
        where !OfEveryEvent.Contains(name) && !GateSource.Contains($"(\"{name}\", ", StringComparison.Ordinal)
        select $"{question.Place}: {name}");

    [Fact]
    public void Sources_are_those_that_the_ingest_writes()
    {
        var asked = OpsFiles.EventQuestions().SelectMany(q => Regex.Matches(q.Expression, "source=\"(\\w+)\"").Select(m => m.Groups[1].Value)).Distinct();

        Assert.Equal(LogSource.All.Order(StringComparer.Ordinal), asked.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_figure_of_the_ingest_is_shown_with_labels_that_it_has()
    {
        await using var ingest = await IngestWorld.StartAsync();
        await IngestWorld.AnswerAsync(await ingest.SendAsync("piet-lab", ingest.Event("evt_1")));
        var told = (await ingest.MetricsAsync()).All;
        var asked = OpsFiles.IngestQuestions().Select(q => PromQl.Parse(q.Expression)).ToList();

        Assert.Equal(told.Select(s => s.Name).Distinct().Order(StringComparer.Ordinal), asked.SelectMany(q => q.Selectors.Select(s => s.Metric)).Distinct().Order(StringComparer.Ordinal));
        Assert.All(asked, query => Assert.All(
            query.Groupings.Where(label => label != "job"),
            label => Assert.All(query.Selectors, s => Assert.Contains(told, t => t.Name == s.Metric && t.Labels.ContainsKey(label)))));
    }

    [GeneratedRegex(@"event=~?""(?<types>[^""]+)""")]
    private static partial Regex EventMatcher();

    [GeneratedRegex(@"by \((?<labels>[^)]*)\)")]
    private static partial Regex Grouping();

    [GeneratedRegex(@"unwrap (?<label>\w+)")]
    private static partial Regex Unwrapped();

    [GeneratedRegex(@"(?<label>\w+)=~?""")]
    private static partial Regex Matcher();

    [GeneratedRegex(@"\{\{(?<label>\w+)\}\}")]
    private static partial Regex Legend();
}
