namespace AiStackDeployer.Web.Settings;

/// <summary>
/// Variables of the environment that differ only in case, which configuration does not tell apart. Of a setting the documented spelling
/// wins; of a stack's variables each arrives, because programs read <c>HTTP_PROXY</c> or <c>http_proxy</c>.
/// </summary>
internal sealed class SpelledVariables : ConfigurationProvider, IConfigurationSource
{
    public const string StackPrefix = "STACK_ENV:";

    /// <summary>Stands between a name and a number, so that configuration keeps both spellings; no variable's name has it.</summary>
    private const char Mark = '|';

    public SpelledVariables(IEnumerable<KeyValuePair<string, string>> environment, IReadOnlySet<string> settings)
    {
        foreach (var spelled in environment.GroupBy(v => v.Key.Replace("__", ":", StringComparison.Ordinal), StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1))
        {
            if (spelled.Key.StartsWith(StackPrefix, StringComparison.OrdinalIgnoreCase))
            {
                foreach (var (index, variable) in spelled.Index())
                {
                    Data[Marked(variable.Key.Replace("__", ":", StringComparison.Ordinal), index)] = variable.Value;
                }
            }
            else if (settings.FirstOrDefault(s => s.Equals(spelled.Key, StringComparison.OrdinalIgnoreCase)) is { } setting)
            {
                var read = spelled.OrderBy(v => v.Key != setting).ThenBy(v => v.Key, StringComparer.Ordinal).First();
                Data[setting] = read.Value;
                Warnings.Add($"{string.Join(" and ", spelled.Select(v => v.Key).Order(StringComparer.Ordinal))} differ only in case: {read.Key} is read.");
            }
        }
    }

    public List<string> Warnings { get; } = [];

    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

    public static string Marked(string key, int number) => $"{key}{Mark}{number}";

    public static bool IsMarked(string key) => key.Contains(Mark, StringComparison.Ordinal);

    public static string NameOf(string key) => key.Split(Mark)[0];
}
