using AiStackDeployer.DokployEmulator;
using AiStackDeployer.DokployEmulator.Faults;

namespace AiStackDeployer.Tests.DokployEmulator;

public sealed class FaultTests
{
    private const string Body = """{"name":"x"}""";

    [Fact]
    public async Task A_status_fault_strikes_as_often_as_told_and_only_its_call()
    {
        await using var emulator = await TestEmulator.StartAsync();
        emulator.World.Faults.Add(new Fault { Call = "project.create", Times = 2, After = 1, Kind = new FaultKind.Status(503, "busy", "text/plain") });

        Assert.Equal(200, (await emulator.PostAsync("project.create", Body)).Status);
        Assert.Equal((503, "busy"), await Pair(emulator.PostAsync("project.create", Body)));
        Assert.Equal(200, (await emulator.GetAsync("project.all")).Status);
        Assert.Equal(503, (await emulator.PostAsync("project.create", Body)).Status);
        Assert.Equal(200, (await emulator.PostAsync("project.create", Body)).Status);
        Assert.Equal(2, emulator.World.Projects.Count);
        Assert.Empty(emulator.World.Faults.All);

        static async Task<(int, string)> Pair(Task<Answered> answer) => ((await answer).Status, (await answer).Text);
    }

    [Fact]
    public async Task A_reset_does_nothing_and_a_lost_answer_does_the_work()
    {
        await using var emulator = await TestEmulator.StartAsync();
        emulator.World.Faults.Add(new Fault { Call = "project.create", Times = 1, Kind = new FaultKind.Reset() });
        await Assert.ThrowsAsync<HttpRequestException>(() => emulator.PostAsync("project.create", Body));
        Assert.Empty(emulator.World.Projects);

        emulator.World.Faults.Add(new Fault { Call = "project.create", Times = 1, Kind = new FaultKind.AnswerLost() });
        await Assert.ThrowsAsync<HttpRequestException>(() => emulator.PostAsync("project.create", Body));
        Assert.Single(emulator.World.Projects);
        Assert.All(emulator.World.Calls.All, call => Assert.Equal(0, call.Status));
    }

    [Fact]
    public async Task Garbage_is_200_with_broken_json_and_nothing_done()
    {
        await using var emulator = await TestEmulator.StartAsync();
        emulator.World.Faults.Add(new Fault { Call = "*", Times = 1, Kind = new FaultKind.Garbage() });

        var answer = await emulator.PostAsync("project.create", Body);

        Assert.Equal(200, answer.Status);
        Assert.ThrowsAny<System.Text.Json.JsonException>(() => answer.Json);
        Assert.Empty(emulator.World.Projects);
    }

    [Fact]
    public async Task A_hang_lasts_until_the_client_gives_up()
    {
        await using var emulator = await TestEmulator.StartAsync();
        emulator.World.Faults.Add(new Fault { Call = "project.create", Times = 1, Kind = new FaultKind.Hang() });
        using var http = new HttpClient();
        using var timeout = new CancellationTokenSource();
        using var gate = emulator.World.Faults.Hold("project.create");

        var call = http.SendAsync(emulator.Request(HttpMethod.Post, "api/project.create", Body), timeout.Token);
        await gate.Arrived;
        gate.Release();
        await emulator.GetAsync("settings.health");
        Assert.False(call.IsCompleted);
        await timeout.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Empty(emulator.World.Projects);
    }

