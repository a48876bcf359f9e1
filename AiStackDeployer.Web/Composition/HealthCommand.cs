using AiStackDeployer.Web.Settings;

namespace AiStackDeployer.Web.Composition;

/// <summary>
/// <c>--health [ready]</c>: asks the portal of this machine whether it lives, or whether it is ready; 0 = yes, 1 = no. An image
/// without shell and curl has no other way to be checked. It runs every few seconds, so it reads the two settings it needs and
/// starts nothing else.
/// </summary>
internal static class HealthCommand
{
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(4);

    public static async Task<int> RunAsync(string[] args)
    {
        if (args is not ([] or ["ready"]))
        {
            return await SayAsync("Usage: --health [ready]");
        }
        Uri address;
        try
        {
            address = AddressOf(PortalConfiguration.Read(), args is [] ? "/health/live" : "/health/ready");
        }
        catch (Exception e) when (StartFailure.Of(e) is { } failure)
        {
            return await SayAsync(failure.Sentence);
        }
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false }) { Timeout = RequestTimeout };
        try
        {
            using var answer = await http.GetAsync(address);
            return answer.IsSuccessStatusCode ? 0 : await SayAsync($"The portal is not well: {address} answers {(int)answer.StatusCode}.");
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return await SayAsync($"No portal answers at {address}.");
        }
    }

    /// <summary>Where a portal with these settings listens, as seen from this machine.</summary>
    internal static Uri AddressOf(IConfiguration configuration, string path)
    {
        var reader = new SettingsReader(configuration);
        var host = reader.ListenAddress("HOST", "127.0.0.1") switch
        {
            // Everywhere is here, too.
            "0.0.0.0" or "*" or "+" => "127.0.0.1",
            "::" or "[::]" => "[::1]",
            var one => one,
        };
        return new UriBuilder("http", host, reader.Int("PORT", PortalSettings.DefaultPort, 1, 65535), path).Uri;
    }

    private static async Task<int> SayAsync(string sentence)
    {
        await Console.Error.WriteLineAsync(sentence);
        return 1;
    }
}
