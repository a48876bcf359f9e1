using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Tests.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace AiStackDeployer.Tests.Mcp;

/// <summary>The endpoint as it stands on the network: who may speak to it, and what remains when a client goes away.</summary>
public sealed class McpHttpTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    private const string ListTools = """{"jsonrpc":"2.0","id":1,"method":"tools/list"}""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("2024-11-05")]
    [InlineData("2025-03-26")]
    [InlineData("2025-06-18")]
    [InlineData("2025-11-25")]
    [InlineData("2026-07-28")]
    public async Task Every_revision_of_the_protocol_lists_and_calls_the_same_tools(string revision)
    {
        using var http = new HttpMcp(portal.Root, portal.NewScript());
        await using var client = await http.ConnectAsync(revision);

        Assert.Equal(revision, client.NegotiatedProtocolVersion);
        Assert.Contains(await client.ListToolsAsync(cancellationToken: Token), t => t.Name == "deploy_stack");
        Assert.True((await client.AskAsync("check_name_availability", new { name = "any-revision" }))["available"]!.GetValue<bool>());
    }

    [Fact]
    public async Task Two_clients_share_nothing_but_the_portal()
    {
        using var http = new HttpMcp(portal.Root, portal.NewScript());
        using var other = new HttpMcp(portal.Root, portal.NewScript());
        await using var first = await http.ConnectAsync();
        await using var second = await other.ConnectAsync();
        Assert.Null(first.SessionId);

        var deployment_id = (await first.AskAsync("deploy_stack", new { name = "http-shared" })).Text("deployment_id");

        Assert.Equal("http-shared", (await second.AskAsync("check_deployment_status", new { deployment_id })).Text("name"));
        var end = await second.EndOfAsync(deployment_id);
        Assert.Equal(end.ToJsonString(), (await first.AskAsync("check_deployment_status", new { deployment_id })).ToJsonString());
    }

    [Fact(Timeout = 120_000)]
    public async Task A_client_that_vanishes_while_it_waits_leaves_the_deployment_going_and_no_watcher()
    {
        var signals = portal.Services.GetRequiredService<DeploymentSignals>();
        using var gate = await portal.HoldAsync("application.create");
        using var http = new HttpMcp(portal.Root, portal.NewScript());
        await using var client = await http.ConnectAsync();
        var deployment_id = (await client.AskAsync("deploy_stack", new { name = "http-vanishes" })).Text("deployment_id");
        await gate.Arrived.WaitAsync(Token);

        using (var vanishing = portal.NewScript())
        {
            using var call = Post(
                $$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"wait_for_deployment","arguments":{"deployment_id":"{{deployment_id}}","timeout_seconds":300},"_meta":{"progressToken":"p"} } }""");
            using var answer = await vanishing.SendAsync(call, HttpCompletionOption.ResponseHeadersRead, Token);
            using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(Token));
            while (await reader.ReadLineAsync(Token) is { } line && !line.Contains("notifications/progress", StringComparison.Ordinal))
            {
            }
            Assert.Equal(1, signals.WatcherCount);
        }

        await portal.NobodyWatchesAsync(TestContext.Current.CancellationToken);
        Assert.Equal("creating_application", (await client.AskAsync("check_deployment_status", new { deployment_id })).Text("status"));
        gate.Release();
        Assert.Equal("completed", (await client.EndOfAsync(deployment_id)).Text("status"));
    }

    [Fact(Timeout = 120_000)]
    public async Task Progress_rises_from_line_to_line_and_ends_with_the_answer()
    {
        using var gate = await portal.HoldAsync("application.create");
        using var script = portal.NewScript();
        var deployment_id = (await script.StartAsync("http-rises")).Text("deploymentId");
        await gate.Arrived.WaitAsync(Token);
        using var call = Post(
            $$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"wait_for_deployment","arguments":{"deployment_id":"{{deployment_id}}","timeout_seconds":300},"_meta":{"progressToken":"p"} } }""");
        using var answer = await script.SendAsync(call, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(Token));
        var messages = new List<JsonNode>();
        while (await reader.ReadLineAsync(Token) is { } line)
        {
            if (line.StartsWith("data: {", StringComparison.Ordinal))
            {
                messages.Add(JsonNode.Parse(line["data: ".Length..])!);
                gate.Release();
            }
        }

        var percent = messages[..^1].Select(m => m["params"]!["progress"]!.GetValue<double>()).ToList();
        Assert.True(percent.Count > 2);
        Assert.Equal(percent.Order().Distinct(), percent);
        Assert.Equal("completed", messages[^1]["result"]!["structuredContent"]!.Text("status"));
    }

    [Fact]
    public async Task Somebody_elses_page_is_refused()
    {
        using var request = Post(ListTools);
        request.Headers.Add("Origin", "http://localhost:5173");
        using var answer = await portal.NewScript().SendAsync(request, Token);

        await answer.AssertProblemAsync(403, "origin-not-allowed");
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("DELETE")]
    public async Task There_is_no_stream_and_no_session_to_end(string method)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "mcp") { Headers = { { "Accept", "text/event-stream" } } };
        using var answer = await portal.NewScript().SendAsync(request, Token);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.Equal(["POST"], answer.Content.Headers.Allow);
    }

    [Fact]
    public async Task A_call_beyond_any_sense_is_refused_as_too_large()
    {
        using var request = Post(ListTools + new string(' ', 70_000));
        using var answer = await portal.NewScript().SendAsync(request, Token);

        await answer.AssertProblemAsync(413, "too-large");
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("")]
    public async Task What_is_no_call_is_refused_without_a_trace(string body)
    {
        using var request = Post(body);
        using var answer = await portal.NewScript().SendAsync(request, Token);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.DoesNotContain("   at ", await answer.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("application/json", "application/json")]
    [InlineData("text/event-stream", "text/event-stream")]
    [InlineData("application/json, text/event-stream", "text/event-stream")]
    [InlineData("*/*", "application/json")]
    [InlineData(null, "application/json")]
    public async Task A_caller_is_answered_in_a_form_it_takes(string? accept, string form)
    {
        using var request = Post(ListTools, accept);
        using var answer = await portal.NewScript().SendAsync(request, Token);

        Assert.Equal((HttpStatusCode.OK, form), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
        var text = await answer.Content.ReadAsStringAsync(Token);
        Assert.Contains("deploy_stack", JsonNode.Parse(form == "application/json" ? text : text.Split("data: ")[1])!["result"]!.ToJsonString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("application/json", "")]
    [InlineData("text/event-stream", "")]
    [InlineData("application/json, text/event-stream", "2025-03-26")]
    public async Task A_batch_is_answered_call_by_call_in_the_revision_that_has_them(string accept, string revision)
    {
        using var request = Post("""[{"jsonrpc":"2.0","id":2,"method":"ping"},{"jsonrpc":"2.0","method":"notifications/initialized"},{"jsonrpc":"2.0","id":"x","method":"none"}]""", accept);
        request.Headers.Add("MCP-Protocol-Version", revision);
        using var answer = await portal.NewScript().SendAsync(request, Token);

        var text = await answer.Content.ReadAsStringAsync(Token);
        var answers = accept == "text/event-stream"
            ? text.Split("data: ", StringSplitOptions.RemoveEmptyEntries).Select(item => JsonNode.Parse(item)!)
            : JsonNode.Parse(text)!.AsArray().Select(item => item!);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(["2 result", "x error"], answers.Select(a => $"{a["id"]} {(a["error"] is null ? "result" : "error")}"));
    }

    [Fact]
    public async Task A_batch_of_notifications_alone_has_no_answer()
    {
        using var request = Post("""[{"jsonrpc":"2.0","method":"notifications/initialized"}]""");
        using var answer = await portal.NewScript().SendAsync(request, Token);

        Assert.Equal((HttpStatusCode.Accepted, ""), (answer.StatusCode, await answer.Content.ReadAsStringAsync(Token)));
    }

    [Fact]
    public async Task Later_revisions_have_no_batches()
    {
        using var request = Post($"[{ListTools}]");
        request.Headers.Add("MCP-Protocol-Version", "2025-06-18");
        using var answer = await portal.NewScript().SendAsync(request, Token);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task A_revision_newer_than_the_portal_is_answered_with_the_portals_newest()
    {
        using var request = Post(
            """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2099-01-01","capabilities":{},"clientInfo":{"name":"t","version":"1"} } }""", "application/json");
        using var answer = await portal.NewScript().SendAsync(request, Token);

        Assert.Equal("2025-11-25", (await answer.ReadJsonAsync())["result"]!.Text("protocolVersion"));
    }

    [Theory]
    [InlineData("tools/list", true)]
    [InlineData("prompts/list", true)]
    [InlineData("resources/templates/list", true)]
    [InlineData("resources/list", false)]
    public async Task Lists_that_never_change_may_be_kept_for_hours_by_whoever_knows_how(string method, bool isKept)
    {
        using var request = Post($$$"""
            {"jsonrpc":"2.0","id":1,"method":"{{{method}}}","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{},"io.modelcontextprotocol/clientInfo":{"name":"t","version":"1"} } } }
            """, "application/json");
        request.Headers.Add("MCP-Protocol-Version", "2026-07-28");
        request.Headers.Add("Mcp-Method", method);
        using var answer = await portal.NewScript().SendAsync(request, Token);
        using var old = Post($$"""{"jsonrpc":"2.0","id":1,"method":"{{method}}"}""", "application/json");
        using var before = await portal.NewScript().SendAsync(old, Token);

        var result = (await answer.ReadJsonAsync())["result"]!;
        Assert.Equal(isKept, result["ttlMs"]!.GetValue<long>() >= 3_600_000 && result.Text("cacheScope") == "public");
        Assert.Null((await before.ReadJsonAsync())["result"]!["ttlMs"]);
    }

    [Fact]
    public async Task Sentences_are_in_the_callers_language()
    {
        using var http = new HttpMcp(portal.Root, portal.NewPerson("nl"));
        await using var client = await http.ConnectAsync();

        Assert.Equal("Deze naam is gereserveerd.", (await client.RefuseAsync("name-reserved", "deploy_stack", new { name = "admin" })).Text("message"));
    }

    private static HttpRequestMessage Post(string body, string? accept = "application/json, text/event-stream")
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "mcp") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation("Accept", accept is null ? [] : [accept]);
        return request;
    }
}
