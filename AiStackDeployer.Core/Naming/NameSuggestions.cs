namespace AiStackDeployer.Core.Naming;

/// <summary>
/// Names near a wanted one, always the same for the same name and the most natural first: <c>design-lab</c>,
/// <c>design-dev</c>, <c>design2</c>. All are legal and none is reserved; whether they are free is asked elsewhere.
/// </summary>
public sealed class NameSuggestions(ReservedNames reserved)
{
    /// <summary>Enough that a popular word still leaves three, few enough to ask about in one question.</summary>
    private const int Limit = 24;

    private static readonly string[] Words = ["lab", "dev", "studio", "hub", "box", "desk", "base", "space", "team", "one", "plus", "now"];

    public IReadOnlyList<StackName> For(StackName wanted)
    {
        var found = new List<StackName>(Limit);
        foreach (var text in Compose(wanted.Value))
        {
            if (StackName.TryParse(text, out var name) && name != wanted && !reserved.Contains(name) && !found.Contains(name))
            {
                found.Add(name);
            }

            if (found.Count == Limit)
            {
                break;
            }
        }

        return found;
    }

    /// <summary>Two words, then a number, over and over: so that the first three are not all alike.</summary>
    private static IEnumerable<string> Compose(string wanted)
    {
        var number = NextNumber(wanted, out var stem);
        for (var round = 0; round < Limit; round++)
        {
            foreach (var word in Words.Skip(round * 2).Take(2))
            {
                if (!wanted.EndsWith("-" + word, StringComparison.Ordinal))
                {
                    yield return Fit(wanted, "-" + word);
                }
            }

            yield return Fit(stem, (number + round).ToString(System.Globalization.CultureInfo.InvariantCulture));
        }
    }

    /// <summary>The number to count on from: <c>design7</c> goes on with 8, <c>design</c> with 2, <c>2026</c> as a word of its own.</summary>
    private static int NextNumber(string wanted, out string stem)
    {
        var digits = wanted.Length - wanted.AsSpan().TrimEnd("0123456789").Length;
        if (digits is 0 or > 3 || digits == wanted.Length)
        {
            stem = digits == 0 ? wanted : wanted + "-";
            return 2;
        }

        stem = wanted[..^digits];
        return int.Parse(wanted.AsSpan(wanted.Length - digits), System.Globalization.CultureInfo.InvariantCulture) + 1;
    }

    private static string Fit(string stem, string ending)
    {
        var room = StackName.MaxLength - ending.Length;
        return (stem.Length <= room ? stem : Transliteration.Shorten(stem, room)) + ending;
    }
}
