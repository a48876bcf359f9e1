using System.Text.Json.Nodes;
using AiStackDeployer.DokployEmulator;
using AiStackDeployer.Tests.Api;
using AiStackDeployer.Tests.TestKit;
using AiStackDeployer.Web.Limits;
using AiStackDeployer.Web.Mcp;
using AiStackDeployer.Web.Security;
using Microsoft.AspNetCore.Http;
using ModelContextProtocol;
using Role = AiStackDeployer.Core.People.Role;

namespace AiStackDeployer.Tests.Mcp;

/// <summary>A database, keys and policies that fail, and more calls than there is room for.</summary>
public sealed class TroubleTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Calls => new()
    {
        { "deploy_stack", """{"name":"trouble-new"}""" },
        { "deploy_stack", """{"name":"trouble-old","retry_of":"dep_1"}""" },
        { "delete_stack", """{"name":"trouble-old","confirm_name":"trouble-old"}""" },
        { "check_deployment_status", """{"deployment_id":"dep_1"}""" },
        { "wait_for_deployment", """{"deployment_id":"dep_1"}""" },
        { "cancel_deployment", """{"deployment_id":"dep_1"}""" },
        { "diagnose_deployment", """{"deployment_id":"dep_1"}""" },
        { "list_deployments", "{}" },
    };

    [Fact]
    public async Task While_the_database_cannot_be_used_each_call_is_told_to_come_back()
    {
        await using var portal = await StartAsync(new TroubledPortal());
        await using var pipe = await McpPipe.OpenAsync(portal.Services);
        portal.Trouble = TroubledPortal.Locked;

        foreach (var (tool, arguments) in Calls.Select(c => c.Data))
        {
            var refusal = await pipe.Client.RefuseAsync("storage-unavailable", tool, JsonNode.Parse(arguments));
            Assert.Contains("5 seconds", refusal.Text("next"), StringComparison.Ordinal);
        }

        await AssertReadsFailAsync(pipe, "The portal cannot use its database now. Try again in 5 seconds.");
        portal.Trouble = null;
        await pipe.Client.AskAsync("list_deployments");
    }

    [Fact]
    public async Task A_fault_of_the_portal_is_told_without_a_word_of_it_and_stands_in_the_log()
    {
        await using var portal = await StartAsync(new TroubledPortal());
        await using var pipe = await McpPipe.OpenAsync(portal.Services);
        portal.Trouble = new InvalidOperationException("SELECT secret FROM somewhere");

        foreach (var (tool, arguments) in Calls.Select(c => c.Data))
        {
            await pipe.Client.RefuseAsync("internal-error", tool, JsonNode.Parse(arguments));
        }

        await AssertReadsFailAsync(pipe, "The portal itself made a mistake; its log has the cause.");
        Assert.Contains(portal.Log.Events, e => CapturedLog.Whole(e).Contains("\"wait_for_deployment\" ended in a fault", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_may_not_begin_a_stack_is_told_so()
    {
        await using var portal = await StartAsync(new TroubledPortal().Deny(Policies.StartDeployment));
        await using var pipe = await McpPipe.OpenAsync(portal.Services);

        await pipe.Client.RefuseAsync("not-allowed", "deploy_stack", new { name = "not-allowed" });

        Assert.True((await pipe.Client.AskAsync("check_name_availability", new { name = "not-allowed" }))["available"]!.GetValue<bool>());
    }

    [Fact]
    public async Task Where_only_the_owner_may_another_can_neither_retry_nor_cancel_nor_delete()
    {
        await using var portal = await StartAsync(new TroubledPortal().Deny(Policies.AdministerDeployments));
        await using var owner = await McpPipe.OpenAsync(portal.Services, person: "usr_owner", role: Role.User);
        await using var pipe = await McpPipe.OpenAsync(portal.Services);
        portal.Emulator.World.Outcomes.Set("ai-stack-only-owner", ImageOutcome.MissingImage);
        var id = (await owner.Client.AskAsync("deploy_stack", new { name = "only-owner" })).Text("deployment_id");
        await pipe.Client.EndOfAsync(id);

        await pipe.Client.RefuseAsync("not-allowed", "cancel_deployment", new { deployment_id = id });
        await pipe.Client.RefuseAsync("not-allowed", "delete_stack", new { name = "only-owner", confirm_name = "only-owner" });
        await pipe.Client.RefuseAsync("not-allowed", "deploy_stack", new { name = "only-owner", retry_of = id });
        Assert.Single((await pipe.Client.AskAsync("list_deployments", new { search = "only-owner" }))["deployments"]!.AsArray());
        await owner.Client.AskAsync("deploy_stack", new { name = "only-owner", retry_of = id });
    }

    [Fact]
    public async Task A_password_that_cannot_be_read_now_does_not_hide_that_the_deployment_has_begun()
    {
        await using var portal = await StartAsync(new TroubledPortal());
        await using var pipe = await McpPipe.OpenAsync(portal.Services);
        portal.KeysAreGone = true;

        var first = await pipe.Client.AskAsync("deploy_stack", new { name = "keys-gone", idempotency_key = "once" });
        portal.KeysAreGone = false;
        var second = await pipe.Client.AskAsync("deploy_stack", new { name = "keys-gone", idempotency_key = "once" });

        Assert.Null(first["credentials"]);
        Assert.Equal(first.Text("deployment_id"), second.Text("deployment_id"));
        Assert.NotEmpty(second["credentials"]!.Text("password"));
    }

    [Fact]
    public async Task More_calls_at_a_time_than_there_is_room_for_are_told_to_come_back()
    {
        using var limits = new PortalLimits(LimitOptions.For(1, 0) with { McpCalls = new Room(2, 2, 2) });
        var limit = new McpCallLimit(limits);
        var release = new TaskCompletionSource();
        var inside = Enumerable.Range(0, 2).Select(_ => limit.EnterAsync(new DefaultHttpContext(), _ => release.Task)).ToList();

        var late = new DefaultHttpContext();
        await limit.EnterAsync(late, _ => throw new InvalidOperationException("entered"));
        release.SetResult();
        await Task.WhenAll(inside);
        var entered = false;
        await limit.EnterAsync(new DefaultHttpContext(), _ =>
        {
            entered = true;
            return Task.CompletedTask;
        });

        Assert.Equal((429, "5"), (late.Response.StatusCode, late.Response.Headers.RetryAfter.ToString()));
        Assert.True(entered);
    }

    private static async Task<TroubledPortal> StartAsync(TroubledPortal portal)
    {
        await portal.InitializeAsync();
        return portal;
    }

    private static async Task AssertReadsFailAsync(McpPipe pipe, string told)
    {
        Func<Task>[] reads =
        [
            async () => await pipe.Client.ReadResourceAsync("aistack://deployments/dep_1/log", cancellationToken: Token),
            async () => await pipe.Client.ListResourcesAsync(cancellationToken: Token),
            async () => await pipe.Client.GetPromptAsync(
                "explain_failed_deployment", new Dictionary<string, object?> { ["deployment_id"] = "dep_1" }, cancellationToken: Token),
        ];
        foreach (var read in reads)
        {
            var fault = await Assert.ThrowsAsync<McpProtocolException>(read);
            Assert.EndsWith(told, fault.Message, StringComparison.Ordinal);
        }
    }
}
