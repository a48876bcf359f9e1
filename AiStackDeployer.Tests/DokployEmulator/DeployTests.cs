using System.Text.Json.Nodes;
using AiStackDeployer.DokployEmulator;

namespace AiStackDeployer.Tests.DokployEmulator;

/// <summary>Queue, job and swarm under a clock that only the test moves.</summary>
public sealed class DeployTests
{
    [Fact]
    public async Task A_deploy_answers_nothing_is_done_before_the_container_runs_and_the_stack_boots_after_that()
    {
        await using var emulator = await TestEmulator.StartAsync();
        var app = await emulator.CreateAppAsync();

        var answer = await emulator.PostAsync("application.deploy", new JsonObject { ["applicationId"] = app.Id, ["title"] = "dep_1" });
        Assert.Equal((200, "", "application/json"), (answer.Status, answer.Text, answer.ContentHeaders.ContentType!.ToString()));

        // Each row: seconds since the deploy, application, deployment row, newest task, the stack's answer.
        foreach (var (at, application, row, task, stack) in ((double, string, string?, string?, int)[])
        [
            (0.00, "running", null, null, 502),
            (0.10, "running", "running", null, 502),
            (0.50, "done", "done", "running Pending", 502),
            (1.00, "done", "done", "running Preparing", 502),
            (2.00, "done", "done", "running Starting", 502),
            (2.50, "done", "done", "running Running", 502),
            (7.00, "done", "done", "running Running", 502),
            (7.50, "done", "done", "running Running", 200),
        ])
        {
            emulator.Time.SetUtcNow(new DateTimeOffset(2026, 11, 23, 9, 0, 0, TimeSpan.Zero).AddSeconds(at));
            var one = (await emulator.GetAsync("application.one?applicationId=" + app.Id)).Json;
            Assert.Equal(application, one["applicationStatus"]!.GetValue<string>());
            Assert.Equal(row, one["deployments"]!.AsArray().SingleOrDefault()?["status"]!.GetValue<string>());
            Assert.Equal(task, (await emulator.TasksAsync(app)).FirstOrDefault());
            Assert.Equal(stack, (await emulator.StackAsync(app.HostName, "/global/health", "pw")).Status);
        }
    }

    [Fact]
    public async Task A_deployment_is_found_by_its_title_and_without_one_gets_the_default()
    {
        await using var emulator = await TestEmulator.StartAsync(new EmulatorOptions { Pace = 0 });
        var app = await emulator.CreateAppAsync();
        await emulator.DeployAsync(app, "dep_1");
        await emulator.PostAsync("application.deploy", new JsonObject { ["applicationId"] = app.Id });
        await emulator.PostAsync("application.redeploy", new JsonObject { ["applicationId"] = app.Id });

        var rows = (await emulator.GetAsync("deployment.all?applicationId=" + app.Id)).Json.AsArray();

        Assert.Equal(["Rebuild deployment", "Manual deployment", "dep_1"], rows.Select(r => r!["title"]!.GetValue<string>()));
        Assert.Equal("Initializing deployment\n", await emulator.LogOfLastDeploymentAsync(app));
    }

    [Fact]
    public async Task A_job_behind_another_one_shows_in_the_queue_only()
    {
        await using var emulator = await TestEmulator.StartAsync();
        var slow = await emulator.CreateAppAsync("slow", "registry.test/slow:1");
        var second = await emulator.CreateAppAsync("second");
        await emulator.DeployAsync(slow);
        await emulator.DeployAsync(second, "mine");
        emulator.Advance(10);

        Assert.Equal("running", await emulator.StatusAsync(slow));
        Assert.Equal("idle", await emulator.StatusAsync(second));
        Assert.Equal("[]", (await emulator.GetAsync("deployment.all?applicationId=" + second.Id)).Text);
        Assert.Equal(["active", "waiting"], emulator.World.Jobs.Select(j => j.State));

        emulator.Advance(12);
        Assert.Equal("done", await emulator.StatusAsync(second));
        Assert.Equal("[]", (await emulator.GetAsync("deployment.queueList")).Text);
    }

