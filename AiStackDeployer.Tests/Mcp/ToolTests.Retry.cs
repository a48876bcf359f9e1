using AiStackDeployer.DokployEmulator;
using AiStackDeployer.Tests.TestKit;
using Role = AiStackDeployer.Core.People.Role;

namespace AiStackDeployer.Tests.Mcp;

/// <content>One that failed or was cancelled, made after all.</content>
public sealed partial class ToolTests
{
    [Fact]
    public async Task A_failed_one_is_made_by_the_very_call_that_its_diagnosis_names()
    {
        portal.Emulator.World.Outcomes.Set("ai-stack-mcp-again", ImageOutcome.MissingImage);
        var first = await _pipe.Client.AskAsync("deploy_stack", new { name = "mcp-again" });
        var failed = first.Text("deployment_id");
        Assert.Equal("Call diagnose_deployment.", (await _pipe.Client.EndOfAsync(failed)).Text("next"));
        portal.Emulator.World.Outcomes.Set("ai-stack-mcp-again", ImageOutcome.Runs);

        var next = (await _pipe.Client.AskAsync("diagnose_deployment", new { deployment_id = failed })).Text("next");
        var call = CallIn(next);
        var again = await _pipe.Client.AskAsync("deploy_stack", call);
        var repeated = await _pipe.Client.AskAsync("deploy_stack", call);

        Assert.Equal("completed", (await _pipe.Client.EndOfAsync(again.Text("deployment_id"))).Text("status"));
        Assert.Equal(first["credentials"]!.ToJsonString(), again["credentials"]!.ToJsonString());
        Assert.Equal(again.Text("deployment_id"), repeated.Text("deployment_id"));
        Assert.Equal(again["credentials"]!.ToJsonString(), repeated["credentials"]!.ToJsonString());
        Assert.Contains(
            again.Text("deployment_id"), (await _pipe.Client.AskAsync("check_deployment_status", new { deployment_id = failed })).Text("next"), StringComparison.Ordinal);
        await using var operators = await McpPipe.OpenAsync(portal.Services, person: "usr_operator", role: Role.Operator);
        var late = await operators.Client.RefuseAsync("retry-not-needed", "deploy_stack", new { name = "mcp-again", retry_of = failed });
        Assert.Equal(again.Text("deployment_id"), late.Text("deployment_id"));
    }

    [Fact]
    public async Task An_operator_may_try_again_and_is_not_told_the_password()
    {
        portal.Emulator.World.Outcomes.Set("ai-stack-mcp-help", ImageOutcome.MissingImage);
        var retry_of = await _pipe.Client.DeployAsync("mcp-help");

        await _pipe.Client.RefuseAsync("retry-name-differs", "deploy_stack", new { name = "mcp-other", retry_of });
        await _pipe.Client.RefuseAsync("deployment-not-found", "deploy_stack", new { name = "mcp-help", retry_of = "dep_1_nobody" });
        await using var operators = await McpPipe.OpenAsync(portal.Services, person: "usr_operator", role: Role.Operator);
        var again = await operators.Client.AskAsync("deploy_stack", new { name = "MCP-help", retry_of });

        Assert.NotEqual(retry_of, again.Text("deployment_id"));
        Assert.Null(again["credentials"]);
        Assert.Equal("failed", (await _pipe.Client.EndOfAsync(again.Text("deployment_id"))).Text("status"));
    }

    [Fact]
    public async Task A_cancelled_one_is_made_after_all_by_the_call_that_its_state_names()
    {
        using var gate = await portal.HoldAsync("application.create");
        var first = await _pipe.Client.AskAsync("deploy_stack", new { name = "mcp-after-all" });
        var deployment_id = first.Text("deployment_id");
        await gate.Arrived.WaitAsync(Token);
        await _pipe.Client.AskAsync("cancel_deployment", new { deployment_id });
        gate.Release();

        var call = CallIn((await _pipe.Client.EndOfAsync(deployment_id)).Text("next"));
        var again = await _pipe.Client.AskAsync("deploy_stack", call);

        Assert.NotEmpty(again["credentials"]!.Text("password"));
        Assert.Equal("completed", (await _pipe.Client.EndOfAsync(again.Text("deployment_id"))).Text("status"));
    }

    /// <summary>The arguments that a hint spells out.</summary>
    private static System.Text.Json.Nodes.JsonObject CallIn(string next)
    {
        Assert.Contains("call deploy_stack {", next, StringComparison.Ordinal);
        return System.Text.Json.Nodes.JsonNode.Parse(next[next.IndexOf('{', StringComparison.Ordinal)..(next.LastIndexOf('}') + 1)])!.AsObject();
    }
}
