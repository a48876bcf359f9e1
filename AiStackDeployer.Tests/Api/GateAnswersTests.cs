using System.Net;
using System.Net.WebSockets;
using AiStackDeployer.Tests.TestKit;

namespace AiStackDeployer.Tests.Api;

/// <summary>The gate in the whole portal: what comes of a refused call, and what is told. Who is refused: <c>GateTests</c>.</summary>
public sealed class GateAnswersTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    private const string Evil = "https://evil.example.org";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_foreign_page_cancels_and_deletes_nothing_with_the_owners_cookie()
    {
        using var held = await portal.HoldAsync("project.create");
        var owner = portal.NewPerson("nl");
        var id = (await owner.StartAsync("gate-lab")).Text("deploymentId");
        await held.Arrived.WaitAsync(Token);

        // Neither needs a question beforehand: a page can send it as it sends a form.
        using var cancel = await owner.SendAsync(From("http://some-stack.ai.localhost:3101", HttpMethod.Post, $"api/deployments/{id}/cancel"), Token);
        var problem = await cancel.AssertProblemAsync(403, "origin-not-allowed");
        Assert.Contains("CORS_ORIGINS", problem.Text("detail"), StringComparison.Ordinal);
        Assert.Contains("beheerder", problem.Text("detail"), StringComparison.Ordinal);
        using var delete = await owner.SendAsync(From("null", HttpMethod.Delete, "api/stacks/gate-lab?confirm=gate-lab"), Token);
        await delete.AssertProblemAsync(403, "origin-not-allowed");

        held.Release();
        await using var events = await EventReader.OpenAsync(owner, id);
        Assert.Equal("complete", (await events.RestAsync())[^1].Type);
        Assert.Equal("ready", (await owner.GetJsonAsync("api/stacks/gate-lab")).Text("state"));
    }

    [Theory]
    [InlineData("api/deployments")]
    [InlineData("api/nothing")]
    [InlineData("mcp")]
    public async Task By_another_name_programs_get_a_problem(string path)
    {
        using var answer = await AskByAsync("evil.example.org", path);

        var problem = await answer.AssertProblemAsync(403, "host-not-allowed");
        Assert.Contains("ALLOWED_HOSTS", problem.Text("detail"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("app.css")]
    [InlineData("_framework/blazor.web.js")]
    [InlineData("no-such-page")]
    public async Task By_another_name_people_get_a_sentence_in_their_language(string path)
    {
        using var answer = await AskByAsync("evil.example.org", path);

        Assert.Equal((HttpStatusCode.Forbidden, "text/plain"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        Assert.False(answer.Headers.Contains("Set-Cookie"));
        Assert.StartsWith("De portal is niet bekend", await answer.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Probes_may_call_by_any_name()
    {
        using var answer = await AskByAsync("whatever.example.org", "health/ready");

        Assert.NotEqual(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Theory]
    [InlineData("_blazor/negotiate?negotiateVersion=1")]
    [InlineData("_blazor?id=none")]
    [InlineData("_blazor/disconnect")]
    public async Task Without_WebSockets_a_foreign_page_gets_no_circuit_either(string path)
    {
        using var foreign = await portal.NewScript().SendAsync(From(Evil, HttpMethod.Post, path), Token);
        using var own = await portal.NewScript().SendAsync(From(portal.Root.GetLeftPart(UriPartial.Authority), HttpMethod.Post, path), Token);

        Assert.Equal(HttpStatusCode.Forbidden, foreign.StatusCode);
        Assert.NotEqual(HttpStatusCode.Forbidden, own.StatusCode);
    }

    [Theory]
    [InlineData(Evil)]
    [InlineData("http://some-stack.ai.localhost:3101")]
    [InlineData("null")]
    [InlineData(null)]
    public async Task A_WebSocket_of_anybody_else_is_refused_before_there_is_a_circuit(string? origin)
    {
        using var socket = await ConnectAsync(origin);

        Assert.Equal(HttpStatusCode.Forbidden, socket.HttpStatusCode);
    }

    [Fact]
    public async Task The_portals_own_page_gets_its_WebSocket()
    {
        using var socket = await ConnectAsync(portal.Root.GetLeftPart(UriPartial.Authority));

        Assert.Equal(WebSocketState.Open, socket.State);
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

    private async Task<HttpResponseMessage> AskByAsync(string host, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Host = host } };
        return await portal.NewPerson("nl").SendAsync(request, Token);
    }

    private async Task<ClientWebSocket> ConnectAsync(string? origin)
    {
        var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        if (origin is not null)
        {
            socket.Options.SetRequestHeader("Origin", origin);
        }
        try
        {
            await socket.ConnectAsync(new UriBuilder(portal.Root) { Scheme = "ws", Path = "_blazor" }.Uri, Token);
        }
        catch (WebSocketException) when (socket.HttpStatusCode != 0)
        {
            // Which status is the test's to say.
        }
        return socket;
    }

    private static HttpRequestMessage From(string origin, HttpMethod method, string path) => new(method, path) { Headers = { { "Origin", origin } } };
}