    [Theory]
    [InlineData("registry.test/missing:1", "manifest for registry.test/missing:1 not found: manifest unknown: manifest unknown\n❌ Pulling image failed\n")]
    [InlineData("registry.test/denied:1", "Head \"https://registry.test/v2/denied/manifests/1\": no basic auth credentials\n❌ Pulling image failed\n")]
    [InlineData("somebody/denied", "pull access denied for somebody/denied, repository does not exist or may require 'docker login'")]
    [InlineData("", "Docker image not found\n")]
    public async Task An_image_that_cannot_be_pulled_is_an_error_with_the_reason_in_the_log_only(string image, string reason)
    {
        await using var emulator = await TestEmulator.StartAsync();
        var app = await emulator.CreateAppAsync(image: image);
        await emulator.DeployAsync(app);
        emulator.Advance(1);

        var row = (await emulator.GetAsync("deployment.all?applicationId=" + app.Id)).Json[0]!;

        Assert.Equal("error", await emulator.StatusAsync(app));
        Assert.Equal("error", row["status"]!.GetValue<string>());
        Assert.Null(row["errorMessage"]);
        var log = await emulator.LogOfLastDeploymentAsync(app);
        Assert.Contains(reason, log, StringComparison.Ordinal);
        Assert.EndsWith("Error occurred ❌, check the logs for details.\n", log, StringComparison.Ordinal);
        Assert.Empty(emulator.World.Services);
        Assert.Equal(500, (await emulator.GetAsync("application.readLogs?applicationId=" + app.Id)).Status);
    }

    [Fact]
    public async Task Refused_credentials_fail_the_login_and_good_ones_open_the_registry_to_everyone()
    {
        await using var emulator = await TestEmulator.StartAsync(new EmulatorOptions { Pace = 0 });
        static JsonObject Login() => new() { ["username"] = "u", ["password"] = "p" };
        emulator.World.Outcomes.Set("bad", ImageOutcome.LoginFailed);
        var bad = await emulator.DeployAsync(await emulator.CreateAppAsync("bad", "registry.test/denied:1", more: Login()));
        var without = await emulator.DeployAsync(await emulator.CreateAppAsync("without", "registry.test/denied:1"));
        await emulator.DeployAsync(await emulator.CreateAppAsync("good", "registry.test/denied:1", more: Login()));

        Assert.Contains("failed with status: 401 Unauthorized\n❌ Login failed", await emulator.LogOfLastDeploymentAsync(bad), StringComparison.Ordinal);
        Assert.Equal("error", await emulator.StatusAsync(without));
        await emulator.DeployAsync(without);
        Assert.Equal("done", await emulator.StatusAsync(without));
    }

