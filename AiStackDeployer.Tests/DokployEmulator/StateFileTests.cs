using AiStackDeployer.DokployEmulator;
using AiStackDeployer.DokployEmulator.World;
using Microsoft.Extensions.Time.Testing;

namespace AiStackDeployer.Tests.DokployEmulator;

/// <summary>A killed emulator: nothing is disposed before the next one reads the file.</summary>
public sealed class StateFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("emulator");
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 23, 9, 0, 0, TimeSpan.Zero));

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task After_a_kill_the_world_is_the_same()
    {
        await using var killed = await StartAsync();
        var app = await killed.DeployAsync(await killed.CreateAppAsync());
        killed.Advance(20);
        killed.World.Outcomes.Set("piet", ImageOutcome.CrashLoop);
        var key = killed.World.AddKey(rateLimitMax: null);
        var one = (await killed.GetAsync("application.one?applicationId=" + app.Id)).Text;

        await using var emulator = await StartAsync();

        Assert.Equal(one, (await emulator.GetAsync("application.one?applicationId=" + app.Id)).Text);
        Assert.Equal(["running Running"], await emulator.TasksAsync(app));
        Assert.Equal(200, (await emulator.StackAsync(app.HostName, "/global/health", "pw")).Status);
        Assert.Equal(ImageOutcome.CrashLoop, emulator.World.Outcomes.All["piet"]);
        Assert.Equal(200, (await emulator.SendAsync(emulator.Request(HttpMethod.Get, "api/project.all", key: key))).Status);
        Assert.Equal(killed.World.Projects, emulator.World.Projects);
    }

    [Fact]
    public async Task What_was_answered_is_on_disk_even_when_the_answer_was_lost()
    {
        await using var killed = await StartAsync();
        using var gate = killed.World.Faults.Hold("project.create", afterWork: true);
        var call = killed.PostAsync("project.create", """{"name":"jan"}""");
        await gate.Arrived;

        await using var emulator = await StartAsync();

        Assert.Equal("jan", Assert.Single(emulator.World.Projects).Name);
        gate.Release();
        await call;
    }

    [Fact]
    public async Task A_start_from_a_file_cancels_the_active_job_and_loses_the_waiting_one()
    {
        await using var killed = await StartAsync();
        var running = await killed.DeployAsync(await killed.CreateAppAsync("running"));
        killed.Advance(20);
        var active = await killed.DeployAsync(await killed.CreateAppAsync("slow", "registry.test/slow:1"));
        await killed.DeployAsync(await killed.CreateAppAsync("waiting"), "lost");
        killed.Advance(3);
        Assert.Equal("running", await killed.StatusAsync(active));

        await using var emulator = await StartAsync();
        emulator.Advance(120);

        Assert.Equal("idle", await emulator.StatusAsync(active));
        Assert.Equal("cancelled", emulator.World.Deployments.Single(d => d.ApplicationId == active.Id).Status);
        Assert.DoesNotContain(emulator.World.Deployments, d => d.Title == "lost");
        Assert.Equal([running.AppName], emulator.World.Services.Select(s => s.Name));
    }

    [Fact]
    public async Task Parallel_changes_are_all_on_disk()
    {
        await using var killed = await StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => killed.PostAsync("project.create", $$"""{"name":"p{{i}}"}""")));

        await using var emulator = await StartAsync();

        Assert.Equal(40, emulator.World.Projects.Count);
        Assert.Equal(["state.json"], _folder.GetFiles().Select(f => f.Name));
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_named()
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "state.json"), "{");

        var problem = Assert.Throws<InvalidDataException>(() => new EmulatorWorld(Options, _time));

        Assert.Contains("state.json", problem.Message, StringComparison.Ordinal);
    }

    private EmulatorOptions Options => new() { StateFile = Path.Combine(_folder.FullName, "state.json") };

    private Task<TestEmulator> StartAsync() => TestEmulator.StartAsync(Options, _time);
}