    [Fact]
    public async Task A_delay_is_over_when_the_clock_says_so()
    {
        await using var emulator = await TestEmulator.StartAsync();
        emulator.World.Faults.Add(new Fault { Call = "project.create", Kind = new FaultKind.Delay(TimeSpan.FromSeconds(30)) });

        var call = emulator.PostAsync("project.create", Body);
        while (!call.IsCompleted)
        {
            emulator.Advance(10);
            await Task.WhenAny(call, emulator.GetAsync("settings.health"));
        }

        Assert.Equal(200, (await call).Status);
        Assert.True(emulator.World.Projects[0].CreatedAt - emulator.World.Calls.All[0].At >= TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_drip_does_the_work_and_answers_byte_by_byte()
    {
        await using var emulator = await TestEmulator.StartAsync();
        emulator.World.Faults.Add(new Fault { Call = "settings.health", Kind = new FaultKind.Drip(TimeSpan.FromSeconds(1)) });

        var began = emulator.Time.GetUtcNow();
        var call = emulator.GetAsync("settings.health");
        while (!call.IsCompleted)
        {
            emulator.Advance(1);
            await Task.WhenAny(call, emulator.GetAsync("project.all"));
        }

        Assert.Equal("""{"status":"ok"}""", (await call).Text);
        Assert.True(emulator.Time.GetUtcNow() - began >= TimeSpan.FromSeconds("""{"status":"ok"}""".Length));
    }

    [Fact]
    public async Task A_late_call_is_executed_although_its_client_has_given_up()
    {
        await using var emulator = await TestEmulator.StartAsync();
        emulator.World.Faults.Add(new Fault { Call = "project.create", Kind = new FaultKind.Late(TimeSpan.FromSeconds(12)) });
        using var http = new HttpClient();
        using var timeout = new CancellationTokenSource();
        using var gate = emulator.World.Faults.Hold("project.create");
        var call = http.SendAsync(emulator.Request(HttpMethod.Post, "api/project.create", Body), timeout.Token);
        await gate.Arrived;
        gate.Release();
        await emulator.GetAsync("project.all");
        await timeout.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Empty(emulator.World.Projects);

        while (emulator.World.Projects.Count == 0)
        {
            emulator.Advance(1);
            await emulator.GetAsync("project.all");
        }

        Assert.True(emulator.World.Projects[0].CreatedAt - emulator.World.Calls.All[0].At >= TimeSpan.FromSeconds(12));
    }

    [Fact]
    public async Task A_restart_strikes_with_the_call_and_the_server_is_away_for_a_while()
    {
        await using var emulator = await TestEmulator.StartAsync();
        emulator.World.Faults.Add(new Fault { Call = "project.create", Times = 1, Kind = new FaultKind.Restart(TimeSpan.FromSeconds(17)) });

        await Assert.ThrowsAsync<HttpRequestException>(() => emulator.PostAsync("project.create", Body));
        await Assert.ThrowsAsync<HttpRequestException>(() => emulator.GetAsync("project.all"));
        emulator.Advance(17);

        Assert.Equal(200, (await emulator.PostAsync("project.create", Body)).Status);
        Assert.Single(emulator.World.Projects);
    }

    [Theory]
    [InlineData(false, "{\"message\":\"Unauthorized\"}")]
    [InlineData(true, "{\"message\":\"UNAUTHORIZED\",\"code\":\"UNAUTHORIZED\"")]
    public async Task An_unauthorized_fault_comes_in_both_forms(bool withCode, string start)
    {
        await using var emulator = await TestEmulator.StartAsync();
        emulator.World.Faults.Add(new Fault { Call = "*", Times = 1, Kind = new FaultKind.Unauthorized(withCode) });

        var answer = await emulator.PostAsync("project.create", Body);

        Assert.Equal(401, answer.Status);
        Assert.StartsWith(start, answer.Text, StringComparison.Ordinal);
        Assert.Empty(emulator.World.Projects);
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 1)]
    public async Task A_held_call_waits_before_or_after_its_work_until_released(bool afterWork, int projectsMeanwhile)
    {
        await using var emulator = await TestEmulator.StartAsync();
        using var gate = emulator.World.Faults.Hold("project.create", afterWork);

        var call = emulator.PostAsync("project.create", Body);
        await gate.Arrived;
        Assert.Equal(projectsMeanwhile, emulator.World.Projects.Count);
        Assert.False(call.IsCompleted);
        gate.Release();

        Assert.Equal(200, (await call).Status);
        Assert.Equal(200, (await emulator.PostAsync("project.create", Body)).Status);
    }

    [Fact]
    public async Task A_stop_of_the_emulator_does_not_wait_for_calls_that_hang()
    {
        var emulator = await TestEmulator.StartAsync();
        emulator.World.Faults.Add(new Fault { Call = "*", Kind = new FaultKind.Hang() });
        using var gate = emulator.World.Faults.Hold("*");
        using var http = new HttpClient();
        var call = http.SendAsync(emulator.Request(HttpMethod.Get, "api/project.all"), TestEmulator.Token);
        await gate.Arrived;
        gate.Release();

        await emulator.DisposeAsync();

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => call);
    }

    [Fact]
    public async Task Calls_are_recorded_with_their_body_and_status_refused_ones_too()
    {
        await using var emulator = await TestEmulator.StartAsync();
        await emulator.PostAsync("Project.Create", Body);
        await emulator.GetAsync("project.one?projectId=nope");

        Assert.Equal(
            [("project.create", "POST", Body, 200), ("project.one", "GET", "", 404)],
            emulator.World.Calls.All.Select(c => (c.Call, c.Method, c.Body, c.Status)));
        Assert.Equal(1, emulator.World.Calls.Count("project.create"));
        Assert.Equal("/api/project.one?projectId=nope", emulator.World.Calls.All[1].Path);
    }

    [Fact]
    public async Task Recorded_latency_makes_every_call_wait_for_the_clock()
    {
        await using var emulator = await TestEmulator.StartAsync(new EmulatorOptions { RecordedLatency = true });

        using var gate = emulator.World.Faults.Hold("project.all", afterWork: true);
        var call = emulator.GetAsync("project.all");
        while (!gate.Arrived.IsCompleted)
        {
            emulator.Time.Advance(TimeSpan.FromMilliseconds(5));
            await Task.Yield();
        }

        gate.Release();
        Assert.Equal(200, (await call).Status);
        Assert.True(emulator.Time.GetUtcNow() - emulator.World.Calls.All[0].At >= TimeSpan.FromMilliseconds(31));
    }
}
