using System.Text;
using AiStackDeployer.Core.Connections;
using AiStackDeployer.Web.Presentation;

namespace AiStackDeployer.Web.Composition;

/// <summary>A report for a terminal: a row for each target, its cause and remedy beside it, and the verdict on all of it below.</summary>
internal sealed class ConnectionTable(ConnectionText text)
{
    private const string Gap = "  ";

    /// <summary>Narrower than this the sentences go below their row.</summary>
    private const int NarrowestSentence = 40;

    public string Checking(TimeSpan atMost) => text.Checking(atMost);

    public string Of(ConnectionReport report, int width)
    {
        var rows = report.Results.Select(result => new Row(
            $"{ConnectionText.ShapeOf(result.Verdict)} {text.Verdict(result)}",
            text.Name(result.Target),
            ConnectionText.Latency(result) ?? "",
            text.Cause(result),
            text.Remedy(result))).ToList();
        var verdicts = rows.Max(r => r.Verdict.Length);
        var names = rows.Max(r => r.Name.Length);
        var latencies = rows.Max(r => r.Latency.Length);
        var beside = verdicts + names + latencies + (3 * Gap.Length);
        var indent = width - beside >= NarrowestSentence ? beside : 2 * Gap.Length;

        var table = new StringBuilder();
        foreach (var row in rows)
        {
            var head = $"{row.Verdict.PadRight(verdicts)}{Gap}{row.Name.PadRight(names)}{Gap}{row.Latency.PadLeft(latencies)}{Gap}";
            List<string> lines = [.. row.Cause.Split('\n').SelectMany((line, i) => Wrap(line, i == 0 ? "" : "- ", width - indent)), .. row.Remedy is null ? [] : Wrap(row.Remedy, "→ ", width - indent)];
            if (indent != beside)
            {
                table.AppendLine(head.TrimEnd());
                head = new string(' ', indent);
            }
            foreach (var line in lines)
            {
                table.Append(head).AppendLine(line);
                head = new string(' ', indent);
            }
        }
        return table.AppendLine().Append(text.Overall(report)).ToString();
    }

    private static IEnumerable<string> Wrap(string sentence, string mark, int width)
    {
        var line = new StringBuilder(mark);
        foreach (var word in sentence.Split(' '))
        {
            if (line.Length > mark.Length && line.Length + 1 + word.Length > width)
            {
                yield return line.ToString();
                line.Clear().Append(' ', mark.Length);
            }
            if (line.Length > mark.Length)
            {
                line.Append(' ');
            }
            line.Append(word);
        }
        yield return line.ToString();
    }

    private sealed record Row(string Verdict, string Name, string Latency, string Cause, string? Remedy);
}
