using System.Text.Json.Nodes;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Tests.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace AiStackDeployer.Tests.Mcp;

/// <summary>The relay as the process that a client starts.</summary>
public sealed class StdioRelayTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    private const int GivesUpAfter = 180_000;

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

        await client.NotifyAsync("notifications/cancelled", $$"""{"requestId":{{call}}}""");

        await portal.NobodyWatchesAsync(token);
        gate.Release();
        var (_, end) = await client.CallAsync(
            "wait_for_deployment", $$"""{"deployment_id":"{{started.Text("deployment_id")}}","timeout_seconds":300}""");
        Assert.Equal("completed", end.Text("status"));
    }

    [Fact(Timeout = GivesUpAfter)]
    public async Task It_works_as_soon_as_a_portal_answers_and_again_after_that_was_restarted()
    {
        // At its address nobody listens yet.
        await using var home = PortalHome.For(portal.Emulator);
        await using var client = StdioClient.Start(home.Root, TestContext.Current.CancellationToken);
        Assert.Contains("No portal answers", (await client.AskAsync("tools/list"))["error"]!.Text("message"), StringComparison.Ordinal);

        await home.StartAsync(Token);
        await client.GreetAsync();
        Assert.Empty((await client.CallAsync("list_deployments")).Answer["deployments"]!.AsArray());

        await home.Process.KillAsync();
        var call = """{"name":"list_deployments","arguments":{}}""";
        Assert.Contains("No portal answers", (await client.AskAsync("tools/call", call))["error"]!.Text("message"), StringComparison.Ordinal);
        await home.StartAsync(Token);
        Assert.False((await client.CallAsync("list_deployments")).IsError);
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

    private static string Here([System.Runtime.CompilerServices.CallerFilePath] string path = "") => path;
}
