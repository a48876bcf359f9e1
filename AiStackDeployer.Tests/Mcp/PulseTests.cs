using System.Threading.Channels;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Tests.TestKit;
using AiStackDeployer.Web.Components;
using AiStackDeployer.Web.Mcp;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using ModelContextProtocol.Server;

namespace AiStackDeployer.Tests.Mcp;

/// <summary>The waiting tool over a clock that the test moves.</summary>
public sealed class PulseTests : PageWorld
{
    [Fact(Timeout = 60_000)]
    public async Task Silence_of_the_deployment_is_broken_by_progress_so_that_the_client_does_not_give_up()
    {
        var id = await RunTo("wait-silence", DeploymentStep.AwaitReadiness);
        var time = new WatchedTime(Now);
        var services = new ServiceCollection().AddLogging().AddPortalTexts()
            .AddSingleton<TimeProvider>(time)
            .AddSingleton(Services.GetRequiredService<DeploymentService>())
            .AddSingleton(new DeploymentFeed(Store, Signals, Services.GetRequiredService<DeploymentSnapshots>(), time))
            .AddSingleton<StateText>()
            .AddSingleton<IHostApplicationLifetime>(new Lifetime())
            .BuildServiceProvider();
        var options = new McpServerOptions { ToolCollection = [.. ToolCatalog.CreateTools()] };
        await using var pipe = await McpPipe.OpenAsync(options, services);
        var told = new Told();
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
        Assert.All(seen.Take(3), p => Assert.Equal("Waiting for the address to answer", p.Message));
        Assert.True(seen[0].Progress < seen[1].Progress && seen[1].Progress < seen[2].Progress && seen[2].Progress < 100);
    }

    /// <summary>Tells when somebody begins to wait for a certain time.</summary>
    private sealed class WatchedTime(DateTimeOffset start) : FakeTimeProvider(start)
    {
        private readonly Channel<TimeSpan> _waits = Channel.CreateUnbounded<TimeSpan>();

        public async Task WaitsForAsync(TimeSpan due)
        {
            while (await _waits.Reader.ReadAsync(Xunit.TestContext.Current.CancellationToken) != due)
            {
            }
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            _waits.Writer.TryWrite(dueTime);
            return timer;
        }
    }

    private sealed class Lifetime : IHostApplicationLifetime
    {
        public CancellationToken ApplicationStarted => CancellationToken.None;

        public CancellationToken ApplicationStopping => CancellationToken.None;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication()
        {
        }
    }
}
