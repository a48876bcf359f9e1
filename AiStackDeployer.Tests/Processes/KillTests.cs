using System.Text.Json.Nodes;
using AiStackDeployer.DokployEmulator;
using AiStackDeployer.DokployEmulator.Faults;
using AiStackDeployer.Tests.TestKit;

namespace AiStackDeployer.Tests.Processes;

/// <summary>The portal as a process that dies in the middle and is started again, against an emulated Dokploy that lives on.</summary>
public sealed class KillTests : IAsyncLifetime
{
    private const int GivesUpAfter = 240_000;

    private DokployEmulatorHost _dokploy = null!;
    private PortalHome _home = null!;

    public async ValueTask InitializeAsync()
    {
        _dokploy = await DokployEmulatorHost.StartAsync(
            new EmulatorOptions { Pace = 0, StackBootTime = TimeSpan.Zero }, TimeProvider.System, TestContext.Current.CancellationToken);
        _home = PortalHome.For(_dokploy);
    }

    public async ValueTask DisposeAsync()
    {
        await _home.DisposeAsync();
        await _dokploy.DisposeAsync();
    }

    /// <param name="call">The portal is killed while it waits for this call's answer.</param>
    /// <param name="afterWork">Whether Dokploy had done the work by then: its answer is lost with the process.</param>
    [Theory(Timeout = GivesUpAfter)]
    [InlineData("project.create", true)]
    [InlineData("application.create", true)]
    [InlineData("application.deploy", true)]
    [InlineData("docker.getServiceContainersByAppName", false)]
    public async Task Killed_while_a_call_is_out_the_same_deployment_completes_with_one_of_everything(string call, bool afterWork)
    {
        await _home.StartAsync(TestContext.Current.CancellationToken);
        using var person = _home.NewPerson();
        var gate = _dokploy.World.Faults.Hold(call, afterWork);
        var started = await person.StartAsync("design-lab");
        await gate.Arrived.WaitAsync(TestContext.Current.CancellationToken);

        await _home.Process.KillAsync();
        gate.Release();
        await _home.StartAsync(TestContext.Current.CancellationToken);

        await AssertCompletesAsync(person, started);
    }

    [Fact(Timeout = GivesUpAfter)]
    public async Task Killed_while_the_stack_boots_it_waits_on_and_completes()
    {
        await _home.StartAsync(TestContext.Current.CancellationToken);
        using var person = _home.NewPerson();
        _dokploy.World.Faults.Add(new Fault { Call = "stack", Kind = new FaultKind.Status(502, "Bad Gateway") });
        var started = await person.StartAsync("design-lab");
        var seen = await ReadUntilAsync(person, started, e => e.Data.Contains("does not respond yet", StringComparison.Ordinal));

        await _home.Process.KillAsync();
        _dokploy.World.Faults.Clear();
        await _home.StartAsync(TestContext.Current.CancellationToken);

        // The watcher comes back as a browser's EventSource does and is given what it missed.
        var rest = await ReadUntilAsync(person, started, e => e.IsTerminal, seen[^1].Id);
        Assert.Equal("complete", rest[^1].Type);
        Assert.Contains(rest, e => e.Data.Contains("resuming here", StringComparison.Ordinal));
        await AssertCompletesAsync(person, started);
    }

    [Fact(Timeout = GivesUpAfter)]
    public async Task Killed_at_step_after_step_it_still_completes_with_one_of_everything()
    {
        await _home.StartAsync(TestContext.Current.CancellationToken);
        using var person = _home.NewPerson();
        var gate = _dokploy.World.Faults.Hold("project.create");
        var started = await person.StartAsync("design-lab");

        foreach (var next in new[] { "application.update", "mounts.create", "domain.create", "application.one" })
        {
            await gate.Arrived.WaitAsync(TestContext.Current.CancellationToken);
            await _home.Process.KillAsync();
            gate.Release();
            gate = _dokploy.World.Faults.Hold(next, afterWork: true);
            await _home.StartAsync(TestContext.Current.CancellationToken);
        }
        await gate.Arrived.WaitAsync(TestContext.Current.CancellationToken);
        gate.Release();

        await AssertCompletesAsync(person, started);
    }

