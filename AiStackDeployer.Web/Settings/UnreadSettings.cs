using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.KeyPerFile;

namespace AiStackDeployer.Web.Settings;

/// <summary>Names that somebody set and nobody reads: a slip of the pen would otherwise leave a default in force without a word.</summary>
internal static class UnreadSettings
{
    /// <summary>Two letters more, less or other, or two changed places.</summary>
    private const int MostSlips = 2;

    /// <summary>A shorter name is near to too many others.</summary>
    private const int ShortestName = 7;

    /// <summary>Whatever begins so and is not ours was meant to be.</summary>
    private static readonly string[] Families = ["STACK_", "DOKPLOY_", "HETZNER_", "EMULATOR_", "GITEA_", "METRICS_"];

    /// <summary>Read by the framework, by the exporters of telemetry, by compose, or by a command.</summary>
    private static readonly string[] Others = ["ASPNETCORE_", "DOTNET_", "OTEL_", "COMPOSE_", "GRAFANA_", "PORTAL_", "SDK_IMAGE", "RUNTIME_IMAGE", "SECRETS_DIR", "BACKUP_PASSPHRASE"];

    /// <summary>A sentence for each, with the name it is nearest to and never with a value.</summary>
    public static IEnumerable<string> Of(IConfigurationRoot configuration, IReadOnlySet<string> settings)
    {
        // A slip here would quietly begin a new database in a file.
        foreach (var other in configuration.GetSection("ConnectionStrings").GetChildren().Where(c => !c.Key.Equals("Portal", StringComparison.OrdinalIgnoreCase)))
        {
            yield return $"ConnectionStrings__{other.Key} is read by nobody; is ConnectionStrings__Portal meant?";
        }
        foreach (var provider in configuration.Providers)
        {
            var place = provider switch
            {
                DotEnvProvider => DotEnvFile.Name,
                KeyPerFileConfigurationProvider => "the folder of secrets",
                EnvironmentVariablesConfigurationProvider => "the environment",
                _ => null,
            };
            foreach (var name in place is null ? [] : provider.GetChildKeys([], parentPath: null).Distinct().Where(name => !IsRead(name, settings)))
            {
                var nearest = settings.MinBy(setting => Slips(name.ToUpperInvariant(), setting))!;
                var isNear = Slips(name.ToUpperInvariant(), nearest) <= Math.Max(MostSlips, name.Length / 3);
                // The environment and a folder of secrets are shared with others; .env is the portal's own.
                if (provider is DotEnvProvider || LooksLikeOurs(name, nearest))
                {
                    yield return $"{name} in {place} is read by nobody{(isNear ? $"; is {nearest} meant?" : ".")}";
                }
            }
        }
    }

    private static bool IsRead(string name, IReadOnlySet<string> settings) =>
        settings.Contains(name)
        || (name.EndsWith(NamedFiles.Suffix, StringComparison.OrdinalIgnoreCase) && settings.Contains(name[..^NamedFiles.Suffix.Length]))
        || Others.Any(other => name.StartsWith(other, StringComparison.OrdinalIgnoreCase));

    private static bool LooksLikeOurs(string name, string nearest) =>
        (name.Length >= ShortestName && Slips(name.ToUpperInvariant(), nearest) <= MostSlips)
        // Docker and Kubernetes name a neighbour's address so.
        || (Families.Any(family => name.StartsWith(family, StringComparison.Ordinal)) && !name.Contains("_PORT", StringComparison.Ordinal) && !name.Contains("_SERVICE_", StringComparison.Ordinal));

    /// <summary>Levenshtein's distance.</summary>
    private static int Slips(string one, string other)
    {
        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 1; i <= one.Length; i++)
        {
            var (before, diagonal) = (row[0], row[0]);
            row[0] = i;
            for (var j = 1; j <= other.Length; j++)
            {
                (before, diagonal) = (row[j], before);
                row[j] = Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (one[i - 1] == other[j - 1] ? 0 : 1));
            }
        }
        return row[^1];
    }
}
