using AiStackDeployer.Web.Settings;

namespace AiStackDeployer.Web.Composition;

internal static class Listening
{
    /// <summary>A name of 1 MB must get a clear answer rather than a reset: percent-encoded it has three characters for each byte.</summary>
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
        var portal = web.GetSetting(WebHostDefaults.ServerUrlsKey) is { Length: > 0 } given ? given : AddressOf(settings.Host, settings.Port);
        web.UseUrls(settings.Telemetry is { MetricsPort: { } port, MetricsHost: var host } ? [portal, AddressOf(host, port)] : [portal]);
    }

    internal static string AddressOf(string host, int port)
    {
        host = host switch
        {
            // Kestrel has two sockets for "localhost" and cannot give both the same free port.
            "localhost" when port == 0 => "127.0.0.1",
            var ip when Uri.CheckHostName(ip) == UriHostNameType.IPv6 && !ip.StartsWith('[') => $"[{ip}]",
            var name => name,
        };
        return $"http://{host}:{port}";
    }
}
