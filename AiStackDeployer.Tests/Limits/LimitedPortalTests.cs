using System.Globalization;
using System.Net;
using System.Net.WebSockets;
using AiStackDeployer.Tests.Mcp;
using AiStackDeployer.Tests.TestKit;

namespace AiStackDeployer.Tests.Limits;

/// <summary>The limits in the whole portal: who is refused what, and what they are told. Who counts as one: <c>CallerTests</c>.</summary>
public sealed class LimitedPortalTests(LimitedPortal portal) : IClassFixture<LimitedPortal>
{
    private static int _addresses;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("GET", "api/deployments/none", "application/problem+json")]
    [InlineData("GET", "api/check/limited", "application/problem+json")]
    [InlineData("GET", "openapi/v1.json", "text/plain")]
    [InlineData("GET", "", "text/plain")]
    [InlineData("GET", "no-such-page", "text/plain")]
    [InlineData("GET", "sign-in/anyhow", "text/plain")]
    [InlineData("POST", "_blazor/negotiate?negotiateVersion=1", "text/plain")]
    [InlineData("POST", "mcp", "application/json")]
    public async Task One_address_is_refused_with_the_time_to_wait_and_its_neighbour_is_not(string method, string path, string type)
    {
        var address = NewAddress();
        foreach (var _ in Enumerable.Range(0, LimitedPortal.AtOnce))
        {
            using var good = await AskAsync(method, path, address);
            Assert.NotEqual(HttpStatusCode.TooManyRequests, good.StatusCode);
        }

        using var refused = await AskAsync(method, path, address);
        using var other = await AskAsync(method, path, NewAddress());

        Assert.Equal((HttpStatusCode.TooManyRequests, type), (refused.StatusCode, refused.Content.Headers.ContentType?.MediaType));
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromMinutes(30), TimeSpan.FromMinutes(61));
        Assert.False(refused.Headers.Contains("Set-Cookie"));
        Assert.NotEqual(HttpStatusCode.TooManyRequests, other.StatusCode);
    }

    [Theory]
    [InlineData("en", "Too much was asked for in a short time. Try again in 60 minutes.")]
    [InlineData("nl", "Er werd te veel gevraagd in korte tijd. Probeer het over 60 minuten opnieuw.")]
    public async Task People_and_programs_read_why(string language, string sentence)
    {
        var address = NewAddress();
        foreach (var _ in Enumerable.Range(0, LimitedPortal.AtOnce))
        {
            (await AskAsync("GET", "", address)).Dispose();
            (await AskAsync("GET", "api/deployments/none", address)).Dispose();
        }

        using var page = await AskAsync("GET", "", address, ("Accept-Language", language));
        using var call = await AskAsync("GET", "api/deployments/none", address, ("Accept-Language", language));

        Assert.Equal(sentence, await page.Content.ReadAsStringAsync(Token));
        Assert.Equal(sentence, (await call.AssertProblemAsync(429, "too-many-requests")).Text("detail"));
    }

    [Theory]
    [InlineData("health")]
    [InlineData("health/ready")]
    [InlineData("app.css")]
    [InlineData("_framework/blazor.web.js")]
    public async Task Probes_and_files_are_not_counted(string path)
    {
        var address = NewAddress();
        foreach (var _ in Enumerable.Range(0, LimitedPortal.AtOnce * 4))
        {
            using var good = await AskAsync("GET", path, address);
            Assert.NotEqual(HttpStatusCode.TooManyRequests, good.StatusCode);
        }
    }

    [Fact]
    public async Task A_known_person_is_counted_apart_from_the_address_they_share()
    {
        using var person = await VisitorAsync();
        using var stranger = portal.NewScript();
        var address = NewAddress();
        foreach (var client in new[] { stranger, person })
        {
            var answers = new List<HttpStatusCode>();
            foreach (var _ in Enumerable.Range(0, LimitedPortal.AtOnce + 1))
            {
                using var answer = await AskAsync("GET", "api/deployments/none", address, client);
                answers.Add(answer.StatusCode);
            }
            Assert.Equal([.. Enumerable.Repeat(HttpStatusCode.NotFound, LimitedPortal.AtOnce), HttpStatusCode.TooManyRequests], answers);
        }
    }

    [Fact]
    public async Task Starts_over_REST_and_MCP_are_one_count_in_which_refused_and_repeated_ones_do_not_count()
    {
        using var http = await VisitorAsync();
        using var mcp = await McpOfAsync(portal, http);
        await using var client = await mcp.ConnectAsync();
        await http.StartAsync("starts-1", "8c41d7e2-93b5-4f0a-ae6d-1b27f5908c01");
        await http.StartAsync("starts-1", "8c41d7e2-93b5-4f0a-ae6d-1b27f5908c01");
        using (var illegal = await http.DeployAsync("admin"))
        {
            await illegal.AssertProblemAsync(400, "name-reserved");
        }
        await client.AskAsync("deploy_stack", new { name = "starts-2" });

        using var refused = await http.DeployAsync("starts-3");
        using var again = await http.DeployAsync("starts-1", "8c41d7e2-93b5-4f0a-ae6d-1b27f5908c01");

        Assert.Contains("60 minutes", (await refused.AssertProblemAsync(429, "too-many-requests")).Text("detail"), StringComparison.Ordinal);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromMinutes(30), TimeSpan.FromMinutes(61));
        Assert.Equal(HttpStatusCode.Accepted, again.StatusCode);
        await client.RefuseAsync("too-many-requests", "deploy_stack", new { name = "starts-3" });
    }

    [Fact]
    public async Task Starts_of_strangers_count_for_their_address()
    {
        var address = NewAddress();
        foreach (var n in Enumerable.Range(0, 3))
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "api/deploy")
            {
                Content = System.Net.Http.Json.JsonContent.Create(new { name = $"stranger-{n}" }), Headers = { { "X-Forwarded-For", address } },
            };
            using var answer = await portal.NewScript().SendAsync(request, Token);
            Assert.Equal(n < LimitedPortal.Starts ? HttpStatusCode.Accepted : HttpStatusCode.TooManyRequests, answer.StatusCode);
        }
    }

    [Fact]
    public async Task Checks_over_REST_and_MCP_are_one_count()
    {
        using var http = await VisitorAsync();
        using var mcp = await McpOfAsync(portal, http);
        await using var client = await mcp.ConnectAsync();
        foreach (var _ in Enumerable.Range(0, LimitedPortal.AtOnce))
        {
            (await http.GetAsync("api/check/limited", Token)).Dispose();
        }

        await client.RefuseAsync("too-many-requests", "check_name_availability", new { name = "limited" });
    }

    [Fact]
    public async Task A_stream_has_its_place_until_its_client_goes()
    {
        using var held = portal.Emulator.World.Faults.Hold("project.create");
        using var person = await VisitorAsync();
        var id = (await person.StartAsync("stream-lab")).Text("deploymentId");
        await using (await EventReader.OpenAsync(person, id))
        {
            using var refused = await person.GetAsync($"api/status/{id}", HttpCompletionOption.ResponseHeadersRead, Token);
            await refused.AssertProblemAsync(429, "too-many-streams");
        }

        // The server hears of a closed connection a moment later; it must hear of it, or this never ends.
        HttpStatusCode status;
        do
        {
            using var answer = await AskAsync("GET", $"api/status/{id}", NewAddress());
            status = answer.StatusCode;
        }
        while (status == HttpStatusCode.TooManyRequests);
        Assert.Equal(HttpStatusCode.OK, status);
    }

    [Fact]
    public async Task A_live_connection_has_its_place_until_it_is_closed_and_the_next_is_refused_with_a_sentence()
    {
        var address = NewAddress();
        using (var first = NewSocket(address))
        {
            await first.ConnectAsync(Circuits, Token);
            using var second = NewSocket(address);
            await Assert.ThrowsAsync<WebSocketException>(() => second.ConnectAsync(Circuits, Token));
            Assert.Equal(HttpStatusCode.TooManyRequests, second.HttpStatusCode);
            using var negotiation = await AskAsync("POST", "_blazor/negotiate?negotiateVersion=1", address, ("Accept-Language", "nl"));
            Assert.Equal(HttpStatusCode.TooManyRequests, negotiation.StatusCode);
            Assert.StartsWith("Er staan al zo veel pagina's", await negotiation.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
            first.Abort();
        }

        HttpStatusCode status;
        do
        {
            using var answer = await AskAsync("POST", "_blazor/negotiate?negotiateVersion=1", NewAddress());
            status = answer.StatusCode;
        }
        while (status == HttpStatusCode.TooManyRequests);
        Assert.Equal(HttpStatusCode.OK, status);
    }

    [Fact]
    public async Task A_person_with_all_their_stacks_is_refused_over_REST_and_MCP_with_what_to_do()
    {
        await using var small = new PortalFactory().With("STACKS_PER_PERSON", "1");
        await small.InitializeAsync();
        using var http = small.NewPerson();
        await http.StartAsync("quota-1");
        using var mcp = await McpOfAsync(small, http);
        await using var client = await mcp.ConnectAsync();

        using var refused = await http.DeployAsync("quota-2");
        var told = await client.RefuseAsync("quota-reached", "deploy_stack", new { name = "quota-2" });

        Assert.StartsWith("1 of 1 stacks are in use.", (await refused.AssertProblemAsync(409, "quota-reached")).Text("detail"), StringComparison.Ordinal);
        Assert.Contains("delete_stack", told.Text("next"), StringComparison.Ordinal);
    }

    /// <summary>The person's assistant, with a token of theirs.</summary>
    private static async Task<HttpMcp> McpOfAsync(PortalFactory portal, HttpClient person)
    {
        var http = portal.NewScript();
        http.DefaultRequestHeaders.Authorization = new("Bearer", await person.MakeTokenAsync("read deploy manage credentials"));
        return new HttpMcp(portal.Root, http);
    }

    private Uri Circuits => new UriBuilder(new Uri(portal.Root, "_blazor")) { Scheme = "ws" }.Uri;

    private static string NewAddress() => string.Create(CultureInfo.InvariantCulture, $"198.18.{Interlocked.Increment(ref _addresses) / 250}.{_addresses % 250}");

    private ClientWebSocket NewSocket(string address)
    {
        var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        socket.Options.SetRequestHeader("Origin", portal.Root.GetLeftPart(UriPartial.Authority));
        socket.Options.SetRequestHeader("X-Forwarded-For", address);
        return socket;
    }

    /// <summary>As from elsewhere: this machine is a proxy that is trusted.</summary>
    private Task<HttpResponseMessage> AskAsync(string method, string path, string address, params (string Name, string Value)[] headers) =>
        AskAsync(method, path, address, portal.NewScript(), headers);

    private static async Task<HttpResponseMessage> AskAsync(
        string method, string path, string address, HttpClient client, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Headers = { { "X-Forwarded-For", address }, { "Accept", "text/html" } } };
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }
        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);
    }

    /// <summary>Somebody who has been here before.</summary>
    private async Task<HttpClient> VisitorAsync()
    {
        var visitor = portal.NewPerson();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { { "X-Forwarded-For", NewAddress() } } };
        using var page = await visitor.SendAsync(request, Token);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        return visitor;
    }
}
