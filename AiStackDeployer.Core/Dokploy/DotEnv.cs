using System.Text;
using System.Text.RegularExpressions;

namespace AiStackDeployer.Core.Dokploy;

/// <summary>
/// Writes environment variables as the dotenv text Dokploy parses, so that every value arrives as it was. What that
/// format cannot carry is refused: a value that silently arrives shortened is worse than none.
/// </summary>
public static partial class DotEnv
{
    /// <summary>
    /// One <c>KEY='value'</c> line per variable; other quotes when the value holds that one.
    /// Throws <see cref="DotEnvException"/>, which names the key and never the value.
    /// </summary>
    public static string Format(IEnumerable<KeyValuePair<string, string>> variables)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var text = new StringBuilder();
        foreach (var (key, value) in variables)
        {
            // __proto__ would set the parser's object up instead of a variable.
            if (!Key().IsMatch(key) || key == "__proto__")
            {
                throw new DotEnvException(Printable(key), "a name holds letters, digits and underscores and does not begin with a digit");
            }
            if (!seen.Add(key))
            {
                throw new DotEnvException(key, "it is set twice");
            }
            text.Append(text.Length == 0 ? "" : "\n").Append(key).Append('=').Append(Quote(key, value));
        }
        return text.ToString();
    }

    private static string Quote(string key, string value)
    {
        if (value.Contains('\0'))
        {
            throw new DotEnvException(key, "the value holds a NUL character");
        }
        if (HasLoneSurrogate(value))
        {
            throw new DotEnvException(key, "the value is not valid Unicode");
        }
        // Dokploy puts references in after parsing, whatever the quotes; an unknown one fails the deploy, a known one
        // would hand out another project's value.
        if (value.Contains("${{", StringComparison.Ordinal))
        {
            throw new DotEnvException(key, "the value holds \"${{\", which Dokploy takes for a reference");
        }
        // A backslash before the closing quote may carry the string on into the next line.
        if (value.EndsWith('\\'))
        {
            return IsPlain(value)
                ? value
                : throw new DotEnvException(key, "the value ends in a backslash and would need quotes");
        }
        // Line ends are normalised before parsing, so that a carriage return survives only as an escape.
        if (!value.Contains('\r'))
        {
            if (!value.Contains('\''))
            {
                return $"'{value}'";
            }
            if (!value.Contains('`'))
            {
                return $"`{value}`";
            }
        }
        // Within double quotes \n and \r are expanded, but neither \" nor \\ is undone.
        if (value.Contains('"'))
        {
            throw new DotEnvException(key, "the value holds every kind of quote, or a double quote and a carriage return");
        }
        return Escape().IsMatch(value)
            ? throw new DotEnvException(key, "the value would need double quotes and holds a literal \\n or \\r")
            : $"\"{value.Replace("\n", "\\n", StringComparison.Ordinal).Replace("\r", "\\r", StringComparison.Ordinal)}\"";
    }

    // Without quotes a value ends at # and at the line's end, is trimmed, and must not look quoted.
    private static bool IsPlain(string value) =>
        value.AsSpan().IndexOfAny("#\r\n\u2028\u2029") < 0
        && !char.IsWhiteSpace(value[0]) && value[0] is not ('\'' or '"' or '`' or '\uFEFF');

    private static bool HasLoneSurrogate(string value)
    {
        for (var i = 0; i < value.Length; i++)
        {
            if (char.IsHighSurrogate(value[i]) && i + 1 < value.Length && char.IsLowSurrogate(value[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(value[i]))
            {
                return true;
            }
        }
        return false;
    }

    private static string Printable(string key) =>
        new([.. key.Take(40).Select(c => c is > ' ' and <= '~' ? c : '?')]);

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_]*\z")]
    private static partial Regex Key();

    [GeneratedRegex(@"\\[nr]")]
    private static partial Regex Escape();
}

/// <summary>A variable that dotenv cannot carry. The message names the variable, never its value.</summary>
public sealed class DotEnvException(string key, string reason)
    : Exception($"Environment variable \"{key}\" cannot be handed to Dokploy: {reason}.");
