using AiStackDeployer.Core.Naming;
using AiStackDeployer.DokployEmulator;
using AiStackDeployer.DokployEmulator.Faults;
using AiStackDeployer.Tests.TestKit;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using Role = AiStackDeployer.Core.People.Role;

namespace AiStackDeployer.Tests.Mcp;

/// <summary>Every tool but the waiting one: what it answers, and how it refuses.</summary>
public sealed partial class ToolTests(PortalFactory portal) : IClassFixture<PortalFactory>, IAsyncLifetime
{
    private McpPipe _pipe = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _pipe = await McpPipe.OpenAsync(portal.Services);

    public ValueTask DisposeAsync() => _pipe.DisposeAsync();

    [Fact]
    public async Task Deploy_answers_at_once_with_address_credentials_and_what_to_call_next()
    {
        var answer = await _pipe.Client.AskAsync("deploy_stack", new { name = "  Tool-Deploy " });

        Assert.Matches("^dep_[0-9]+_[a-z0-9]+$", answer.Text("deployment_id"));
        Assert.Equal("tool-deploy", answer.Text("name"));
        Assert.Equal($"http://tool-deploy.ai.localhost:{portal.Emulator.StacksUrl.Port}", answer.Text("url"));
        Assert.Equal("opencode", answer["credentials"]!.Text("username"));
        Assert.True(answer["credentials"]!.Text("password").Length >= 20);
        Assert.Contains("wait_for_deployment", answer.Text("next"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_other_answer_nor_log_line_holds_the_password_or_the_owner()
    {
        var started = await _pipe.Client.AskAsync("deploy_stack", new { name = "mcp-secret" });
        var (deployment_id, password) = (started.Text("deployment_id"), started["credentials"]!.Text("password"));
        var told = (await _pipe.Client.EndOfAsync(deployment_id)).ToJsonString();
        foreach (var tool in new[] { "check_deployment_status", "diagnose_deployment" })
        {
            told += (await _pipe.Client.AskAsync(tool, new { deployment_id })).ToJsonString();
        }
        told += (await _pipe.Client.AskAsync("list_deployments", new { limit = 100 })).ToJsonString();
        told += (await _pipe.Client.AskAsync("check_name_availability", new { name = "mcp-secret" })).ToJsonString();
        told += (await _pipe.Client.CallAsync("deploy_stack", new { name = "mcp-secret" })).Text();
        told += System.Text.Json.JsonSerializer.Serialize(
            await _pipe.Client.ReadResourceAsync($"aistack://deployments/{deployment_id}/log", cancellationToken: Token), McpJsonUtilities.DefaultOptions);

        Assert.DoesNotContain(password, told, StringComparison.Ordinal);
        Assert.DoesNotContain("usr_", told, StringComparison.Ordinal);
        Assert.DoesNotContain(portal.Log.Events, e => CapturedLog.Whole(e).Contains(password, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_same_key_again_is_the_same_deployment_with_its_credentials_for_the_same_person_alone()
    {
        var wish = new { name = "mcp-twice", idempotency_key = "deploy-for-alice" };
        var first = await _pipe.Client.AskAsync("deploy_stack", wish);
        await using var other = await McpPipe.OpenAsync(portal.Services);
        var second = await other.Client.AskAsync("deploy_stack", wish);
        await using var stranger = await McpPipe.OpenAsync(portal.Services, person: "usr_stranger");

        Assert.Equal(first.Text("deployment_id"), second.Text("deployment_id"));
        Assert.Equal(first["credentials"]!.ToJsonString(), second["credentials"]!.ToJsonString());
        await stranger.Client.RefuseAsync("name-taken", "deploy_stack", wish);
        await _pipe.Client.EndOfAsync(first.Text("deployment_id"));
        Assert.Single(portal.Emulator.World.Projects, p => p.Name == "ai-stack-mcp-twice");
    }

    [Fact]
    public async Task What_is_somebody_elses_is_not_there_but_for_operators()
    {
        var deployment_id = await _pipe.Client.DeployAsync("mcp-not-yours");
        await using var stranger = await McpPipe.OpenAsync(portal.Services, person: "usr_stranger", role: Role.User);
        await using var operators = await McpPipe.OpenAsync(portal.Services, person: "usr_operator", role: Role.Operator);

        foreach (var tool in new[] { "check_deployment_status", "wait_for_deployment", "cancel_deployment", "diagnose_deployment" })
        {
            await stranger.Client.RefuseAsync("deployment-not-found", tool, new { deployment_id });
        }
        await stranger.Client.RefuseAsync("stack-not-found", "delete_stack", new { name = "mcp-not-yours", confirm_name = "mcp-not-yours" });
        await stranger.Client.RefuseAsync("not-allowed", "test_api_connections");
        await Assert.ThrowsAsync<McpProtocolException>(async () =>
            await stranger.Client.ReadResourceAsync($"aistack://deployments/{deployment_id}/log", cancellationToken: Token));
        Assert.Empty((await stranger.Client.AskAsync("list_deployments"))["deployments"]!.AsArray());
        Assert.Empty(await stranger.Client.ListResourcesAsync(cancellationToken: Token));
        Assert.Equal("completed", (await operators.Client.AskAsync("check_deployment_status", new { deployment_id })).Text("status"));
    }

    [Fact]
    public async Task The_same_key_for_another_name_is_refused()
    {
        const string idempotency_key = "b2b8f0de-93d7-4bb5-9f06-6a2f4c1d7e55";
        await _pipe.Client.AskAsync("deploy_stack", new { name = "mcp-key-owner", idempotency_key });

        await _pipe.Client.RefuseAsync("idempotency-key-reused", "deploy_stack", new { name = "mcp-key-other", idempotency_key });
    }

    [Fact]
    public async Task A_name_that_another_person_has_is_taken_and_others_are_suggested()
    {
        await _pipe.Client.AskAsync("deploy_stack", new { name = "mcp-taken" });
        await using var stranger = await McpPipe.OpenAsync(portal.Services, person: "usr_stranger");

        var refusal = await stranger.Client.RefuseAsync("name-taken", "deploy_stack", new { name = "mcp-taken" });

        var suggestions = refusal["suggestions"]!.AsArray();
        Assert.Equal(3, suggestions.Count);
        Assert.True((await _pipe.Client.AskAsync("check_name_availability", new { name = suggestions[0]!.GetValue<string>() }))["available"]!.GetValue<bool>());
    }

    [Fact]
    public async Task Whoever_the_request_says_it_is_wins_and_a_name_of_ones_own_leads_to_its_deployment()
    {
        using var browser = portal.NewPerson();
        var started = await browser.StartAsync("mcp-mine");
        var script = portal.NewScript();
        script.DefaultRequestHeaders.Authorization = new("Bearer", await browser.MakeTokenAsync("read deploy"));
        using var http = new HttpMcp(portal.Root, script);
        await using var client = await http.ConnectAsync();

        var refusal = await client.RefuseAsync("name-taken-by-you", "deploy_stack", new { name = "mcp-mine" });

        Assert.Equal(started.Text("deploymentId"), refusal.Text("deployment_id"));
    }

    [Fact]
    public async Task A_name_that_somebodys_form_holds_is_being_chosen()
    {
        var names = portal.Services.GetRequiredService<NameAvailabilityService>();
        await names.CheckAndHoldAsync("mcp-held", new NameHolder("form-1", "usr_somebody"), Token);

        await _pipe.Client.RefuseAsync("name-being-chosen", "deploy_stack", new { name = "mcp-held" });
        var check = await _pipe.Client.AskAsync("check_name_availability", new { name = "mcp-held" });
        Assert.Equal("name-being-chosen", check.Text("code"));
    }

    [Theory]
    [InlineData("admin", "name-reserved", null)]
    [InlineData("ab", "name-too-short", null)]
    [InlineData("", "name-empty", null)]
    [InlineData("jan de vries", "name-illegal-character", "jan-de-vries")]
    public async Task An_illegal_name_is_refused_with_its_reason_and_its_legal_form(string name, string code, string? legalForm)
    {
        var refusal = await _pipe.Client.RefuseAsync(code, "deploy_stack", new { name });
        var check = await _pipe.Client.AskAsync("check_name_availability", new { name });

        Assert.Equal(legalForm, refusal["suggestions"]?[0]!.GetValue<string>());
        Assert.False(check["available"]!.GetValue<bool>());
        Assert.Equal(code, check.Text("code"));
    }

    [Fact]
    public async Task A_free_name_may_be_deployed_and_nothing_is_held()
    {
        var answer = await _pipe.Client.AskAsync("check_name_availability", new { name = "mcp-free" });

        Assert.True(answer["available"]!.GetValue<bool>());
        Assert.Null(answer["code"]);
        Assert.Contains("deploy_stack", answer.Text("next"), StringComparison.Ordinal);
        Assert.Equal("mcp-free", (await _pipe.Client.AskAsync("deploy_stack", new { name = "mcp-free" })).Text("name"));
    }

    [Fact]
    public async Task Status_of_one_that_is_ready_sends_its_reader_to_the_address()
    {
        var deployment_id = await _pipe.Client.DeployAsync("mcp-ready");

        var state = await _pipe.Client.AskAsync("check_deployment_status", new { deployment_id });

        Assert.Equal("completed", state.Text("status"));
        Assert.Equal(100, state["progress"]!.GetValue<int>());
        Assert.EndsWith("/terminal/", state.Text("terminal_url"), StringComparison.Ordinal);
        Assert.Equal("Done: open url.", state.Text("next"));
    }

    [Fact]
    public async Task The_list_is_newest_first_and_tells_how_to_get_the_rest()
    {
        var older = await _pipe.Client.DeployAsync("mcp-list-a");
        var newer = await _pipe.Client.DeployAsync("mcp-list-b");

        var page = await _pipe.Client.AskAsync("list_deployments", new { search = "mcp-list", limit = 1 });
        var rest = await _pipe.Client.AskAsync("list_deployments", new { search = "mcp-list", active = false, limit = 1, offset = 1 });

        Assert.Equal(2, page["total"]!.GetValue<int>());
        Assert.Equal(newer, page["deployments"]![0]!.Text("deployment_id"));
        Assert.Contains("offset 1", page.Text("next"), StringComparison.Ordinal);
        Assert.Equal(older, rest["deployments"]![0]!.Text("deployment_id"));
        Assert.DoesNotContain("offset", rest.Text("next"), StringComparison.Ordinal);
        Assert.Empty((await _pipe.Client.AskAsync("list_deployments", new { search = "mcp-list", active = true }))["deployments"]!.AsArray());
        var stacks = await _pipe.Client.AskAsync("list_deployments", new { search = "mcp-list", stacks = true, active = false, limit = 1 });
        Assert.Equal(("mcp-list-b", "ready", 2), (stacks["deployments"]![0]!.Text("name"), stacks["deployments"]![0]!.Text("status"), stacks["total"]!.GetValue<int>()));
        Assert.Empty((await _pipe.Client.AskAsync("list_deployments", new { search = "mcp-list", stacks = true, active = true }))["deployments"]!.AsArray());
    }

    [Fact]
    public async Task Cancel_stops_a_running_one_and_cancelling_again_is_told_apart()
    {
        using var gate = await portal.HoldAsync("application.create");
        var deployment_id = (await _pipe.Client.AskAsync("deploy_stack", new { name = "mcp-cancel" })).Text("deployment_id");
        await gate.Arrived.WaitAsync(Token);

        var state = await _pipe.Client.AskAsync("cancel_deployment", new { deployment_id });
        Assert.Contains("Stopping", state.Text("message"), StringComparison.Ordinal);
        gate.Release();
        var end = await _pipe.Client.EndOfAsync(deployment_id);

        Assert.Equal("cancelled", end.Text("status"));
        await _pipe.Client.RefuseAsync("deployment-ended", "cancel_deployment", new { deployment_id });
        var diagnosis = await _pipe.Client.AskAsync("diagnose_deployment", new { deployment_id });
        Assert.Equal("cancelled", diagnosis.Text("code"));
    }

    [Fact]
    public async Task Diagnose_tells_cause_evidence_and_remedy_of_a_failure()
    {
        portal.Emulator.World.Outcomes.Set("ai-stack-mcp-fails", ImageOutcome.MissingImage);
        var deployment_id = await _pipe.Client.DeployAsync("mcp-fails");

        var state = await _pipe.Client.AskAsync("check_deployment_status", new { deployment_id });
        var diagnosis = await _pipe.Client.AskAsync("diagnose_deployment", new { deployment_id });

        Assert.Equal(("failed", "image-not-found"), (state.Text("status"), state.Text("error_code")));
        Assert.Contains("diagnose_deployment", state.Text("next"), StringComparison.Ordinal);
        Assert.Equal("image-not-found", diagnosis.Text("code"));
        Assert.Contains(PortalFactory.Image, diagnosis.Text("cause"), StringComparison.Ordinal);
        Assert.True(diagnosis["needs_administrator"]!.GetValue<bool>());
        Assert.Equal("await_dokploy", diagnosis.Text("step"));
        Assert.NotEmpty(diagnosis["raw_lines"]!.AsArray());
        Assert.NotEmpty(diagnosis["evidence"]!.AsArray());
        var log = diagnosis["log"]!.AsArray().Select(l => l!.GetValue<string>()).ToList();
        var raw = diagnosis["raw_lines"]![0]!.GetValue<string>();
        Assert.Contains("> " + raw, log);
        Assert.DoesNotContain(raw, log);
        var prompt = await _pipe.Client.GetPromptAsync(
            "explain_failed_deployment", new Dictionary<string, object?> { ["deployment_id"] = deployment_id }, cancellationToken: Token);
        Assert.DoesNotContain(raw, Assert.IsType<TextContentBlock>(prompt.Messages[0].Content).Text, StringComparison.Ordinal);
        var embedded = Assert.IsType<TextResourceContents>(Assert.IsType<EmbeddedResourceBlock>(prompt.Messages[1].Content).Resource);
        Assert.Contains(" > " + raw, embedded.Text, StringComparison.Ordinal);
        Assert.Contains("dministrator", diagnosis.Text("remedy"), StringComparison.Ordinal);
        Assert.Contains("deploy_stack", diagnosis.Text("next"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connections_are_told_with_verdict_cause_and_remedy()
    {
        var answer = await _pipe.Client.AskAsync("test_api_connections");

        var dokploy = answer["checks"]!.AsArray().Single(c => c!.Text("target") == "dokploy")!;
        Assert.Equal(("good", "dokploy-answers"), (dokploy.Text("verdict"), dokploy.Text("cause")));
        Assert.True(dokploy["latency_ms"]!.GetValue<int>() > 0);
        Assert.Contains(answer["checks"]!.AsArray(), c => c!.Text("target") == "database");
        Assert.NotEmpty(answer.Text("next"));
    }

    [Theory]
    [InlineData("check_deployment_status")]
    [InlineData("wait_for_deployment")]
    [InlineData("cancel_deployment")]
    [InlineData("diagnose_deployment")]
    public async Task An_unknown_deployment_is_refused_with_where_to_find_ids(string tool)
    {
        var refusal = await _pipe.Client.RefuseAsync("deployment-not-found", tool, new { deployment_id = "dep_1_nobody" });

        Assert.Contains("list_deployments", refusal.Text("next"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("deploy_stack", "{}", "name is missing")]
    [InlineData("deploy_stack", """{"name":null}""", "name is missing")]
    [InlineData("deploy_stack", """{"name":5}""", "name must be a string")]
    [InlineData("wait_for_deployment", """{"deployment_id":"dep_1","timeout_seconds":301}""", "timeout_seconds must be at most 300")]
    [InlineData("wait_for_deployment", """{"deployment_id":"dep_1","timeout_seconds":1.5}""", "timeout_seconds must be a whole number")]
    [InlineData("list_deployments", """{"limit":0}""", "limit must be at least 1")]
    public async Task Arguments_that_do_not_fit_are_refused_with_what_would(string tool, string arguments, string told)
    {
        var refusal = await _pipe.Client.RefuseAsync("arguments-invalid", tool, System.Text.Json.JsonDocument.Parse(arguments).RootElement);

        Assert.Contains(told, refusal.Text("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Arguments_come_in_the_forms_that_clients_send() => Assert.NotNull(await _pipe.Client.AskAsync(
        "list_deployments", System.Text.Json.JsonDocument.Parse("""{"limit":"5","search":null,"toolCallId":"call_1","sessionId":"s"}""").RootElement));

    [Fact]
    public async Task A_running_one_that_waits_for_Dokploy_is_diagnosed_as_tried_again()
    {
        using var gate = await portal.HoldAsync("project.create");
        portal.Emulator.World.Faults.Add(new Fault { Call = "project.create", Kind = new FaultKind.Status(502, "Bad Gateway") });
        try
        {
            var deployment_id = (await _pipe.Client.AskAsync("deploy_stack", new { name = "mcp-retries" })).Text("deployment_id");
            await gate.Arrived.WaitAsync(Token);
            // The look that follows would be answered, and then Dokploy answers.
            using var look = portal.Emulator.World.Faults.Hold("project.search");
            gate.Release();
            await WaitForLogAsync(deployment_id, "trying again");

            var diagnosis = await _pipe.Client.AskAsync("diagnose_deployment", new { deployment_id });

            Assert.Equal("retrying", diagnosis.Text("code"));
            Assert.False(diagnosis["dokploy_answers"]!.GetValue<bool>());
            Assert.Contains("wait_for_deployment", diagnosis.Text("next"), StringComparison.Ordinal);
        }
        finally
        {
            portal.Emulator.World.Faults.Clear();
        }
    }

    private async Task WaitForLogAsync(string deploymentId, string part)
    {
        await using var events = await EventReader.OpenAsync(portal.NewPerson("en"), deploymentId, lastEventId: 0);
        while (!(await events.NextAsync()).Data.Contains(part, StringComparison.Ordinal))
        {
        }
    }
}
