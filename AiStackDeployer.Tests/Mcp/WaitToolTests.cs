using System.Text.Json;
using System.Text.Json.Nodes;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.DokployEmulator;
using AiStackDeployer.Tests.TestKit;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace AiStackDeployer.Tests.Mcp;

public sealed class WaitToolTests(PortalFactory portal) : IClassFixture<PortalFactory>, IAsyncLifetime
{
    private const int GivesUpAfter = 120_000;

    private McpPipe _pipe = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _pipe = await McpPipe.OpenAsync(portal.Services);

    public ValueTask DisposeAsync() => _pipe.DisposeAsync();

    [Fact(Timeout = GivesUpAfter)]
    public async Task Progress_rises_to_a_hundred_with_sentences_and_the_answer_is_the_end()
    {
        using var gate = await portal.HoldAsync("project.create");
        var deployment_id = (await _pipe.Client.AskAsync("deploy_stack", new { name = "wait-progress" })).Text("deployment_id");
        await gate.Arrived.WaitAsync(Token);
        var told = new ProgressRecorder();
        // Not the call's own handler: the SDK's client lets go of that with the answer, and hears what came just before beside it.
        await using var subscription = told.Listen(_pipe.Client);
        var waiting = _pipe.Client.CallToolAsync(
            new CallToolRequestParams
            {
                Name = "wait_for_deployment",
                Arguments = ToolCalls.Arguments(new { deployment_id, timeout_seconds = 300 }),
                Meta = new JsonObject { ["progressToken"] = "p" },
            },
            TestContext.Current.CancellationToken);
        await told.CountAsync(1);
        gate.Release();

        var state = (await waiting).StructuredContent!.Value;

        await told.UntilAsync(all => all.Any(p => p.Progress >= 100));
        Assert.Equal("completed", state.GetProperty("status").GetString());
        Assert.True(told.All.Count > 2);
        Assert.Equal(told.All.Select(p => p.Progress).Order().Distinct(), told.All.Select(p => p.Progress));
        Assert.Equal((100, "Ready"), ((int)told.All[^1].Progress, told.All[^1].Message));
        Assert.All(told.All, p => Assert.Equal(100, p.Total));
        Assert.Contains(told.All, p => p.Message == "Creating the project");
    }

    [Fact]
    public async Task A_failure_is_an_answer_with_its_reason_not_an_error_of_the_call()
    {
        portal.Emulator.World.Outcomes.Set("ai-stack-wait-fails", ImageOutcome.MissingImage);
        var deployment_id = (await _pipe.Client.AskAsync("deploy_stack", new { name = "wait-fails" })).Text("deployment_id");

        var state = await _pipe.Client.EndOfAsync(deployment_id);

        Assert.Equal(("failed", "image-not-found"), (state.Text("status"), state.Text("error_code")));
        Assert.NotEmpty(state.Text("remedy"));
    }

    [Fact]
    public async Task When_the_time_is_over_the_answer_is_the_state_and_to_call_again()
    {
        using var gate = await portal.HoldAsync("application.create");
        var deployment_id = (await _pipe.Client.AskAsync("deploy_stack", new { name = "wait-over" })).Text("deployment_id");
        await gate.Arrived.WaitAsync(Token);

        var state = await _pipe.Client.AskAsync("wait_for_deployment", new { deployment_id, timeout_seconds = 1 });

        Assert.Equal("creating_application", state.Text("status"));
        Assert.Equal("Not ended. Call wait_for_deployment.", state.Text("next"));
    }

    [Fact(Timeout = GivesUpAfter)]
    public async Task A_client_that_cancels_the_wait_leaves_the_deployment_running_and_no_watcher()
    {
        var signals = portal.Services.GetRequiredService<DeploymentSignals>();
        using var gate = await portal.HoldAsync("application.create");
        var deployment_id = (await _pipe.Client.AskAsync("deploy_stack", new { name = "wait-cancelled" })).Text("deployment_id");
        await gate.Arrived.WaitAsync(Token);
        // By hand: the SDK's client may drop its notice when its own token ends the wait, which other clients do not.
        var call = new JsonRpcRequest
        {
            Id = new RequestId("the-wait"),
            Method = RequestMethods.ToolsCall,
            Params = JsonNode.Parse(
                $$"""{"name":"wait_for_deployment","arguments":{"deployment_id":"{{deployment_id}}","timeout_seconds":300},"_meta":{"progressToken":"p"} }"""),
        };
        var heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var subscription = _pipe.Client.RegisterNotificationHandler(NotificationMethods.ProgressNotification, (_, _) =>
        {
            heard.TrySetResult();
            return ValueTask.CompletedTask;
        });
        var waiting = _pipe.Client.SendRequestAsync(call, Token);
        await heard.Task.WaitAsync(Token);
        Assert.Equal(1, signals.WatcherCount);

        await _pipe.Client.SendNotificationAsync(
            NotificationMethods.CancelledNotification, new CancelledNotificationParams { RequestId = call.Id }, cancellationToken: Token);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await portal.NobodyWatchesAsync(TestContext.Current.CancellationToken);
        Assert.Equal("creating_application", (await _pipe.Client.AskAsync("check_deployment_status", new { deployment_id })).Text("status"));
        gate.Release();
        Assert.Equal("completed", (await _pipe.Client.EndOfAsync(deployment_id)).Text("status"));
    }

    [Fact]
    public async Task One_that_has_ended_is_answered_at_once()
    {
        var deployment_id = await _pipe.Client.DeployAsync("wait-ended");

        Assert.Equal("completed", (await _pipe.Client.AskAsync("wait_for_deployment", new { deployment_id, timeout_seconds = 1 })).Text("status"));
    }
}

/// <summary>Hears progress as it comes; <see cref="Progress{T}"/> would hand it to the pool.</summary>
internal sealed class ProgressRecorder : IProgress<ProgressNotificationValue>
{
    private readonly Lock _gate = new();
    private readonly List<ProgressNotificationValue> _all = [];
    private readonly List<(Func<IReadOnlyList<ProgressNotificationValue>, bool> Wished, TaskCompletionSource Reached)> _awaited = [];

    /// <summary>The SDK's client hears notifications side by side, so in the order of their percentage.</summary>
    public IReadOnlyList<ProgressNotificationValue> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _all.OrderBy(p => p.Progress)];
            }
        }
    }

    public IAsyncDisposable Listen(McpClient client) =>
        client.RegisterNotificationHandler(NotificationMethods.ProgressNotification, (notification, _) =>
        {
            Report(notification.Params.Deserialize<ProgressNotificationParams>(McpJsonUtilities.DefaultOptions)!.Progress);
            return ValueTask.CompletedTask;
        });

    public Task CountAsync(int count) => UntilAsync(all => all.Count >= count);

    public Task UntilAsync(Func<IReadOnlyList<ProgressNotificationValue>, bool> wished)
    {
        lock (_gate)
        {
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _awaited.Add((wished, reached));
            Check();
            return reached.Task.WaitAsync(TestContext.Current.CancellationToken);
        }
    }

    public void Report(ProgressNotificationValue value)
    {
        lock (_gate)
        {
            _all.Add(value);
            Check();
        }
    }

    private void Check()
    {
        foreach (var (_, reached) in _awaited.Where(a => a.Wished(_all)))
        {
            reached.TrySetResult();
        }
    }
}
