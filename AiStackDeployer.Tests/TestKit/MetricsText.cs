using System.Globalization;
using System.Text.RegularExpressions;

namespace AiStackDeployer.Tests.TestKit;

/// <summary>What <c>/metrics</c> answered: series with their labels and values, and each family's type.</summary>
internal sealed partial class MetricsText
{
    private MetricsText(string text, IReadOnlyList<Series> series, IReadOnlyDictionary<string, string> types)
    {
        Text = text;
        All = series;
        Types = types;
    }

    public string Text { get; }

    public IReadOnlyList<Series> All { get; }

    /// <summary>Family to type, as its <c># TYPE</c> line says.</summary>
    public IReadOnlyDictionary<string, string> Types { get; }

    public static MetricsText Parse(string text)
    {
        var series = new List<Series>();
        var types = new Dictionary<string, string>();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
            {
                var words = line.Split(' ');
                types[words[2]] = words[3];
            }
            else if (line[0] != '#')
            {
                var match = SeriesLine().Match(line);
                Assert.True(match.Success, line);
                series.Add(new Series(
                    match.Groups["name"].Value,
                    Label().Matches(match.Groups["labels"].Value).ToDictionary(l => l.Groups["key"].Value, l => l.Groups["value"].Value),
                    double.Parse(match.Groups["value"].Value, CultureInfo.InvariantCulture)));
            }
        }
        return new MetricsText(text, series, types);
    }

    /// <summary>This scrape and a later one, as one: of a series in both, the later one counts.</summary>
    public MetricsText With(MetricsText later) => new(
        Text + later.Text,
        [.. All.Where(s => !later.All.Any(l => l.IsSameAs(s))), .. later.All],
        Types.Concat(later.Types).DistinctBy(t => t.Key).ToDictionary());

    /// <summary>The sum of all series with these labels; null when there is none.</summary>
    public double? Sum(string name, params (string Key, string Value)[] labels)
    {
        var found = All.Where(s => s.Name == name && labels.All(l => s.Labels.TryGetValue(l.Key, out var value) && value == l.Value)).ToList();
        return found.Count == 0 ? null : found.Sum(s => s.Value);
    }

    [GeneratedRegex("""^(?<name>[a-zA-Z_:][\w:]*)(\{(?<labels>.*)\})? (?<value>\S+)$""")]
    private static partial Regex SeriesLine();

    [GeneratedRegex("(?<key>\\w+)=\"(?<value>(?:[^\"\\\\]|\\\\.)*)\"")]
    private static partial Regex Label();
}

internal sealed record Series(string Name, IReadOnlyDictionary<string, string> Labels, double Value)
{
    public bool IsSameAs(Series other) =>
        Name == other.Name && Labels.Count == other.Labels.Count && Labels.All(l => other.Labels.TryGetValue(l.Key, out var value) && value == l.Value);
}
