using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.KeyPerFile;
using Microsoft.Extensions.FileProviders;

namespace AiStackDeployer.Web.Settings;

/// <summary>
/// Where settings come from, each winning over those before it: <c>appsettings.json</c> beside the program, <c>.env</c> in the
/// folder it is started in, one file for each setting in <c>SECRETS_DIR</c> (as Docker and Kubernetes mount secrets), the
/// environment, of which an empty variable hides no secret's file. The same for the portal and for each of its commands.
/// </summary>
internal static class PortalConfiguration
{
    private const string SecretsFolder = "SECRETS_DIR";
    private const string DefaultSecretsFolder = "/run/secrets";

    /// <summary>What a command reads: no host is built for it.</summary>
    /// <exception cref="SettingsException">A line of <c>.env</c> cannot be read.</exception>
    public static ConfigurationManager Read()
    {
        var configuration = new ConfigurationManager();
        configuration.AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json"), optional: true).AddEnvironmentVariables();
        configuration.AddPortalFiles();
        return configuration;
    }

    /// <summary>Adds <c>.env</c> and the secrets' files to a configuration that has the environment already.</summary>
    /// <exception cref="SettingsException">A line of <c>.env</c> is not <c>KEY=value</c>, or a secret's file may not be read.</exception>
    public static void AddPortalFiles(this ConfigurationManager configuration)
    {
        configuration.AddDotEnvFile();
        configuration.AddSecretFiles();
    }

    /// <exception cref="SettingsException">A file may not be read.</exception>
    public static void AddSecretFiles(this ConfigurationManager configuration)
    {
        var folder = Path.GetFullPath(configuration[SecretsFolder] is { Length: > 0 } named ? named : DefaultSecretsFolder);
        if (Directory.Exists(folder))
        {
            try
            {
                // Read once: a mounted secret does not change under a running portal, and a watcher costs a file handle each.
                var secrets = new KeyPerFileConfigurationSource { FileProvider = new PhysicalFileProvider(folder), Optional = true, ReloadOnChange = false };
                configuration.InsertBeforeEnvironment(secrets);
                // Compose makes a whole .env the environment, with the lines that were left empty because the value is in a file.
                var hidden = new ConfigurationBuilder().Add(secrets).Build().AsEnumerable().Where(s => s.Value is not null && configuration[s.Key] is "").ToList();
                configuration.AddInMemoryCollection(hidden);
            }
            catch (Exception e) when (e is UnauthorizedAccessException or IOException)
            {
                throw new SettingsException([$"{SecretsFolder} ({folder}): the portal's user may not read {Unreadable(folder)}."]);
            }
        }
    }

    private static string Unreadable(string folder)
    {
        try
        {
            return Directory.GetFiles(folder).Where(f => !MayBeRead(f)).Select(Path.GetFileName).Order().ToList() is { Count: > 0 } files
                ? string.Join(", ", files)
                : "what is in it";
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            return "the folder itself";
        }
    }

    private static bool MayBeRead(string file)
    {
        try
        {
            File.OpenRead(file).Dispose();
            return true;
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            return false;
        }
    }

    /// <summary>So that what an operator sets for one start wins over what lies in files.</summary>
    public static void InsertBeforeEnvironment(this ConfigurationManager configuration, IConfigurationSource source)
    {
        var environment = configuration.Sources.ToList()
            .FindIndex(s => s is EnvironmentVariablesConfigurationSource { Prefix: null or "" });
        configuration.Sources.Insert(environment < 0 ? configuration.Sources.Count : environment, source);
    }
}
