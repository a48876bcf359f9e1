namespace AiStackDeployer.Contract;

/// <summary>
/// <c>--health</c>: a program asks the one of its kind that runs beside it, because its container has nothing else that could, or
/// should, do it.
/// </summary>
public static class OwnHealth
{
    public const string Argument = "--health";

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(4);

    /// <returns>The exit code: 0 when it answers, else 1.</returns>
    public static async Task<int> AskAsync(string? port, int defaultPort)
    {
        var address = new UriBuilder("http", "127.0.0.1", int.TryParse(port, out var set) ? set : defaultPort, "/healthz").Uri;
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = Timeout };
        try
        {
            using var answer = await http.GetAsync(address);
            return answer.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            await Console.Error.WriteLineAsync($"Nobody answers at {address}.");
            return 1;
        }
    }
}
