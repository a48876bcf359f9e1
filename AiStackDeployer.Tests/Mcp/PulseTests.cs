using AiStackDeployer.Core;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Tests.TestKit;
using AiStackDeployer.Web.Components;
using AiStackDeployer.Web.Limits;
using AiStackDeployer.Web.Mcp;
using AiStackDeployer.Web.Presentation;
using AiStackDeployer.Web.Security;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ModelContextProtocol.Server;

namespace AiStackDeployer.Tests.Mcp;

/// <summary>What depends on the clock, over one that the test moves.</summary>
public sealed class PulseTests : PageWorld
{
    [Fact(Timeout = 60_000)]
    public async Task Silence_of_the_deployment_is_broken_by_progress_so_that_the_client_does_not_give_up()
    {
        var id = await RunTo("wait-silence", DeploymentStep.AwaitReadiness);
        var time = new WatchedTime(Now);
        await using var pipe = await OpenAsync(time);
        var told = new ProgressRecorder();
        var waiting = pipe.Client.CallToolAsync(
            "wait_for_deployment",
            new Dictionary<string, object?> { ["deployment_id"] = id, ["timeout_seconds"] = 300 },
            told,
            cancellationToken: Xunit.TestContext.Current.CancellationToken).AsTask();
        await told.CountAsync(1);

        for (var count = 2; count <= 3; count++)
        {
            await time.WaitsForAsync(WaitTool.Pulse);
            time.Advance(WaitTool.Pulse);
            await told.CountAsync(count);
        }
        Complete(id);

        Assert.Equal("completed", (await waiting).StructuredContent!.Value.GetProperty("status").GetString());
        var seen = told.All;
        Assert.All(seen.Take(3), p => Assert.Equal("Waiting for the address to respond", p.Message));
        Assert.True(seen[0].Progress < seen[1].Progress && seen[1].Progress < seen[2].Progress && seen[2].Progress < 100);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_client_that_asked_for_no_progress_is_answered_within_the_minute_that_a_silent_call_is_given()
    {
        var id = await RunTo("wait-mute", DeploymentStep.AwaitReadiness);
        var time = new WatchedTime(Now);
        await using var pipe = await OpenAsync(time);
        var waiting = pipe.Client.AskAsync("wait_for_deployment", new { deployment_id = id, timeout_seconds = 300 });
        await time.WaitsForAsync(WaitTool.MaxSilence);

        time.Advance(WaitTool.MaxSilence);

        Assert.Equal("Not ended. Call wait_for_deployment.", (await waiting.WaitAsync(Xunit.TestContext.Current.CancellationToken))["next"]!.GetValue<string>());
    }

    private Task<McpPipe> OpenAsync(TimeProvider time)
    {
        var services = new ServiceCollection().AddLogging().AddPortalTexts()
            .AddAuthorizationCore(options => options.AddPolicy(Policies.ViewDeployment, policy => policy.RequireAssertion(_ => true)))
            .AddSingleton(time)
            .AddSingleton(Services.GetRequiredService<Ids>())
            .AddSingleton(Services.GetRequiredService<DeploymentService>())
            .AddSingleton(new DeploymentFeed(Store, Signals, Services.GetRequiredService<DeploymentSnapshots>(), time))
            .AddSingleton<StateText>().AddSingleton<NameText>().AddSingleton<McpCaller>().AddSingleton<VisibleDeployments>()
            .AddSingleton<IHostApplicationLifetime>(Application)
            .AddHttpContextAccessor()
            .AddSingleton(Services.GetRequiredService<Allowances>()).AddSingleton(Services.GetRequiredService<PortalLimits>())
            .BuildServiceProvider();
        return McpPipe.OpenAsync(new McpServerOptions { ToolCollection = [.. ToolCatalog.CreateTools()] }, services);
    }
}
