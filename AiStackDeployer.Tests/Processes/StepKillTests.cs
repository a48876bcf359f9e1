using AiStackDeployer.DokployEmulator.Faults;
using AiStackDeployer.Tests.TestKit;

namespace AiStackDeployer.Tests.Processes;

/// <summary>The portal dies again and again, or while the stack starts.</summary>
public sealed class StepKillTests : ProcessTests
{
    [Fact(Timeout = GivesUpAfter)]
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
    public async Task Killed_at_step_after_step_it_still_completes_with_one_of_everything()
    {
        await Home.StartAsync(TestContext.Current.CancellationToken);
        using var person = Home.NewPerson();
        var gate = Dokploy.World.Faults.Hold("project.create");
        var started = await person.StartAsync("design-lab");

        foreach (var next in new[] { "application.update", "mounts.create", "domain.create", "application.one" })
        {
            await gate.Arrived.WaitAsync(TestContext.Current.CancellationToken);
            await Home.Process.KillAsync();
            gate.Release();
            gate = Dokploy.World.Faults.Hold(next, afterWork: true);
            await Home.StartAsync(TestContext.Current.CancellationToken);
        }
        await gate.Arrived.WaitAsync(TestContext.Current.CancellationToken);
        gate.Release();

        await AssertCompletesAsync(person, started);
    }
}
