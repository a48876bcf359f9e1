using System.Collections;
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

    /// <summary>The portal before it is built, without its own files yet.</summary>
    public static WebApplicationBuilder CreateBuilder(params string[] arguments) => WebApplication.CreateBuilder(new WebApplicationOptions
    {
        // Settings are read once; a watcher that nobody needs would keep a machine without free inotify instances from starting the portal.
        Args = [.. arguments, "--hostBuilder:reloadConfigOnChange=false"],
        // Where the program lies: the one settings file is copied there, from whichever folder it is started.
        ContentRootPath = AppContext.BaseDirectory,
    });

    /// <summary>What a command reads: no host is built for it.</summary>
    /// <exception cref="SettingsException">A file of settings cannot be read.</exception>
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
        if (configuration.AddPortalFilesTolerantly() is { Count: > 0 } faults)
        {
            throw new SettingsException(faults);
        }
    }

    /// <returns>What is wrong with the files; the others are added.</returns>
    public static IReadOnlyList<string> AddPortalFilesTolerantly(this ConfigurationManager configuration)
    {
        var faults = new List<string>();
        foreach (var add in (Action<ConfigurationManager>[])[DotEnvFile.AddDotEnvFile, AddSecretFiles, AddSpelledVariables, NamedFiles.AddNamedFiles])
        {
            try
            {
                add(configuration);
            }
            catch (SettingsException e)
            {
                faults.AddRange(e.Faults);
            }
        }
        return faults;
    }

    private static void AddSpelledVariables(ConfigurationManager configuration) => configuration.Sources.Add(new SpelledVariables(
        Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(v => KeyValuePair.Create((string)v.Key, (string?)v.Value ?? "")), PortalSettings.Names));

    /// <exception cref="SettingsException">A file may not be read.</exception>
    private static void AddSecretFiles(this ConfigurationManager configuration)
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
            catch (ArgumentException)
            {
                throw new SettingsException([$"{SecretsFolder} ({folder}): two files have the same name but for upper and lower case."]);
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
