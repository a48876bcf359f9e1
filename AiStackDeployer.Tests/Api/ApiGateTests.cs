using System.Net;
using AiStackDeployer.Tests.TestKit;

namespace AiStackDeployer.Tests.Api;

/// <summary>What a web page of somebody else can make a browser send to the API, and what comes of it.</summary>
public sealed class ApiGateTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    private static int _names;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("https://evil.example.org", "cross-site")]
    [InlineData("null", "cross-site")] // a sandboxed frame
    [InlineData("http://some-stack.ai.localhost:3101", "same-site")] // a stack's own page
    [InlineData(null, "cross-site")]
    [InlineData(null, "same-site")]
    public async Task A_foreign_page_cancels_and_deletes_nothing(string? origin, string site)
    {
        using var held = await portal.HoldAsync("project.create");
        var name = $"gate-{Interlocked.Increment(ref _names)}";
        var owner = portal.NewPerson("nl");
        var id = (await owner.StartAsync(name)).Text("deploymentId");
        await held.Arrived.WaitAsync(Token);

        // Neither needs a question beforehand: a page can send it as it sends a form.
        using var cancel = await owner.SendAsync(From(origin, site, HttpMethod.Post, $"api/deployments/{id}/cancel"), Token);
        var problem = await cancel.AssertProblemAsync(403, "origin-not-allowed");
        Assert.Contains("CORS_ORIGINS", problem.Text("detail"), StringComparison.Ordinal);
        using var delete = await owner.SendAsync(From(origin, site, HttpMethod.Delete, $"api/stacks/{name}?confirm={name}"), Token);
        await delete.AssertProblemAsync(403, "origin-not-allowed");

        held.Release();
        await using var events = await EventReader.OpenAsync(owner, id);
        Assert.Equal("complete", (await events.RestAsync())[^1].Type);
        Assert.Equal("ready", (await owner.GetJsonAsync($"api/stacks/{name}")).Text("state"));
    }

    [Theory]
    [InlineData("evil.example.org", null)]
    [InlineData("evil.example.org", "http://evil.example.org")] // rebinding: the same origin to its browser
    [InlineData("localhost.evil.example.org", null)]
    public async Task By_a_name_that_is_not_the_portals_nothing_is_read_either(string host, string? origin)
    {
        foreach (var path in new[] { "api/deployments", "api/check/some-lab", "api/nothing" })
        {
            using var request = From(origin, "same-origin", HttpMethod.Get, path);
            request.Headers.Host = host;
            using var answer = await portal.NewScript().SendAsync(request, Token);

            var problem = await answer.AssertProblemAsync(403, "host-not-allowed");
            Assert.Contains("ALLOWED_HOSTS", problem.Text("detail"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_portals_own_pages_a_typed_address_and_programs_may()
    {
        var own = portal.Root.GetLeftPart(UriPartial.Authority);
        foreach (var (origin, site) in new[] { (own, "same-origin"), (null, "same-origin"), (null, "none"), (null, null) })
        {
            using var request = From(origin, site, HttpMethod.Post, "api/deployments/dep_none/cancel");
            using var answer = await portal.NewScript().SendAsync(request, Token);

            await answer.AssertProblemAsync(404, "deployment-not-found");
        }
    }

    [Fact]
    public async Task What_a_foreign_page_asks_for_without_doing_anything_is_left_to_CORS()
    {
        using var request = From("https://evil.example.org", "cross-site", HttpMethod.Get, "api/check/some-lab");
        using var answer = await portal.NewScript().SendAsync(request, Token);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task On_all_interfaces_without_names_programs_and_named_pages_may_call_by_any_name_and_other_pages_by_none()
    {
        await using var open = new PortalFactory().With("HOST", "0.0.0.0").With("CORS_ORIGINS", "https://intranet.example.org");
        await open.InitializeAsync();

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(null, null));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(null, "none"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("https://intranet.example.org", "cross-site"));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(null, "same-origin"));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync("https://portal.example.org", "same-origin"));

        async Task<HttpStatusCode> StatusAsync(string? origin, string? site)
        {
            using var request = From(origin, site, HttpMethod.Get, "api/check/some-lab");
            request.Headers.Host = "portal.example.org";
            using var answer = await open.NewScript().SendAsync(request, Token);
            return answer.StatusCode;
        }
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/health")]
    public async Task Pages_and_health_are_not_behind_it(string path)
    {
        using var request = From("https://evil.example.org", "cross-site", HttpMethod.Get, path);
        request.Headers.Host = "whatever.example.org";
        using var answer = await portal.NewScript().SendAsync(request, Token);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("api/check/cached-lab")]
    [InlineData("api/deployments")]
    [InlineData("api/deployments/dep_none")]
    [InlineData("api/connections")]
    [InlineData("api/nothing")]
    public async Task No_answer_is_kept_by_anybody_on_the_way(string path)
    {
        using var answer = await portal.NewScript().GetAsync(path, Token);

        Assert.True(answer.Headers.CacheControl!.NoStore);
    }

    private static HttpRequestMessage From(string? origin, string? site, HttpMethod method, string path)
    {
        var request = new HttpRequestMessage(method, path);
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }
        if (site is not null)
        {
            request.Headers.Add("Sec-Fetch-Site", site);
        }
        return request;
    }
}
