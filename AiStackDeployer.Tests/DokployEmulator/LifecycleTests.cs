using System.Text.Json.Nodes;
using AiStackDeployer.DokployEmulator;

namespace AiStackDeployer.Tests.DokployEmulator;

/// <summary>Stop, start, removal, restart, and what Dokploy does not keep apart.</summary>
public sealed class LifecycleTests
{
    [Fact]
    public async Task Stop_blocks_until_swarm_converged_and_start_brings_the_stack_back()
    {
        await using var emulator = await TestEmulator.StartAsync();
        var app = await emulator.DeployAsync(await emulator.CreateAppAsync());
        emulator.Advance(20);

        var stop = emulator.PostAsync("application.stop", new JsonObject { ["applicationId"] = app.Id });
        await AdvanceUntilAnsweredAsync(emulator, stop);
        Assert.Equal("done", (await stop).Json["applicationStatus"]!.GetValue<string>());
        Assert.Equal("idle", await emulator.StatusAsync(app));
        Assert.Equal(502, (await emulator.StackAsync(app.HostName, "/", "pw")).Status);

        var start = emulator.PostAsync("application.start", new JsonObject { ["applicationId"] = app.Id });
        await AdvanceUntilAnsweredAsync(emulator, start);
        emulator.Advance(10);
        Assert.Equal("done", await emulator.StatusAsync(app));
        Assert.Equal(200, (await emulator.StackAsync(app.HostName, "/", "pw")).Status);
    }

    [Fact]
    public async Task Start_of_a_crashing_application_never_answers_and_of_an_undeployed_one_is_500()
    {
        await using var emulator = await TestEmulator.StartAsync(new EmulatorOptions { Pace = 0 });
        var fresh = await emulator.CreateAppAsync("fresh");
        var crash = await emulator.DeployAsync(await emulator.CreateAppAsync("crash", "registry.test/crash:1"));
        await emulator.PostAsync("application.stop", new JsonObject { ["applicationId"] = crash.Id });
        using var gate = emulator.World.Faults.Hold("application.start");

        var never = emulator.PostAsync("application.start", new JsonObject { ["applicationId"] = crash.Id });
        await gate.Arrived;
        gate.Release();

        Assert.Equal(500, (await emulator.PostAsync("application.start", new JsonObject { ["applicationId"] = fresh.Id })).Status);
        Assert.False(never.IsCompleted);
    }

    [Fact]
    public async Task Removing_a_project_leaves_its_service_and_route_behind()
    {
        await using var emulator = await TestEmulator.StartAsync(new EmulatorOptions { Pace = 0 });
        var app = await emulator.DeployAsync(await emulator.CreateAppAsync());

        Assert.Equal(200, (await emulator.PostAsync("project.remove", new JsonObject { ["projectId"] = app.ProjectId })).Status);

        Assert.Equal(404, (await emulator.GetAsync("application.one?applicationId=" + app.Id)).Status);
        Assert.True(Assert.Single(emulator.World.Services).IsOrphan);
        Assert.Equal(200, (await emulator.StackAsync(app.HostName, "/", "pw")).Status);
        Assert.Empty(emulator.World.Domains);
    }

    [Fact]
    public async Task Deleting_an_application_takes_service_and_route_but_while_it_deploys_the_service_comes_back()
    {
        await using var emulator = await TestEmulator.StartAsync();
        var quiet = await emulator.DeployAsync(await emulator.CreateAppAsync("quiet"));
        emulator.Advance(20);
        await emulator.PostAsync("application.delete", new JsonObject { ["applicationId"] = quiet.Id });
        Assert.Empty(emulator.World.Services);
        Assert.Equal(404, (await emulator.StackAsync(quiet.HostName, "/", "pw")).Status);
        Assert.Equal(404, (await emulator.PostAsync("application.delete", new JsonObject { ["applicationId"] = quiet.Id })).Status);

        var busy = await emulator.DeployAsync(await emulator.CreateAppAsync("busy", "registry.test/slow:1"));
        emulator.Advance(3);
        await emulator.PostAsync("application.delete", new JsonObject { ["applicationId"] = busy.Id });
        var entry = (await emulator.GetAsync("deployment.queueList")).Json[0]!["servicePath"]!;
        Assert.Null(entry["href"]);
        emulator.Advance(60);
        Assert.True(Assert.Single(emulator.World.Services).IsOrphan);
    }

