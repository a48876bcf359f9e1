using System.Net;
using AiStackDeployer.Tests.TestKit;

namespace AiStackDeployer.Tests.Api;

/// <summary>What monitors, link checkers and clients that look for a way to sign in ask beside the API.</summary>
public sealed class HeadTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("")]
    [InlineData("stacks")]
    [InlineData("admin")]
    [InlineData("no-such-page")]
    [InlineData("app.css")]
    [InlineData("openapi/v1.json")]
    [InlineData("scalar")]
    [InlineData("health")]
    [InlineData("api/deployments")]
    [InlineData("api/deployments/dep_none")]
    [InlineData("api/stacks")]
    [InlineData("api/check/head-lab")]
    [InlineData("api/figures")]
    [InlineData("mcp")]
    public async Task HEAD_answers_as_GET_does_without_a_body(string path)
    {
        using var get = await AskAsync(HttpMethod.Get, path);
        using var head = await AskAsync(HttpMethod.Head, path);

        Assert.Equal((get.StatusCode, get.Content.Headers.ContentType), (head.StatusCode, head.Content.Headers.ContentType));
        Assert.Empty(await head.Content.ReadAsByteArrayAsync(Token));
    }

    [Fact(Timeout = 60_000)]
    public async Task HEAD_of_a_stream_ends_while_the_stream_goes_on()
    {
        using var gate = await portal.HoldAsync("application.create");
        var id = (await portal.NewPerson().StartAsync("head-of-stream")).Text("deploymentId");
        await gate.Arrived.WaitAsync(Token);

        using var head = await AskAsync(HttpMethod.Head, $"api/status/{id}");

        Assert.Equal((HttpStatusCode.OK, "text/event-stream"), (head.StatusCode, head.Content.Headers.ContentType!.MediaType));
        await portal.NobodyWatchesAsync(TestContext.Current.CancellationToken);
        gate.Release();
    }

    [Theory]
    [InlineData("POST", "register")]
    [InlineData("GET", "no-such-page")]
    public async Task A_program_that_asks_for_what_is_not_there_is_told_so_in_JSON(string method, string path)
    {
        foreach (var accept in new[] { "application/json", "*/*", "" })
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            request.Headers.TryAddWithoutValidation("Accept", accept);
            using var answer = await portal.NewScript().SendAsync(request, Token);

            await answer.AssertProblemAsync(404, "not-found");
        }
    }

    [Fact]
    public async Task A_person_who_opens_what_is_not_there_sees_a_page()
    {
        using var answer = await AskAsync(HttpMethod.Get, "no-such-page");

        Assert.Equal((HttpStatusCode.NotFound, "text/html"), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
    }

    /// <summary>The proxy takes the path off and says so.</summary>
    [Fact]
    public async Task Below_a_path_every_address_that_is_told_has_it()
    {
        using var script = portal.NewScript();
        script.DefaultRequestHeaders.Add("X-Forwarded-Prefix", "/portal");
        script.DefaultRequestHeaders.Add("X-Forwarded-For", "198.51.100.5");
        var page = await script.GetStringAsync("/", Token);
        using var accepted = await script.DeployAsync("below-a-path");

        Assert.Contains("<base href=\"/portal/\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("=\"/", page.Replace("<base href=\"/", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.StartsWith("/portal/api/status/", accepted.Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.StartsWith("/portal/api/status/", (await accepted.ReadJsonAsync()).Text("statusEndpoint"), StringComparison.Ordinal);
        Assert.Equal("/portal", (await script.GetJsonAsync("openapi/v1.json"))["servers"]![0]!.Text("url"));
    }

    private Task<HttpResponseMessage> AskAsync(HttpMethod method, string path) =>
        portal.NewScript().SendAsync(new HttpRequestMessage(method, path) { Headers = { { "Accept", "text/html,*/*" } } }, Token);
}
