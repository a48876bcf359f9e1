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

    private static async Task<string?> UpdateStateAsync(TestEmulator emulator, App app) =>
        (await emulator.GetAsync("docker.getConfig?containerId=" + app.AppName)).Json["UpdateStatus"]?["State"]!.GetValue<string>();
}