    [Fact]
    public async Task A_waiting_job_of_a_deleted_application_is_dropped()
    {
        await using var emulator = await TestEmulator.StartAsync();
        await emulator.DeployAsync(await emulator.CreateAppAsync("slow", "registry.test/slow:1"));
        var waiting = await emulator.DeployAsync(await emulator.CreateAppAsync("waiting"));
        await emulator.PostAsync("application.delete", new JsonObject { ["applicationId"] = waiting.Id });
        emulator.Advance(60);

        Assert.Equal(["slow"], emulator.World.Services.Select(s => s.Name[..^7]));
        Assert.Empty(emulator.World.Jobs);
    }

    [Fact]
    public async Task A_restart_cancels_the_active_job_and_forgets_the_waiting_one()
    {
        await using var emulator = await TestEmulator.StartAsync();
        var active = await emulator.DeployAsync(await emulator.CreateAppAsync("slow", "registry.test/slow:1"));
        var waiting = await emulator.DeployAsync(await emulator.CreateAppAsync("waiting"));
        emulator.Advance(3);

        emulator.World.Restart(TimeSpan.FromSeconds(16));
        await Assert.ThrowsAsync<HttpRequestException>(() => emulator.GetAsync("project.all"));
        emulator.Advance(60);

        var row = Assert.Single(emulator.World.Deployments);
        Assert.Equal(("cancelled", null), (row.Status, row.FinishedAt));
        Assert.Equal(("idle", "idle"), (await emulator.StatusAsync(active), await emulator.StatusAsync(waiting)));
        Assert.Empty(emulator.World.Services);
    }

    [Fact]
    public async Task Nothing_is_unique_and_every_appName_gets_its_own_suffix()
    {
        await using var emulator = await TestEmulator.StartAsync();
        var one = await emulator.CreateAppAsync("twin");
        var two = await emulator.CreateAppAsync("twin");

        Assert.NotEqual(one.AppName, two.AppName);
        Assert.Matches("^twin-[a-z0-9]{6}$", one.AppName);
        Assert.Matches("^[A-Za-z0-9_-]{21}$", one.Id);
        Assert.Equal(2, (await emulator.GetAsync("project.search?name=TWI")).Json["total"]!.GetValue<int>());
        Assert.Equal(2, (await emulator.GetAsync("project.search?name=t_i%25n")).Json["total"]!.GetValue<int>());
        Assert.Equal(2, emulator.World.Domains.Count(d => d.Host == "twin.ai.test"));
    }

    [Fact]
    public async Task Applications_created_at_the_same_moment_are_lost_to_application_search_but_not_to_the_environment()
    {
        await using var emulator = await TestEmulator.StartAsync();
        var app = await emulator.CreateAppAsync();
        var body = new JsonObject { ["name"] = "jan", ["environmentId"] = app.EnvironmentId };
        await emulator.PostAsync("application.create", body);
        emulator.Advance(1);
        await emulator.PostAsync("application.create", body);

        Assert.Equal(2, (await emulator.GetAsync("application.search?name=jan")).Json["total"]!.GetValue<int>());
        Assert.Equal(3, (await emulator.GetAsync("environment.one?environmentId=" + app.EnvironmentId)).Json["applications"]!.AsArray().Count);
    }

    [Fact]
    public async Task Saving_the_docker_provider_sets_idle_though_the_container_goes_on()
    {
        await using var emulator = await TestEmulator.StartAsync(new EmulatorOptions { Pace = 0 });
        var app = await emulator.DeployAsync(await emulator.CreateAppAsync());

        var saved = await emulator.PostAsync("application.saveDockerProvider", new JsonObject
        {
            ["applicationId"] = app.Id, ["dockerImage"] = "registry.test/other:1", ["username"] = null, ["password"] = "", ["registryUrl"] = null,
        });

        Assert.Equal("true", saved.Text);
        Assert.Equal("idle", await emulator.StatusAsync(app));
        Assert.Equal(200, (await emulator.StackAsync(app.HostName, "/", "pw")).Status);
    }

    [Fact]
    public async Task A_mount_without_service_type_is_attached_to_nothing()
    {
        await using var emulator = await TestEmulator.StartAsync();
        var app = await emulator.CreateAppAsync();

        var mount = await emulator.PostAsync("mounts.create", new JsonObject { ["type"] = "volume", ["mountPath"] = "/d", ["serviceId"] = app.Id });

        Assert.Equal(200, mount.Status);
        Assert.Null(mount.Json["applicationId"]);
    }

    /// <summary>The call arrives on a thread of its own, so its wait may begin after an advance: the clock is moved until it is over.</summary>
    private static async Task AdvanceUntilAnsweredAsync(TestEmulator emulator, Task call)
    {
        while (!call.IsCompleted)
        {
            emulator.Advance(1);
            await Task.WhenAny(call, emulator.GetAsync("settings.health"));
        }
    }
}
