using System.Text.RegularExpressions;

namespace AiStackDeployer.DokployEmulator.Swarm;

/// <summary>
/// The one string of environment an application has, read as Dokploy reads it: dotenv lines, then
/// <c>${{…}}</c> references. Rules as recorded: an unquoted '#' cuts the value, back-ticks are quotes, "export " is
/// stripped, the last duplicate wins, lines without '=' vanish, "\n" expands in double quotes only.
/// </summary>
internal static partial class DotEnv
{
    /// <summary>A reference to a variable nobody defines. The message is what the deployment log shows.</summary>
    public sealed class UnknownReference(string message) : Exception(message);

    public static List<KeyValuePair<string, string>> Parse(string? text)
    {
        var values = new List<KeyValuePair<string, string>>();
        var lines = (text ?? "").Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        foreach (Match match in Line().Matches(lines))
        {
            var key = match.Groups["key"].Value;
            var pair = KeyValuePair.Create(key, Unquote(match.Groups["value"].Value.Trim()));

            // A JavaScript object keeps the place of a key's first appearance and the value of its last.
            var seen = values.FindIndex(v => v.Key == key);
            if (seen < 0)
            {
                values.Add(pair);
            }
            else
            {
                values[seen] = pair;
            }
        }

        return values;
    }

    /// <summary>Parses and resolves; entries come as "KEY=VALUE" in the order of first appearance.</summary>
    /// <exception cref="UnknownReference">A reference points at nothing.</exception>
    public static List<string> Resolve(string? service, string? project, string? environment)
    {
        var own = Parse(service);
        var ofProject = Parse(project);
        var ofEnvironment = Parse(environment);
        return own.ConvertAll(pair => pair.Key + "=" + Reference().Replace(pair.Value, match =>
        {
            var name = match.Groups[1].Value.Trim();
            return name.Split('.', 2) switch
            {
                ["project", var key] => Find(ofProject, key)
                    ?? throw new UnknownReference($"Invalid project environment variable: project.{key}"),
                ["environment", var key] => Find(ofEnvironment, key)
                    ?? throw new UnknownReference($"Invalid environment variable: environment.{key}"),
                _ => Find(own, name)
                    ?? throw new UnknownReference($"Invalid service environment variable: {name}"),
            };
        }));
    }

    private static string? Find(List<KeyValuePair<string, string>> values, string key)
    {
        var at = values.FindIndex(v => v.Key == key);
        return at < 0 ? null : values[at].Value;
    }

    private static string Unquote(string value)
    {
        if (value.Length < 2 || value[0] is not ('"' or '\'' or '`') || value[^1] != value[0])
        {
            return value;
        }

        var inner = value[1..^1];
        return value[0] == '"'
            ? inner.Replace("\\n", "\n", StringComparison.Ordinal).Replace("\\r", "\r", StringComparison.Ordinal)
            : inner;
    }

    [GeneratedRegex("""
        ^[ \t]*(?:export[ \t]+)?(?<key>[\w.-]+)(?:[ \t]*=[ \t]*?|:[ \t]+?)(?<value>[ \t]*'(?:\\'|[^'])*'|[ \t]*"(?:\\"|[^"])*"|[ \t]*`(?:\\`|[^`])*`|[^#\n]+)?[ \t]*(?:\#.*)?$
        """, RegexOptions.Multiline | RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture)]
    private static partial Regex Line();

    [GeneratedRegex(@"\$\{\{(.*?)\}\}")]
    private static partial Regex Reference();
}
