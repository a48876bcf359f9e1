using System.Text.Json.Nodes;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Tests.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace AiStackDeployer.Tests.Mcp;

/// <summary>The relay as the process that a client starts.</summary>
public sealed class StdioRelayTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    private const int GivesUpAfter = 180_000;

    private const string Words = "SELECT secret FROM table";

    private const string ProtocolError = """{"jsonrpc":"2.0","id":$id,"error":{"code":-32000,"message":"SELECT secret FROM table"}}""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = GivesUpAfter)]
    public async Task It_passes_on_lists_calls_progress_resources_and_prompts_and_nothing_but_the_protocol_is_on_its_output()
    {
        await using var client = await StdioClient.StartAsync(portal.Root, TestContext.Current.CancellationToken);

        var tools = await client.AskAsync("tools/list");
        Assert.Contains(tools["result"]!["tools"]!.AsArray(), t => t!.Text("name") == "deploy_stack");
        var (failed, started) = await client.CallAsync("deploy_stack", """{"name":"stdio-all"}""");
        Assert.False(failed);
        Assert.True(started["credentials"]!.Text("password").Length >= 20);
        var id = started.Text("deployment_id");
        var end = await client.AskAsync(
            "tools/call",
            $$"""{"name":"wait_for_deployment","arguments":{"deployment_id":"{{id}}","timeout_seconds":300},"_meta":{"progressToken":"here"} }""");
        Assert.Equal("completed", end["result"]!["structuredContent"]!.Text("status"));
        Assert.Contains(
            (await client.AskAsync("resources/list"))["result"]!["resources"]!.AsArray(), r => r!.Text("uri").Contains(id, StringComparison.Ordinal));
        Assert.NotEmpty((await client.AskAsync("resources/templates/list"))["result"]!["resourceTemplates"]!.AsArray());
        var log = await client.AskAsync("resources/read", $$"""{"uri":"aistack://deployments/{{id}}/log"}""");
        Assert.Contains("stdio-all claimed", log["result"]!["contents"]![0]!.Text("text"), StringComparison.Ordinal);
        var prompt = await client.AskAsync(
            "prompts/get", $$"""{"name":"explain_failed_deployment","arguments":{"deployment_id":"{{id}}"} }""");
        Assert.Equal(2, prompt["result"]!["messages"]!.AsArray().Count);
        var unknown = await client.AskAsync("resources/read", """{"uri":"aistack://deployments/dep_1_nobody/log"}""");
        Assert.Equal("No deployment has this id. The tool list_deployments finds ids.", unknown["error"]!.Text("message"));

        var (exitCode, errors) = await client.EndAsync();

        Assert.Equal((0, ""), (exitCode, errors));
        var messages = client.Output.Select(line => JsonNode.Parse(line)!).ToList();
        Assert.All(messages, m => Assert.Equal("2.0", m.Text("jsonrpc")));
        var told = messages.Where(m => m["method"]?.GetValue<string>() == "notifications/progress").ToList();
        Assert.NotEmpty(told);
        Assert.All(told, m => Assert.Equal("here", m["params"]!.Text("progressToken")));
        var percent = told.Select(m => m["params"]!["progress"]!.GetValue<double>()).ToList();
        Assert.Equal(percent.Order().Distinct(), percent);
        Assert.True(messages.IndexOf(told[^1]) < messages.FindIndex(m => m["id"]?.GetValue<int>() == end["id"]!.GetValue<int>()), "told before the answer");
    }

    [Fact(Timeout = GivesUpAfter)]
    public async Task A_cancelled_wait_ends_at_the_portal_and_the_deployment_goes_on()
    {
        // Once: asked for after the test's time is over, the test's own context may be gone, and its word would hide why.
        var token = TestContext.Current.CancellationToken;
        var signals = portal.Services.GetRequiredService<DeploymentSignals>();
        using var gate = await portal.HoldAsync("application.create");
        await using var client = await StdioClient.StartAsync(portal.Root, token);
        var (_, started) = await client.CallAsync("deploy_stack", """{"name":"stdio-cancel"}""");
        await gate.Arrived.WaitAsync(token);
        var call = await client.SendAsync(
            "tools/call",
            $$"""{"name":"wait_for_deployment","arguments":{"deployment_id":"{{started.Text("deployment_id")}}","timeout_seconds":300},"_meta":{"progressToken":1} }""");
        await client.MessageAsync(m => m["method"]?.GetValue<string>() == "notifications/progress");
        Assert.Equal(1, signals.WatcherCount);

        await client.TellAsync("notifications/cancelled", $$"""{"requestId":{{call}}}""");

        await portal.NobodyWatchesAsync(token);
        gate.Release();
        var (_, end) = await client.CallAsync(
            "wait_for_deployment", $$"""{"deployment_id":"{{started.Text("deployment_id")}}","timeout_seconds":300}""");
        Assert.Equal("completed", end.Text("status"));
    }

    [Fact(Timeout = GivesUpAfter)]
    public async Task A_client_that_closes_its_end_while_it_waits_ends_the_relay_not_the_deployment()
    {
        using var gate = await portal.HoldAsync("application.create");
        await using var client = await StdioClient.StartAsync(portal.Root, TestContext.Current.CancellationToken);
        var (_, started) = await client.CallAsync("deploy_stack", """{"name":"stdio-leaves"}""");
        await gate.Arrived.WaitAsync(Token);
        await client.SendAsync(
            "tools/call",
            $$"""{"name":"wait_for_deployment","arguments":{"deployment_id":"{{started.Text("deployment_id")}}","timeout_seconds":300},"_meta":{"progressToken":1} }""");
        await client.MessageAsync(m => m["method"]?.GetValue<string>() == "notifications/progress");

        var (exitCode, _) = await client.EndAsync();

        Assert.Equal(0, exitCode);
        gate.Release();
        await using var next = await StdioClient.StartAsync(portal.Root, TestContext.Current.CancellationToken);
        var (_, end) = await next.CallAsync(
            "wait_for_deployment", $$"""{"deployment_id":"{{started.Text("deployment_id")}}","timeout_seconds":300}""");
        Assert.Equal("completed", end.Text("status"));
    }

    [Fact(Timeout = GivesUpAfter)]
    public async Task A_script_that_pipes_its_lines_and_is_gone_gets_every_answer()
    {
        await using var client = await StdioClient.StartAsync(portal.Root, TestContext.Current.CancellationToken);
        var list = await client.SendAsync("tools/list", "{}");
        var call = await client.SendAsync("tools/call", """{"name":"deploy_stack","arguments":{"name":"stdio-piped"} }""");

        var (exitCode, _) = await client.EndAsync();

        Assert.Equal(0, exitCode);
        var answers = client.Output.Select(line => JsonNode.Parse(line)!).ToDictionary(m => m["id"]!.GetValue<int>(), m => m["result"]!);
        Assert.NotEmpty(answers[list]["tools"]!.AsArray());
        Assert.NotEmpty(answers[call]["structuredContent"]!["credentials"]!.Text("password"));
    }

    [Fact(Timeout = GivesUpAfter)]
    public async Task Without_a_portal_it_lists_its_tools_says_so_at_each_call_and_works_when_one_comes_up()
    {
        // At its address nobody listens yet.
        await using var home = PortalHome.For(portal.Emulator);
        await using var client = await StdioClient.StartAsync(home.Root, TestContext.Current.CancellationToken);

        var tools = (await client.AskAsync("tools/list"))["result"]!["tools"]!.AsArray();
        var (failed, refusal) = await client.CallAsync("list_deployments");
        var log = await client.AskAsync("resources/read", """{"uri":"aistack://deployments/dep_1/log"}""");
        Assert.NotEmpty((await client.AskAsync("prompts/list"))["result"]!["prompts"]!.AsArray());
        Assert.NotEmpty((await client.AskAsync("resources/templates/list"))["result"]!["resourceTemplates"]!.AsArray());

        Assert.True(failed);
        Assert.Equal("portal-unreachable", refusal.Text("code"));
        Assert.Equal($"No portal answers at http://127.0.0.1:{home.Root.Port}.", refusal.Text("message"));
        Assert.Contains("PORTAL_URL", refusal.Text("next"), StringComparison.Ordinal);
        Assert.Contains("dotnet run", refusal.Text("next"), StringComparison.Ordinal);
        Assert.Contains("No portal answers", log["error"]!.Text("message"), StringComparison.Ordinal);

        await home.StartAsync(Token);
        (failed, var list) = await client.CallAsync("list_deployments");

        Assert.False(failed);
        Assert.Empty(list["deployments"]!.AsArray());
        Assert.Equal(
            tools.ToJsonString(), (await client.AskAsync("tools/list"))["result"]!["tools"]!.ToJsonString());

        await home.Process.KillAsync();
        (failed, refusal) = await client.CallAsync("list_deployments");
        Assert.Equal((true, "portal-unreachable"), (failed, refusal.Text("code")));
        await home.StartAsync(Token);
        (failed, _) = await client.CallAsync("list_deployments");
        Assert.False(failed);
    }

    [Theory(Timeout = GivesUpAfter)]
    [InlineData(401, null, Words, "portal-refuses")]
    [InlineData(403, null, Words, "portal-refuses")]
    [InlineData(403, "application/json", ProtocolError, "portal-refuses")] // the portal's own gate
    [InlineData(404, null, Words, "portal-not-found")]
    [InlineData(503, null, Words, "portal-in-trouble")]
    [InlineData(302, null, Words, "portal-redirects")]
    [InlineData(200, "text/html", "<html>" + Words, "portal-not-found")] // a proxy's page to sign in at
    [InlineData(200, "application/json", "{}", "portal-not-found")]
    [InlineData(200, "application/json", Words, "portal-not-found")]
    [InlineData(200, null, "", "portal-not-found")]
    [InlineData(400, "application/json", ProtocolError, "portal-not-found")]
    [InlineData(200, "application/json", ProtocolError, "portal-not-found")]
    public async Task The_token_goes_to_the_portal_alone_and_what_the_portal_answers_is_explained_without_its_words(
        int status, string? type, string body, string code)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var server = builder.Build();
        var seen = new System.Collections.Concurrent.ConcurrentQueue<string>();
        server.Run(async context =>
        {
            seen.Enqueue(context.Request.Headers.Authorization.ToString());
            context.Response.StatusCode = status;
            context.Response.Headers.Location = "http://elsewhere.example.org/mcp";
            context.Response.ContentType = type;
            var id = JsonNode.Parse(await new StreamReader(context.Request.Body).ReadToEndAsync(Token))!["id"]?.ToJsonString();
            await context.Response.WriteAsync(body.Replace("$id", id ?? "null", StringComparison.Ordinal), Token);
        });
        await server.StartAsync(Token);
        await using var client = await StdioClient.StartAsync(
            new Uri(server.Urls.Single()), TestContext.Current.CancellationToken, token: "token-of-somebody");

        var (failed, refusal) = await client.CallAsync("list_deployments");
        Assert.NotEmpty((await client.AskAsync("tools/list"))["result"]!["tools"]!.AsArray());
        var (_, errors) = await client.EndAsync();

        Assert.Equal((true, code), (failed, refusal.Text("code")));
        Assert.NotEmpty(seen);
        Assert.All(seen, authorization => Assert.Equal("Bearer token-of-somebody", authorization));
        var told = string.Join('\n', client.Output) + errors;
        Assert.DoesNotContain("token-of-somebody", told, StringComparison.Ordinal);
        Assert.DoesNotContain("SELECT", told, StringComparison.Ordinal);
    }

    [Fact(Timeout = GivesUpAfter)]
    public async Task It_reads_nothing_of_the_portals_own_settings()
    {
        var folder = Directory.CreateTempSubdirectory("relay-");
        // With this the portal itself would not start.
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, ".env"), "PORT=none\nthis is no line\n", Token);
        await using (var client = await StdioClient.StartAsync(portal.Root, TestContext.Current.CancellationToken, folder: folder.FullName))
        {
            Assert.False((await client.CallAsync("list_deployments")).IsError);
        }
        Assert.Equal([".env"], folder.GetFileSystemInfos().Select(f => f.Name));
        folder.Delete(recursive: true);
    }

    [Fact(Timeout = GivesUpAfter)]
    public async Task As_mcp_json_starts_it_from_a_clone_nothing_but_the_protocol_is_on_its_output_either()
    {
        var clone = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "..", ".."));
        var server = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(clone, ".mcp.json"), Token))!["mcpServers"]!["ai-stack-deployer"]!;
        Assert.Equal("dotnet", server.Text("command"));
        string[] arguments = [.. server["args"]!.AsArray().Select(a => a!.GetValue<string>())];
        // A build, beside these very tests, would write what they have open; and what it says is no protocol.
        Assert.Contains("--no-build", arguments);
        Assert.Equal("${PORTAL_URL:-http://localhost:3000}", server["env"]!.Text("PORTAL_URL"));
        Assert.Equal("${PORTAL_TOKEN:-}", server["env"]!.Text("PORTAL_TOKEN"));
        await using var client = await StdioClient.StartAsync(
            portal.Root, TestContext.Current.CancellationToken, folder: clone, arguments: arguments);

        Assert.False((await client.CallAsync("list_deployments")).IsError);

        await client.EndAsync();
        Assert.All(client.Output, line => Assert.Equal("2.0", JsonNode.Parse(line)!.Text("jsonrpc")));
    }

    [Theory(Timeout = GivesUpAfter)]
    [InlineData("ftp://example.org")]
    [InlineData("localhost:3000")]
    public async Task An_address_that_is_none_is_told_at_each_call(string address)
    {
        await using var client = await StdioClient.StartAsync(
            new Uri(address, UriKind.RelativeOrAbsolute), TestContext.Current.CancellationToken);

        var (failed, refusal) = await client.CallAsync("list_deployments");

        Assert.Equal((true, "portal-url-invalid"), (failed, refusal.Text("code")));
    }

    private static string Here([System.Runtime.CompilerServices.CallerFilePath] string path = "") => path;
}
