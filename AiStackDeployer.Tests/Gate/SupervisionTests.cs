using AiStackDeployer.StackGate.Supervision;
using Microsoft.AspNetCore.Http;

namespace AiStackDeployer.Tests.Gate;

public sealed class SupervisionTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/global/health", """{"healthy":true,"version":"1.18.33"}""", 1, "1.18.33")]
    [InlineData("/api/health", """{"healthy":true}""", 2, null)]
    [InlineData("/api/status", """{"healthy":true,"version":"0.0.0-next-1"}""", 2, "0.0.0-next-1")]
    [InlineData("/api/info", """{"version":"2.0.32"}""", 2, "2.0.32")]
    public async Task Each_generation_is_known_by_what_answers(string path, string answer, int generation, string? version)
    {
        await using var world = await GateWorld.BeginAsync(openCode: context => context.Request.Path == path
            ? FakeServer.JsonAsync(context, answer)
            : FakeServer.PageAsync(context));
        var run = await world.Endpoint.WaitUntilUpAsync(Cancellation);
        Assert.Equal((generation, version), (run.Generation, run.Version));
        Assert.Equal(new OpenCodeStatus(OpenCodeState.Running, generation, version, 0), world.Endpoint.Status);
    }

    [Theory]
    [InlineData("""{"healthy":false}""")]
    [InlineData("""{}""")]
    [InlineData("""[]""")]
    [InlineData("not json")]
    public async Task An_answer_that_is_not_healthy_is_none(string answer)
    {
        await using var world = await GateWorld.BeginAsync(openCode: context => FakeServer.JsonAsync(context, answer));
        using var health = new OpenCodeHealth(world.Endpoint, TimeProvider.System);
        Assert.Null(await health.LookAsync(OpenCodeHealth.LookTimeout, Cancellation));
    }

    [Fact]
    public async Task A_request_that_a_starting_OpenCode_leaves_unanswered_does_not_hold_up_the_start()
    {
        var asked = 0;
        await using var world = await GateWorld.BeginAsync(openCode: context => Interlocked.Increment(ref asked) == 1
            ? Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted)
            : FakeServer.VersionOne(context));
        await PassAsync(world, OpenCodeHealth.StartLookTimeout);
        await PassAsync(world, OpenCodeSupervisor.StartPause);
        Assert.Equal(1, (await world.Endpoint.WaitUntilUpAsync(Cancellation)).Generation);
    }

    [Fact]
    public async Task A_crash_is_followed_by_a_new_start_and_watchers_learn_of_both()
    {
        await using var world = await GateWorld.StartAsync();
        var exit = NextExitOf(world);
        var run = await world.Endpoint.WaitUntilUpAsync(Cancellation);
        var gone = new TaskCompletionSource();
        run.Gone.Register(gone.SetResult);
        (await world.Programs.NextAsync("opencode")).End(9);
        await gone.Task.WaitAsync(Cancellation);
        Assert.Equal((9, false, false), ((await exit).ExitCode, (await exit).Hung, (await exit).Stopping));
        var next = world.Endpoint.WaitUntilUpAsync(Cancellation);
        await PassAsync(world, TimeSpan.FromSeconds(1));
        Assert.False((await next).Gone.IsCancellationRequested);
        Assert.Equal((OpenCodeState.Running, 1), (world.Endpoint.Status.State, world.Endpoint.Status.Restarts));
    }

    [Fact]
    public async Task When_it_crashes_again_and_again_the_gate_ends_with_a_failure()
    {
        await using var world = await GateWorld.BeginAsync(openCode: context => context.Response.WriteAsync("no", Cancellation));
        foreach (var pause in new[] { 1, 2, 4, 8 })
        {
            (await world.Programs.NextAsync("opencode")).End(1);
            await PassAsync(world, TimeSpan.FromSeconds(pause));
        }
        var exit = NextExitOf(world);
        (await world.Programs.NextAsync("opencode")).End(1);
        await exit;
        await world.EndAsync();
        Assert.Equal((OpenCodeState.Failed, 4, 1), (world.Endpoint.Status.State, world.Endpoint.Status.Restarts, world.ExitCode));
    }

    [Fact]
    public async Task An_OpenCode_that_no_longer_answers_is_ended_and_started_again()
    {
        await using var world = await GateWorld.StartAsync();
        var exit = NextExitOf(world);
        world.OpenCode.Answer = context => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        for (var look = 1; look <= OpenCodeSupervisor.MostFailedLooks; look++)
        {
            Assert.Equal(OpenCodeState.Running, world.Endpoint.Status.State);
            await PassAsync(world, OpenCodeSupervisor.LookPause);
            await PassAsync(world, OpenCodeHealth.LookTimeout);
        }
        Assert.True((await exit).Hung);
        Assert.True((await world.Programs.NextAsync("opencode")).WasTerminated);
    }

    [Fact]
    public async Task A_good_look_makes_up_for_bad_ones()
    {
        await using var world = await GateWorld.StartAsync();
        for (var look = 1; look <= 2 * OpenCodeSupervisor.MostFailedLooks; look++)
        {
            world.OpenCode.Answer = look % 2 == 0 ? FakeServer.VersionOne : FakeServer.PageAsync;
            await PassAsync(world, OpenCodeSupervisor.LookPause);
        }
        await world.Time.WaitsForAsync(OpenCodeSupervisor.LookPause);
        Assert.Equal((OpenCodeState.Running, 0), (world.Endpoint.Status.State, world.Endpoint.Status.Restarts));
    }

    [Fact]
    public async Task A_stop_asks_both_programs_to_end()
    {
        await using var world = await GateWorld.StartAsync();
        var (openCode, terminal) = (await world.Programs.NextAsync("opencode"), await world.Programs.NextAsync("terminal"));
        var exit = NextExitOf(world);
        await world.StopAsync();
        Assert.All([openCode, terminal], program => Assert.True(program is { WasTerminated: true, WasKilled: false }));
        Assert.Equal((true, 143, 0), ((await exit).Stopping, (await exit).ExitCode, world.ExitCode));
    }

    [Fact]
    public async Task A_program_that_ignores_the_request_to_end_is_killed_after_its_grace()
    {
        await using var world = await GateWorld.BeginAsync();
        using var program = world.Programs.Start("stubborn", FakePrograms.Stubborn, Environment(world));
        var end = program.EndAsync(TimeSpan.FromSeconds(6), world.Time);
        world.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.False(end.IsCompleted);
        world.Time.Advance(TimeSpan.FromSeconds(1));
        await end;
        Assert.True((await world.Programs.NextAsync("stubborn")).WasKilled);
    }

    [Fact]
    public async Task Programs_know_OpenCodes_password_and_not_the_stacks()
    {
        await using var world = await GateWorld.BeginAsync();
        var environment = Environment(world);
        Assert.Equal(world.Endpoint.Password, environment.Variables["OPENCODE_SERVER_PASSWORD"]);
        Assert.DoesNotContain(environment.Variables, variable => variable.Value.Contains(GateWorld.Password, StringComparison.Ordinal));
        Assert.NotEmpty(environment.Variables["PATH"]);
    }

    [Fact]
    public void Waiting_grows_with_each_failed_start_and_begins_anew_after_a_good_one()
    {
        var backoff = new Backoff();
        var pauses = Enumerable.Range(0, 7).Select(_ => backoff.Next(TimeSpan.FromSeconds(1), worked: true).TotalSeconds).ToList();
        Assert.Equal([1, 2, 4, 8, 16, 30, 30], pauses);
        backoff.Next(Backoff.Quick, worked: true);
        Assert.Equal(0, backoff.QuickEnds);
        backoff.Next(Backoff.Quick, worked: false);
        Assert.Equal(1, backoff.QuickEnds);
    }

    [Fact]
    public async Task Lines_pass_without_secrets_and_without_end()
    {
        var output = new StringWriter { NewLine = "\n" };
        await new LineRelay(output, "opencode: ", ["hunter2"]).CopyAsync(new StringReader($"started\r\n\npassword hunter2 is set\n{new string('x', 100_000)}\nlast"));
        var lines = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["opencode: started", "opencode: password *** is set", "opencode: last"], [.. lines[..2], lines[3]]);
        Assert.Equal("opencode: ".Length + LineRelay.LongestLine, lines[2].Length);
    }

    [Fact]
    public async Task A_real_program_runs_without_the_stacks_secrets_and_ends_with_everything_it_started()
    {
        await using var world = await GateWorld.BeginAsync();
        var output = new LineWaiter();
        // The child ignores SIGTERM, as does its child: only the whole group can be killed.
        using var program = new SystemPrograms("/", output).Start(
            "sh", "sh -c 'trap \"\" TERM; sh -c \"trap \\\"\\\" TERM; sleep 1000\" & echo child $!; echo key $OPENCODE_SERVER_PASSWORD; wait; wait'", Environment(world));
        var child = int.Parse((await output.WaitAsync("sh: child "))["sh: child ".Length..], System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal("sh: key ***", await output.WaitAsync("sh: key "));
        Assert.True(Directory.Exists($"/proc/{child}"));
        await program.EndAsync(TimeSpan.FromSeconds(0.2), TimeProvider.System);
        Assert.Equal(137, await program.Ended);
        await WaitForEndAsync(child);
    }

    private static async Task WaitForEndAsync(int process)
    {
        // Whoever inherits it has to collect it; until then it is a zombie.
        while (File.Exists($"/proc/{process}/stat") && !(await File.ReadAllTextAsync($"/proc/{process}/stat", Cancellation)).Contains(") Z ", StringComparison.Ordinal))
        {
            await Task.Yield();
            Cancellation.ThrowIfCancellationRequested();
        }
    }

    private static ChildEnvironment Environment(GateWorld world) => new(new() { Password = GateWorld.Password }, world.Endpoint);

    private static Task<OpenCodeExit> NextExitOf(GateWorld world)
    {
        var next = new TaskCompletionSource<OpenCodeExit>(TaskCreationOptions.RunContinuationsAsynchronously);
        world.Endpoint.Exited += exit => next.TrySetResult(exit);
        return next.Task.WaitAsync(Cancellation);
    }

    /// <summary>Lets a wait of this length begin, and then be over.</summary>
    private static async Task PassAsync(GateWorld world, TimeSpan wait)
    {
        await world.Time.WaitsForAsync(wait);
        world.Time.Advance(wait);
    }

    private sealed class LineWaiter : StringWriter
    {
        private readonly System.Threading.Channels.Channel<string> _lines = System.Threading.Channels.Channel.CreateUnbounded<string>();

        public override void WriteLine(string? value) => _lines.Writer.TryWrite(value!);

        public async Task<string> WaitAsync(string start)
        {
            while (true)
            {
                var line = await _lines.Reader.ReadAsync(Cancellation);
                if (line.StartsWith(start, StringComparison.Ordinal))
                {
                    return line;
                }
            }
        }
    }
}
