using System.Text.RegularExpressions;

namespace AiStackDeployer.Tests.Diagnostics;

/// <summary>What a PromQL expression asks for: series with the labels they must have, and the labels it groups by.</summary>
internal sealed partial class PromQl
{
    private static readonly HashSet<string> Words =
    [
        "by", "without", "on", "ignoring", "group_left", "group_right", "offset", "bool", "and", "or", "unless", "inf", "nan",
    ];

    private PromQl(IReadOnlyList<Selector> selectors, IReadOnlyList<string> groupings)
    {
        Selectors = selectors;
        Groupings = groupings;
    }

    public IReadOnlyList<Selector> Selectors { get; }

    public IReadOnlyList<string> Groupings { get; }

    public static PromQl Parse(string expression)
    {
        var groupings = Grouping().Matches(expression).SelectMany(g => g.Groups["labels"].Value.Split(',', StringSplitOptions.TrimEntries)).ToList();
        var rest = Range().Replace(Grouping().Replace(expression, " "), " ");
        var selectors = Name().Matches(rest)
            .Where(n => !Words.Contains(n.Groups["name"].Value) && !n.Groups["call"].Success)
            .Select(n => new Selector(n.Groups["name"].Value, [.. Matchers().Matches(n.Groups["matchers"].Value).Select(m => new LabelMatcher(
                m.Groups["label"].Value, m.Groups["operator"].Value, m.Groups["value"].Value))]))
            .ToList();
        return new PromQl(selectors, groupings);
    }

    [GeneratedRegex(@"\b(by|without)\s*\((?<labels>[^)]*)\)")]
    private static partial Regex Grouping();

    [GeneratedRegex(@"\[[^\]]*\]")]
    private static partial Regex Range();

    // A name with its matchers, which may hold anything in their quotes; followed by an open bracket it is a function.
    [GeneratedRegex("""(?<![\w.:"])(?<name>[a-zA-Z_:][\w:]*)\s*(\{(?<matchers>("[^"]*"|[^}"])*)\}|(?<call>\())?""")]
    private static partial Regex Name();

    [GeneratedRegex("""(?<label>\w+)\s*(?<operator>=~|!~|!=|=)\s*"(?<value>[^"]*)""")]
    private static partial Regex Matchers();
}

internal sealed record Selector(string Metric, IReadOnlyList<LabelMatcher> Matchers);

internal sealed record LabelMatcher(string Label, string Operator, string Value)
{
    /// <summary>The values it wants to see; none for one that only excludes.</summary>
    public IEnumerable<string> Wanted => Operator switch
    {
        "=" => [Value],
        "=~" => Value.Split('|'),
        _ => [],
    };
}
