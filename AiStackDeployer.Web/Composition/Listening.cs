using AiStackDeployer.Web.Settings;

namespace AiStackDeployer.Web.Composition;

internal static class Listening
{
    /// <summary>A name of 1 MB must get a clear answer rather than a reset: four bytes in the path's encoding for each of its own.</summary>
    public const int LongestRequest = 4 * 1024 * 1024;

    public static void ListenAsConfigured(this ConfigureWebHostBuilder web, PortalSettings settings)
    {
        web.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestLineSize = LongestRequest;
            kestrel.Limits.MaxRequestBufferSize = LongestRequest;
            kestrel.Limits.MaxRequestBodySize = LongestRequest;
        });
        // Given by the framework's own setting (tests, hosting): that one wins.
        if (string.IsNullOrEmpty(web.GetSetting(WebHostDefaults.ServerUrlsKey)))
        {
            web.UseUrls($"http://{settings.Host}:{settings.Port}");
        }
    }

    /// <summary>Values of a <c>.env</c> file in the folder the program is started in; the real environment wins over it.</summary>
    public static void AddDotEnvFile(this ConfigurationManager configuration)
    {
        var file = Path.Combine(Directory.GetCurrentDirectory(), ".env");
        if (!File.Exists(file))
        {
            return;
        }
        var environment = configuration.Sources.ToList().FindIndex(s => s is Microsoft.Extensions.Configuration.EnvironmentVariables.EnvironmentVariablesConfigurationSource { Prefix: null or "" });
        var source = new Microsoft.Extensions.Configuration.Ini.IniConfigurationSource { Path = file, Optional = true };
        source.ResolveFileProvider();
        configuration.Sources.Insert(environment < 0 ? configuration.Sources.Count : environment, source);
    }
}
