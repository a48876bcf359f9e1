using System.Text;
using System.Text.Json;

namespace AiStackDeployer.LogIngest.Loki;

/// <summary>
/// The line of an event: its type, its message, and after a tab its attributes as <c>name=value</c>. So one search over lines finds all of
/// it, also in Grafana. A message has no tab, so it can be read back.
/// </summary>
internal static class LokiLine
{
    public static string Of(LogEntry entry)
    {
        var line = new StringBuilder(entry.Type);
        if (entry.Message is not null)
        {
            line.Append(' ').Append(entry.Message);
        }
        var separator = '\t';
        foreach (var (name, value) in Attrs(entry.Attrs))
        {
            line.Append(separator).Append(name).Append('=').Append(value);
            separator = ' ';
        }
        return line.ToString();
    }

    /// <returns>The message; null = there was none.</returns>
    public static string? MessageIn(string line, string type)
    {
        var text = line.AsSpan();
        if (text.IndexOf('\t') is >= 0 and var tab)
        {
            text = text[..tab];
        }
        return text.Length > type.Length + 1 && text.StartsWith(type, StringComparison.Ordinal) && text[type.Length] == ' '
            ? text[(type.Length + 1)..].ToString()
            : text.SequenceEqual(type) ? null : text.ToString();
    }

    public static IEnumerable<(string Name, string Value)> Attrs(byte[] json)
    {
        if (json.Length == 0)
        {
            yield break;
        }
        using var document = JsonDocument.Parse(json);
        foreach (var attr in document.RootElement.EnumerateObject())
        {
            yield return (attr.Name, attr.Value.GetString()!);
        }
    }
}
