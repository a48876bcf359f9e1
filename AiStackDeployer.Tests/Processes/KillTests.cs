using AiStackDeployer.Tests.TestKit;

namespace AiStackDeployer.Tests.Processes;

/// <summary>The portal dies while a call of its is out, and is started again.</summary>
public sealed class KillTests : ProcessTests
{
    /// <param name="call">The portal is killed while it waits for this call's answer.</param>
    /// <param name="afterWork">Whether Dokploy had done the work by then: its answer is lost with the process.</param>
    [Theory(Timeout = GivesUpAfter)]
    [InlineData("project.create", true)]
    [InlineData("application.create", true)]
    [InlineData("application.deploy", true)]
    [InlineData("docker.getServiceContainersByAppName", false)]
    public async Task Killed_while_a_call_is_out_the_same_deployment_completes_with_one_of_everything(string call, bool afterWork)
    {
        await Home.StartAsync(TestContext.Current.CancellationToken);
        using var person = Home.NewPerson();
        var gate = Dokploy.World.Faults.Hold(call, afterWork);
        var started = await person.StartAsync("design-lab");
        await gate.Arrived.WaitAsync(TestContext.Current.CancellationToken);

        await Home.Process.KillAsync();
        gate.Release();
        await Home.StartAsync(TestContext.Current.CancellationToken);

        await AssertCompletesAsync(person, started);
    }

    [Fact(Timeout = GivesUpAfter)]
    public async Task Killed_with_another_waiting_in_line_both_complete_in_order()
    {
        await Home.With("MAX_PARALLEL_DEPLOYMENTS", "1").StartAsync(TestContext.Current.CancellationToken);
        using var person = Home.NewPerson();
        var gate = Dokploy.World.Faults.Hold("application.create");
        var first = await person.StartAsync("design-lab");
        await gate.Arrived.WaitAsync(TestContext.Current.CancellationToken);
        var second = await person.StartAsync("research-lab");
        Assert.Equal("initializing", (await person.StatusAsync(second.Text("deploymentId"))).Text("status"));

        await Home.Process.KillAsync();
        gate.Release();
        await Home.StartAsync(TestContext.Current.CancellationToken);

        var ended = new[] { await AssertCompletesAsync(person, first), await AssertCompletesAsync(person, second) };
        Assert.True(
            ended[0]["finishedAt"]!.GetValue<DateTimeOffset>() <= ended[1]["startedAt"]!.GetValue<DateTimeOffset>(),
            "the one that waited had its turn after the one that ran");
    }
}
