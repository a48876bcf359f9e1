using System.Globalization;
using System.Text;

namespace AiStackDeployer.Tests.Kills;

/// <summary>What a long run has done, as a table.</summary>
internal sealed class KillCounts
{
    private readonly SortedDictionary<string, int> _kills = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, int> _interrupted = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, int> _ended = new(StringComparer.Ordinal);

    public int Kills => _kills.Values.Sum();

    private TimeSpan _slowest;

    public void Add(KillWorld world)
    {
        _slowest = world.Slowest > _slowest ? world.Slowest : _slowest;
        Add(_kills, world.Kills);
        Add(_interrupted, world.Interrupted);
        Add(_ended, world.Ended);
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        Write(text, "kills, by operation and point", _kills);
        Write(text, "operations that a kill met unfinished", _interrupted);
        Write(text, "operations by their end", _ended);
        return text.Append(CultureInfo.InvariantCulture, $"From the last kill of a round until everything had ended: {_slowest.TotalSeconds:0.0} s at most").ToString();
    }

    private static void Add(SortedDictionary<string, int> to, IReadOnlyDictionary<string, int> counts)
    {
        foreach (var (what, count) in counts)
        {
            to[what] = to.GetValueOrDefault(what) + count;
        }
    }

    private static void Write(StringBuilder text, string title, SortedDictionary<string, int> counts)
    {
        text.AppendLine(CultureInfo.InvariantCulture, $"{counts.Values.Sum(),6} {title}");
        foreach (var (what, count) in counts)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{count,6}   {what}");
        }
    }
}
