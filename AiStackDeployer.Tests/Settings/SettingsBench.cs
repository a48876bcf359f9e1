using AiStackDeployer.Web.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;

namespace AiStackDeployer.Tests.Settings;

/// <summary>Reads settings as the program does, from pairs given by a test.</summary>
internal static class SettingsBench
{
    public const string Token = "token-that-must-not-be-told";

    public static PortalSettings Production(params (string Key, string? Value)[] settings) => Read(
        "Production",
        [("DOKPLOY_URL", "https://dokploy.test"), ("DOKPLOY_API_TOKEN", Token), ("STACK_IMAGE", "registry.test/stack:1"), ("PUBLIC_URL", "https://portal.test"), ("AUTH", "none"), .. settings]);

    public static PortalSettings Development(params (string Key, string? Value)[] settings) => Read("Development", settings);

    public static PortalSettings Read(string environment, params (string Key, string? Value)[] settings) =>
        PortalSettings.Read(Configuration(settings), new NamedEnvironment(environment));

    /// <summary>The faults of settings with which the program must not start.</summary>
    public static IReadOnlyList<string> Faults(params (string Key, string? Value)[] settings) =>
        Assert.Throws<SettingsException>(() => Production(settings)).Faults;

    public static IConfigurationRoot Configuration((string Key, string? Value)[] settings)
    {
        var pairs = new Dictionary<string, string?>();
        foreach (var (key, value) in settings)
        {
            pairs[key.Replace("__", ":", StringComparison.Ordinal)] = value;
        }
        return new ConfigurationBuilder().AddInMemoryCollection(pairs).Build();
    }
}

internal sealed class NamedEnvironment(string name) : IHostEnvironment
{
    public string EnvironmentName { get; set; } = name;

    public string ApplicationName { get; set; } = "portal";

    public string ContentRootPath { get; set; } = AppContext.BaseDirectory;

    public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
}