    [Theory]
    [InlineData("memoryLimit", "128m", "invalid memory value 128: Must be at least 4MiB")]
    [InlineData("env", "A=${{project.NOPE}}", "Invalid project environment variable: project.NOPE")]
    public async Task A_setting_swarm_cannot_take_is_only_seen_by_the_job(string column, string value, string reason)
    {
        await using var emulator = await TestEmulator.StartAsync(new EmulatorOptions { Pace = 0 });
        var app = await emulator.CreateAppAsync();
        Assert.Equal("true", (await emulator.PostAsync("application.update", new JsonObject { ["applicationId"] = app.Id, [column] = value })).Text);
        await emulator.DeployAsync(app);

        Assert.Equal("error", await emulator.StatusAsync(app));
        Assert.Contains(reason, await emulator.LogOfLastDeploymentAsync(app), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_crash_loop_is_done_and_fails_again_every_seven_seconds()
    {
        await using var emulator = await TestEmulator.StartAsync();
        emulator.World.Outcomes.ContainerLog = "boom";
        var app = await emulator.DeployAsync(await emulator.CreateAppAsync(image: "registry.test/crash:1"));

        emulator.Advance(3);
        Assert.Equal("done", await emulator.StatusAsync(app));
        Assert.Equal(["running Running"], await emulator.TasksAsync(app));
        emulator.Advance(1);
        Assert.Equal(["ready Ready", "shutdown Failed \"task: non-zero exit (3)\""], await emulator.TasksAsync(app));
        emulator.Advance(60);
        var tasks = await emulator.TasksAsync(app);
        Assert.Equal(5, tasks.Length);
        Assert.All(tasks[1..], t => Assert.Equal("shutdown Failed \"task: non-zero exit (3)\"", t));
        Assert.Contains(" boom\n", (await emulator.GetAsync("application.readLogs?applicationId=" + app.Id)).Json.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(502, (await emulator.StackAsync(app.HostName, "/global/health", "pw")).Status);
    }

    [Theory]
    [InlineData(ImageOutcome.CrashLoop, "(3)")]
    [InlineData(ImageOutcome.OutOfMemory, "(137)")]
    public async Task At_pace_zero_a_failing_container_has_failed_often_already(ImageOutcome outcome, string exit)
    {
        await using var emulator = await TestEmulator.StartAsync(new EmulatorOptions { Pace = 0 });
        emulator.World.Outcomes.Set("*", outcome);
        var app = await emulator.DeployAsync(await emulator.CreateAppAsync());

        var tasks = await emulator.TasksAsync(app);

        Assert.Equal("ready Ready", tasks[0]);
        Assert.Equal(4, tasks.Count(t => t.Contains("Failed", StringComparison.Ordinal) && t.Contains(exit, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_reservation_above_the_node_stays_pending_though_the_job_is_done()
    {
        await using var emulator = await TestEmulator.StartAsync(new EmulatorOptions { NodeMemoryBytes = 1_000_000_000 });
        var app = await emulator.CreateAppAsync(more: new JsonObject { ["memoryReservation"] = "1000000001" });
        await emulator.DeployAsync(app);
        emulator.Advance(30);

        Assert.Equal("done", await emulator.StatusAsync(app));
        Assert.Equal(["running Pending \"no suitable node (insufficient resources on 1 node)\""], await emulator.TasksAsync(app));
    }

    [Theory]
    [InlineData(ImageOutcome.CrashLoop)]
    [InlineData(ImageOutcome.RolledBackUpdate)]
    public async Task A_bad_update_over_a_healthy_stack_is_done_and_swarm_goes_back(ImageOutcome outcome)
    {
        await using var emulator = await TestEmulator.StartAsync();
        var app = await emulator.DeployAsync(await emulator.CreateAppAsync(image: "registry.test/good:1"));
        emulator.Advance(20);
        emulator.World.Outcomes.Set(app.AppName, outcome);
        await emulator.PostAsync("application.update", new JsonObject { ["applicationId"] = app.Id, ["dockerImage"] = "registry.test/bad:1" });
        await emulator.DeployAsync(app);

        emulator.Advance(1);
        Assert.Equal("updating", await UpdateStateAsync(emulator, app));
        emulator.Advance(2);
        Assert.Equal("rollback_started", await UpdateStateAsync(emulator, app));
        emulator.Advance(20);
        Assert.Equal("rollback_completed", await UpdateStateAsync(emulator, app));
        var config = (await emulator.GetAsync("docker.getConfig?containerId=" + app.AppName)).Json;
        Assert.Equal("registry.test/good:1", config["Spec"]!["TaskTemplate"]!["ContainerSpec"]!["Image"]!.GetValue<string>());
        Assert.Equal("done", await emulator.StatusAsync(app));
        Assert.Equal(200, (await emulator.StackAsync(app.HostName, "/global/health", "pw")).Status);
    }

    [Fact]
    public async Task A_good_update_completes_and_the_old_task_is_shut_down()
    {
        await using var emulator = await TestEmulator.StartAsync();
        var app = await emulator.DeployAsync(await emulator.CreateAppAsync());
        emulator.Advance(20);
        await emulator.DeployAsync(app);
        emulator.Advance(20);

        Assert.Equal(["running Running", "shutdown Shutdown"], await emulator.TasksAsync(app));
        Assert.Equal("completed", await UpdateStateAsync(emulator, app));
    }

    [Fact]
    public async Task Only_the_ten_newest_rows_are_kept()
    {
        await using var emulator = await TestEmulator.StartAsync(new EmulatorOptions { Pace = 0 });
        var app = await emulator.CreateAppAsync();
        for (var i = 0; i < 13; i++)
        {
            await emulator.DeployAsync(app, $"t{i}");
        }

        var rows = (await emulator.GetAsync("deployment.all?applicationId=" + app.Id)).Json.AsArray();

        Assert.Equal((10, "t12"), (rows.Count, rows[0]!["title"]!.GetValue<string>()));
    }

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

    private static async Task<string?> UpdateStateAsync(TestEmulator emulator, App app) =>
        (await emulator.GetAsync("docker.getConfig?containerId=" + app.AppName)).Json["UpdateStatus"]?["State"]!.GetValue<string>();

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
