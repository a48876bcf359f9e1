using System.Runtime.CompilerServices;
using AiStackDeployer.Web.Composition;
using AiStackDeployer.Web.Settings;
using Microsoft.Extensions.Configuration;

namespace AiStackDeployer.Tests.Settings;

/// <summary>The files that explain the settings tell the truth about the program.</summary>
public sealed class SettingsFilesTests
{
    private static readonly string Root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "..", ".."));

    [Fact]
    public void Env_example_explains_every_key_that_is_read_and_no_other() => Assert.Equal(
        PortalSettings.Names.Order(StringComparer.Ordinal),
        Explained().Keys.Select(k => k.Split(':')[0]).Order(StringComparer.Ordinal));

    [Fact]
    public void Env_example_taken_as_it_stands_with_the_two_secrets_filled_in_starts_in_production()
    {
        var values = Explained();
        values["DOKPLOY_API_TOKEN"] = "filled-in";
        values["STACK_ENV:ANTHROPIC_API_KEY"] = "filled-in";
        var example = Read(values);
        var defaults = SettingsBench.Production(("STACK_IMAGE", example.Stacks.Image), ("DOKPLOY_URL", "https://dokploy.example.org"));

        Assert.Equal(defaults.Stacks, example.Stacks);
        Assert.Equal((defaults.Host, defaults.Port, defaults.DataDirectory, defaults.LogLevel, defaults.Emulator), (example.Host, example.Port, example.DataDirectory, example.LogLevel, example.Emulator));
        Assert.Equal(defaults.Provisioning.Readiness, example.Provisioning.Readiness);
        Assert.Equal(
            defaults.Provisioning with { Environment = example.Provisioning.Environment, PortalUrl = example.PublicUrl }, example.Provisioning);
        Assert.True(example.ReservedNames.Contains("portal"));
        Assert.Equal(defaults.Telemetry with { ResourceAttributes = example.Telemetry.ResourceAttributes }, example.Telemetry);
        Assert.Equal("ai-stack-deployer", PortalTelemetry.ResourceOf(defaults.Telemetry)["service.name"]);
        Assert.Equal("ai-stack-deployer", example.Telemetry.ResourceAttributes["service.name"]);
    }

    [Fact]
    public void Each_key_of_env_example_has_a_comment_above_it_or_above_its_neighbour()
    {
        var lines = File.ReadAllLines(Path.Combine(Root, ".env.example"));
        var explained = false;
        foreach (var line in lines)
        {
            if (line.Length == 0)
            {
                explained = false;
            }
            else if (line.StartsWith("# ", StringComparison.Ordinal))
            {
                explained = true;
            }
            else
            {
                Assert.True(explained, line);
            }
        }
    }

    [Fact]
    public void The_settings_file_holds_known_keys_with_their_defaults()
    {
        var file = new ConfigurationBuilder().AddJsonFile(Path.Combine(Root, "appsettings.json")).Build();
        var keys = Explained().Keys;
        Assert.All(file.AsEnumerable(), pair => Assert.Contains(pair.Key, keys));

        var settings = PortalSettings.Read(file, new NamedEnvironment("Development"));
        var defaults = SettingsBench.Development();
        Assert.Equal((defaults.Port, defaults.LogLevel, defaults.Stacks), (settings.Port, settings.LogLevel, settings.Stacks));
        Assert.Equal(defaults.Provisioning.Parallel, settings.Provisioning.Parallel);
        Assert.True(settings.ReservedNames.Contains("portal"));
    }

    private static PortalSettings Read(Dictionary<string, string?> values) => PortalSettings.Read(
        new ConfigurationBuilder().AddInMemoryCollection(values.Where(v => v.Value?.Length > 0)).Build(), new NamedEnvironment("Production"));

    private static Dictionary<string, string?> Explained() => DotEnvFile.Parse(
        File.ReadLines(Path.Combine(Root, ".env.example")).Where(l => l.Length > 1 && l[0] == '#' && l[1] != ' ').Select(l => l[1..]));

    private static string Here([CallerFilePath] string path = "") => path;
}
