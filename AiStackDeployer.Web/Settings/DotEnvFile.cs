namespace AiStackDeployer.Web.Settings;

/// <summary>
/// A <c>.env</c> file as settings: <c>KEY=value</c> a line, <c>#</c> for comments, single or double quotes round a value that
/// has spaces at its ends or a <c>#</c>. As in the environment, <c>__</c> in a key stands for a level.
/// </summary>
internal static class DotEnvFile
{
    public const string Name = ".env";

    /// <summary>Adds the file of the folder the program is started in, where there is one; the real environment wins over it.</summary>
    /// <exception cref="SettingsException">It may not be read, or a line is not <c>KEY=value</c>. The message names the line, never what stands there.</exception>
    public static void AddDotEnvFile(this ConfigurationManager configuration)
    {
        var file = Path.Combine(Directory.GetCurrentDirectory(), Name);
        if (!File.Exists(file))
        {
            return;
        }
        string[] lines;
        try
        {
            lines = File.ReadAllLines(file);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new SettingsException([$"{file} cannot be read by the user that runs this program. Let it read the file, or start it in another folder."]);
        }
        configuration.InsertBeforeEnvironment(new DotEnvProvider(Parse(lines)));
    }

    /// <summary>The last one of a key that stands there twice counts, as in a shell.</summary>
    internal static Dictionary<string, string?> Parse(IEnumerable<string> lines)
    {
        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        var faults = new List<string>();
        foreach (var (number, line) in lines.Select((line, index) => (index + 1, line.Trim())))
        {
            if (IsBlank(line))
            {
                continue;
            }
            if (ReadLine(line) is not var (key, value))
            {
                faults.Add($"{Name} line {number} is not KEY=value, or its quotes are not closed.");
                continue;
            }
            key = key.Replace("__", ConfigurationPath.KeyDelimiter, StringComparison.Ordinal);
            var isSpelledAnew = key.StartsWith(SpelledVariables.StackPrefix, StringComparison.OrdinalIgnoreCase)
                && values.Keys.FirstOrDefault(k => k.Equals(key, StringComparison.OrdinalIgnoreCase)) is { } before && before != key;
            values[isSpelledAnew ? SpelledVariables.Marked(key, number) : key] = value;
        }
        return faults.Count == 0 ? values : throw new SettingsException(faults);
    }

    /// <summary>A line that sets nothing.</summary>
    internal static bool IsBlank(string line) => line.AsSpan().TrimStart() is [] or ['#', ..];

    /// <summary>What a line sets; null = it is not <c>KEY=value</c>, or its quotes are not closed.</summary>
    internal static (string Key, string Value)? ReadLine(string line)
    {
        var equals = line.IndexOf('=', StringComparison.Ordinal);
        var key = equals < 0 ? "" : line[..equals].Trim();
        key = key.StartsWith("export ", StringComparison.Ordinal) ? key[7..].Trim() : key;
        return key.Length > 0 && key.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or ':') && Value(line[(equals + 1)..].Trim()) is { } value
            ? (key, value)
            : null;
    }

    private static string? Value(string text)
    {
        if (text.Length > 0 && text[0] is '"' or '\'')
        {
            var end = text.IndexOf(text[0], 1);
            var rest = end < 0 ? "" : text[(end + 1)..].TrimStart();
            return end < 0 || (rest.Length > 0 && rest[0] != '#') ? null : text[1..end];
        }
        // A # inside a word belongs to it: passwords and image digests have some.
        var comment = text.StartsWith('#') ? 0 : text.IndexOf(" #", StringComparison.Ordinal);
        return (comment < 0 ? text : text[..comment]).TrimEnd();
    }
}

/// <summary>What stands in <c>.env</c>.</summary>
internal sealed class DotEnvProvider : ConfigurationProvider, IConfigurationSource
{
    public DotEnvProvider(Dictionary<string, string?> values) => Data = values;

    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;
}
