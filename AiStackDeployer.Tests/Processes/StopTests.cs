using AiStackDeployer.DokployEmulator.Faults;
using AiStackDeployer.Tests.TestKit;

namespace AiStackDeployer.Tests.Processes;

/// <summary>The portal is told to stop, as by an upgrade, and is started again.</summary>
public sealed class StopTests : ProcessTests
{
    [Fact(Timeout = GivesUpAfter)]
    public async Task Told_to_stop_it_stops_by_itself_and_goes_on_after_the_next_start()
    {
        await Home.StartAsync(TestContext.Current.CancellationToken);
        using var person = Home.NewPerson();
        Dokploy.World.Faults.Add(new Fault { Call = "stack", Kind = new FaultKind.Status(502, "Bad Gateway") });
        var started = await person.StartAsync("design-lab");
        await Completion.ReadUntilAsync(person, started, e => e.Data.Contains("does not respond yet", StringComparison.Ordinal));

        await Home.Process.TerminateAsync();
        Assert.Equal(0, Home.Process.ExitCode);
        Dokploy.World.Faults.Clear();
        await Home.StartAsync(TestContext.Current.CancellationToken);

        await AssertCompletesAsync(person, started);
    }

    [Fact(Timeout = GivesUpAfter)]
    public async Task Told_to_stop_in_the_middle_of_a_call_it_waits_for_the_answer_and_says_meanwhile_that_it_is_not_ready()
    {
        await Home.StartAsync(TestContext.Current.CancellationToken);
        using var person = Home.NewPerson();
        var gate = Dokploy.World.Faults.Hold("project.create");
        var started = await person.StartAsync("design-lab");
        await gate.Arrived.WaitAsync(TestContext.Current.CancellationToken);

        await Home.Process.AskToStopAsync();
        await Home.Process.LineAsync("Stopping: running steps", TestContext.Current.CancellationToken);
        using (var probe = await person.GetAsync("health/ready", TestContext.Current.CancellationToken))
        {
            Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, probe.StatusCode);
        }
        gate.Release();
        Assert.Equal(0, await Home.Process.EndAsync(TestContext.Current.CancellationToken));
        await Home.StartAsync(TestContext.Current.CancellationToken);

        await AssertCompletesAsync(person, started);
        // Not sent again: the answer that was waited for is in the database.
        Assert.Equal(1, Dokploy.World.Calls.Count("project.create"));
    }
}
