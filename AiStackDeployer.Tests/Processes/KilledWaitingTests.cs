using AiStackDeployer.DokployEmulator.Faults;
using AiStackDeployer.Tests.TestKit;

namespace AiStackDeployer.Tests.Processes;

/// <summary>What a kill must not change beside the outcome: the order of the queue, and what a watcher is told. The outcome is <see cref="Kills.KillTests"/>'s.</summary>
public sealed class KilledWaitingTests : ProcessTests
{
    // The kill matrix passes here, too.
    [Fact(Timeout = GivesUpAfter, Explicit = true)]
    public async Task Killed_while_the_stack_boots_it_waits_on_and_completes()
    {
        await Home.StartAsync(TestContext.Current.CancellationToken);
        using var person = Home.NewPerson();
        Dokploy.World.Faults.Add(new Fault { Call = "stack", Kind = new FaultKind.Status(502, "Bad Gateway") });
        var started = await person.StartAsync("design-lab");
        var seen = await Completion.ReadUntilAsync(person, started, e => e.Data.Contains("does not respond yet", StringComparison.Ordinal));

        await Home.Process.KillAsync();
        Dokploy.World.Faults.Clear();
        await Home.StartAsync(TestContext.Current.CancellationToken);

        // The watcher comes back as a browser's EventSource does and is given what it missed.
        var rest = await Completion.ReadUntilAsync(person, started, e => e.IsTerminal, seen[^1].Id);
        Assert.Equal("complete", rest[^1].Type);
        Assert.Contains(rest, e => e.Data.Contains("resuming here", StringComparison.Ordinal));
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
