using System.Net.Http.Json;
using AiStackDeployer.DokployEmulator;

namespace AiStackDeployer.Tests.TestKit;

/// <summary>What somebody does in Dokploy's own pages, past the portal.</summary>
internal static class DokployHands
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task DoAsync(this DokployEmulatorHost dokploy, string call, object body)
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Add("x-api-key", dokploy.ApiKey);
        using var answer = await http.PostAsJsonAsync(new Uri(dokploy.ApiUrl, $"api/{call}"), body, Token);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Token));
    }
}