    [Fact(Timeout = GivesUpAfter)]
    public async Task Told_to_stop_it_stops_by_itself_and_goes_on_after_the_next_start()
    {
        await _home.StartAsync(TestContext.Current.CancellationToken);
        using var person = _home.NewPerson();
        _dokploy.World.Faults.Add(new Fault { Call = "stack", Kind = new FaultKind.Status(502, "Bad Gateway") });
        var started = await person.StartAsync("design-lab");
        await ReadUntilAsync(person, started, e => e.Data.Contains("does not respond yet", StringComparison.Ordinal));

        await _home.Process.TerminateAsync();
        Assert.Equal(0, _home.Process.ExitCode);
        _dokploy.World.Faults.Clear();
        await _home.StartAsync(TestContext.Current.CancellationToken);

        await AssertCompletesAsync(person, started);
    }

    [Fact(Timeout = GivesUpAfter)]
    public async Task Told_to_stop_in_the_middle_of_a_call_it_waits_for_the_answer_and_says_meanwhile_that_it_is_not_ready()
    {
        await _home.StartAsync(TestContext.Current.CancellationToken);
        using var person = _home.NewPerson();
        var gate = _dokploy.World.Faults.Hold("project.create");
        var started = await person.StartAsync("design-lab");
        await gate.Arrived.WaitAsync(TestContext.Current.CancellationToken);

        await _home.Process.AskToStopAsync();
        await _home.Process.LineAsync("Stopping: running steps", TestContext.Current.CancellationToken);
        using (var probe = await person.GetAsync("health/ready", TestContext.Current.CancellationToken))
        {
            Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, probe.StatusCode);
        }
        gate.Release();
        Assert.Equal(0, await _home.Process.EndAsync(TestContext.Current.CancellationToken));
        await _home.StartAsync(TestContext.Current.CancellationToken);

        await AssertCompletesAsync(person, started);
        // Not sent again: the answer that was waited for is in the database.
        Assert.Equal(1, _dokploy.World.Calls.Count("project.create"));
    }

    [Fact(Timeout = GivesUpAfter)]
    public async Task Killed_with_another_waiting_in_line_both_complete_in_order()
    {
        await _home.With("MAX_PARALLEL_DEPLOYMENTS", "1").StartAsync(TestContext.Current.CancellationToken);
        using var person = _home.NewPerson();
        var gate = _dokploy.World.Faults.Hold("application.create");
        var first = await person.StartAsync("design-lab");
        await gate.Arrived.WaitAsync(TestContext.Current.CancellationToken);
        var second = await person.StartAsync("research-lab");
        Assert.Equal("initializing", (await person.StatusAsync(second.Text("deploymentId"))).Text("status"));

        await _home.Process.KillAsync();
        gate.Release();
        await _home.StartAsync(TestContext.Current.CancellationToken);

        var ended = new[] { await AssertCompletesAsync(person, first), await AssertCompletesAsync(person, second) };
        Assert.True(
            ended[0]["finishedAt"]!.GetValue<DateTimeOffset>() <= ended[1]["startedAt"]!.GetValue<DateTimeOffset>(),
            "the one that waited had its turn after the one that ran");
    }

    private Task<JsonNode> AssertCompletesAsync(HttpClient person, JsonNode started) => Completion.AssertAsync(_dokploy, _home, person, started);

    private static Task<List<SeenEvent>> ReadUntilAsync(
        HttpClient person, JsonNode started, Func<SeenEvent, bool> wished, long? lastEventId = null) =>
        Completion.ReadUntilAsync(person, started, wished, lastEventId);
}
