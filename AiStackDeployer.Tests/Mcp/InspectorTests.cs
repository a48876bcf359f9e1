using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using AiStackDeployer.Tests.TestKit;
using AiStackDeployer.Web.Mcp;

namespace AiStackDeployer.Tests.Mcp;

/// <summary>
/// A client that is not ours: the MCP inspector's command line, once over HTTP and once with the relay as its child process. Needs
/// node; <c>test.sh</c> installs the inspector's pinned version beside this file.
/// </summary>
public sealed class InspectorTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    private const int GivesUpAfter = 300_000;

    private static readonly string Inspector = Path.Combine(
        Path.GetDirectoryName(Here())!, "inspector", "node_modules", "@modelcontextprotocol", "inspector", "clients", "launcher", "build", "index.js");

    /// <param name="way">How it reaches the portal.</param>
    /// <param name="era">Of the protocol: before or since 2026-07-28.</param>
    [Theory(Timeout = GivesUpAfter)]
    [InlineData("http", "legacy")]
    [InlineData("stdio", "modern")]
    [InlineData("http", "modern", Explicit = true)]
    [InlineData("stdio", "legacy", Explicit = true)]
    public async Task It_lists_tools_without_a_complaint_about_their_schemas(string way, string era)
    {
        var (exitCode, answer, errors) = await RunAsync(way, era, ["tools/list", "--strict"], TestContext.Current.CancellationToken);

        Assert.Equal((0, ""), (exitCode, errors));
        Assert.Equal(ToolCatalog.CreateTools().Select(t => t.ProtocolTool.Name), answer["tools"]!.AsArray().Select(t => t!.Text("name")));
    }

    [Theory(Timeout = GivesUpAfter)]
    [InlineData("http", "modern")]
    [InlineData("stdio", "legacy", Explicit = true)]
    [InlineData("http", "legacy", Explicit = true)]
    [InlineData("stdio", "modern", Explicit = true)]
    public async Task It_deploys_waits_and_reads_log_and_prompt(string way, string era)
    {
        var token = TestContext.Current.CancellationToken;
        var started = await CallAsync(way, era, "deploy_stack", [$"name=insp-{way}-{era}"], token);
        var id = started.Text("deployment_id");
        Assert.NotEmpty(started["credentials"]!.Text("password"));
        var end = await CallAsync(way, era, "wait_for_deployment", [$"deployment_id={id}", "timeout_seconds=300"], token);
        Assert.Equal("completed", end.Text("status"));

        // It checks each answer against the tool's own schema.
        await CallAsync(way, era, "check_deployment_status", [$"deployment_id={id}"], token);
        await CallAsync(way, era, "diagnose_deployment", [$"deployment_id={id}"], token);
        await CallAsync(way, era, "list_deployments", ["limit=5"], token);
        await CallAsync(way, era, "check_name_availability", [$"name=free-{way}-{era}"], token);
        await CallAsync(way, era, "test_api_connections", [], token);

        var (_, resources, _) = await RunAsync(way, era, ["resources/list"], token);
        Assert.Contains(resources["resources"]!.AsArray(), r => r!.Text("uri").Contains(id, StringComparison.Ordinal));
        var (_, templates, _) = await RunAsync(way, era, ["resources/templates/list"], token);
        Assert.Equal(DeploymentLogResource.Template, Assert.Single(templates["resourceTemplates"]!.AsArray())!.Text("uriTemplate"));
        var (_, log, _) = await RunAsync(way, era, ["resources/read", "--uri", DeploymentLogResource.UriOf(id)], token);
        Assert.Contains($"insp-{way}-{era} claimed", log["contents"]![0]!.Text("text"), StringComparison.Ordinal);
        var deleting = await CallAsync(way, era, "delete_stack", [$"name=insp-{way}-{era}", $"confirm_name=insp-{way}-{era}"], token);
        Assert.Equal("deleting", deleting.Text("status"));
        var (_, prompts, _) = await RunAsync(way, era, ["prompts/list"], token);
        Assert.Equal("explain_failed_deployment", Assert.Single(prompts["prompts"]!.AsArray())!.Text("name"));
        var (_, prompt, _) = await RunAsync(
            way, era, ["prompts/get", "--prompt-name", "explain_failed_deployment", "--prompt-args", $"deployment_id={id}"], token);
        Assert.Contains(id, prompt["messages"]![0]!["content"]!.Text("text"), StringComparison.Ordinal);
    }

    [Theory(Timeout = GivesUpAfter)]
    [InlineData("stdio", "legacy")]
    [InlineData("http", "legacy", Explicit = true)]
    [InlineData("stdio", "modern", Explicit = true)]
    public async Task A_refusal_reaches_it_as_the_tools_own_error(string way, string era)
    {
        var (exitCode, answer, _) = await RunAsync(way, era, ["tools/call", "--tool-name", "deploy_stack", "--tool-arg", "name=admin"], TestContext.Current.CancellationToken);

        Assert.NotEqual(0, exitCode);
        Assert.True(answer["isError"]!.GetValue<bool>());
        Assert.Equal("name-reserved", JsonNode.Parse(answer["content"]![0]!.Text("text"))!.Text("code"));
    }

    private async Task<JsonNode> CallAsync(string way, string era, string tool, string[] arguments, CancellationToken cancellationToken)
    {
        string[] given = arguments.Length == 0 ? [] : ["--tool-arg", .. arguments];
        var (exitCode, answer, errors) = await RunAsync(way, era, ["tools/call", "--tool-name", tool, .. given], cancellationToken);
        Assert.True(exitCode == 0, errors);
        return answer["structuredContent"]!;
    }

    private async Task<(int ExitCode, JsonNode Answer, string Errors)> RunAsync(
        string way, string era, string[] request, CancellationToken cancellationToken)
    {
        Assert.True(File.Exists(Inspector), "The inspector is not installed: run ./test.sh, which does that (it needs node and npm).");
        string[] server = way == "http"
            ? [new Uri(portal.Root, "mcp").ToString()]
            : ["dotnet", ProgramProcess.DllOf("AiStackDeployer.Web"), "mcp", "-e", $"PORTAL_URL={portal.Root}"];
        var start = new ProcessStartInfo("node", [Inspector, "--cli", .. server, "--quiet", "--protocol-era", era, "--method", .. request])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = portal.Folder,
        };
        // Where it keeps a catalogue of servers.
        start.Environment["HOME"] = portal.Folder;
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(cancellationToken), process.StandardError.ReadToEndAsync(cancellationToken));
        await process.WaitForExitAsync(cancellationToken);
        var text = await output;
        Assert.True(text.StartsWith('{'), $"{way} {request[0]}: {text}{await errors}");
        return (process.ExitCode, JsonNode.Parse(text)!, await errors);
    }

    private static string Here([CallerFilePath] string path = "") => path;
}
