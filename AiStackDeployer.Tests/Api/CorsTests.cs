using AiStackDeployer.Tests.TestKit;

namespace AiStackDeployer.Tests.Api;

public sealed class CorsTests
{
    private const string Intranet = "https://intranet.example.org";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pages_of_other_origins_may_not_call_by_default()
    {
        await using var portal = new PortalFactory();
        await portal.InitializeAsync();

        Assert.Null(await AllowedOriginAsync(portal, Intranet, preflight: false));
        Assert.Null(await AllowedOriginAsync(portal, Intranet, preflight: true));
        // A browser that asks nothing beforehand sends the call itself, and only keeps its answer from the page.
        using var sent = await DeployAsync(portal, Intranet);
        await sent.AssertProblemAsync(403, "origin-not-allowed");
        Assert.Equal(0, (await portal.NewScript().GetJsonAsync("api/deployments"))["total"]!.GetValue<int>());
    }

    [Fact]
    public async Task Pages_of_the_origins_that_the_operator_names_may()
    {
        await using var portal = new PortalFactory().With("CORS_ORIGINS", $"{Intranet}, http://localhost:5173");
        await portal.InitializeAsync();

        Assert.Equal(Intranet, await AllowedOriginAsync(portal, Intranet, preflight: false));
        Assert.Equal(Intranet, await AllowedOriginAsync(portal, Intranet, preflight: true));
        Assert.Equal("http://localhost:5173", await AllowedOriginAsync(portal, "http://localhost:5173", preflight: true));
        Assert.Null(await AllowedOriginAsync(portal, "https://evil.example.org", preflight: true));
        using var sent = await DeployAsync(portal, Intranet);
        Assert.Equal(System.Net.HttpStatusCode.Accepted, sent.StatusCode);
        using var evil = await DeployAsync(portal, "https://evil.example.org");
        await evil.AssertProblemAsync(403, "origin-not-allowed");
        Assert.Equal(1, (await portal.NewScript().GetJsonAsync("api/deployments"))["total"]!.GetValue<int>());
    }

    private static async Task<HttpResponseMessage> DeployAsync(PortalFactory portal, string origin)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/deploy")
        {
            Content = System.Net.Http.Json.JsonContent.Create(new { name = "cors-lab" }), Headers = { { "Origin", origin } },
        };
        return await portal.NewScript().SendAsync(request, Token);
    }

    private static async Task<string?> AllowedOriginAsync(PortalFactory portal, string origin, bool preflight)
    {
        using var request = preflight
            ? new HttpRequestMessage(HttpMethod.Options, "api/deploy")
            : new HttpRequestMessage(HttpMethod.Get, "api/check/some-name");
        request.Headers.Add("Origin", origin);
        if (preflight)
        {
            request.Headers.Add("Access-Control-Request-Method", "POST");
            request.Headers.Add("Access-Control-Request-Headers", "content-type,idempotency-key");
        }
        using var answer = await portal.NewScript().SendAsync(request, Token);
        return answer.Headers.TryGetValues("Access-Control-Allow-Origin", out var allowed) ? allowed.Single() : null;
    }
}
