using AiStackDeployer.Contract;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Dokploy;
using AiStackDeployer.Core.Provisioning;
using AiStackDeployer.DokployEmulator;
using AiStackDeployer.DokployEmulator.Faults;
using AiStackDeployer.Tests.Deployments;
using AiStackDeployer.Tests.TestKit;
using Microsoft.Extensions.Logging;

namespace AiStackDeployer.Tests.Provisioning;

public sealed class DeploymentWorkflowTests
{
    [Fact]
    public async Task A_free_name_becomes_a_stack_that_answers()
    {
        await using var portal = await TestPortal.StartAsync();

        var done = await portal.DeployAsync("design-lab");

        Assert.Null(done.Failure);
        Assert.Equal(DeploymentPhase.Completed, done.Phase);
        Assert.Equal(100, done.Progress);
        Assert.True(done.TerminalAnswers);
        Assert.All(done.Steps, step => Assert.Equal(StepOutcome.Done, step.Outcome));
        var world = portal.Emulator.World;
        Assert.Equal("ai-stack-design-lab", Assert.Single(world.Projects).Name);
        var application = Assert.Single(world.Applications);
        Assert.StartsWith("ai-stack-design-lab-", application.AppName, StringComparison.Ordinal);
        Assert.Equal("registry.test/stack:1", application.DockerImage);
        Assert.Equal("design-lab.ai.localhost", Assert.Single(world.Domains).Host);
        Assert.Equal(done.Id, Assert.Single(world.Deployments).Title);
        Assert.True(Assert.Single(world.Services).IsServing);
    }

    [Theory]
    [InlineData("2.0.3")]
    [InlineData("2.0.4-dev")]
    [InlineData("2.0.32")]
    public async Task OpenCode_of_version_2_becomes_ready_too(string tag)
    {
        await using var portal = await TestPortal.StartAsync(image: "registry.test/stack:" + tag);

        Assert.Equal(DeploymentPhase.Completed, (await portal.DeployAsync("design-lab")).Phase);
    }

    [Fact]
    public async Task The_log_tells_of_a_deployment_from_its_acceptance_to_its_end()
    {
        await using var portal = await TestPortal.StartAsync();
        portal.Emulator.World.Outcomes.Set("ai-stack-broken", ImageOutcome.MissingImage);

        var done = await portal.DeployAsync("design-lab");
        var failed = await portal.DeployAsync("broken");

        Assert.Contains($"Information deploy accepted: {done.Id} of design-lab, trace {done.TraceId}", portal.Logs.Text, StringComparison.Ordinal);
        Assert.Matches("Information EnsureProject ends: Done, [0-9]+ ms", portal.Logs.Text);
        Assert.Matches("Information Run 1 ends: Completed, reason none, after [0-9]+ ms", portal.Logs.Text);
        Assert.Contains($"deploy accepted: {failed.Id} of broken", portal.Logs.Text, StringComparison.Ordinal);
        Assert.Matches("Information AwaitDokploy ends: Failed, [0-9]+ ms", portal.Logs.Text);
        Assert.Matches("Information CleanUp ends: Done, [0-9]+ ms", portal.Logs.Text);
        Assert.Matches("Information Run 1 ends: Failed, reason image-not-found, after [0-9]+ ms", portal.Logs.Text);
    }

    [Fact]
    public async Task The_log_tells_of_a_run_that_pauses()
    {
        await using var portal = await TestPortal.StartAsync();
        portal.Emulator.World.Outcomes.Set("ai-stack-broken", ImageOutcome.MissingImage);
        portal.Emulator.World.Faults.Add(new Fault { Call = "application.delete", Times = 1, Kind = new FaultKind.Status(500, "{}") });

        await portal.DeployAsync("broken");

        Assert.Contains("Information Run 1 pauses at CleanUp and resumes in 5 s", portal.Logs.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Run 1 ends", portal.Logs.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_log_tells_of_a_database_that_lets_a_deployment_stand_still_and_the_job_comes_again()
    {
        await using var portal = await TestPortal.StartAsync();
        var claimed = await portal.ClaimAsync("design-lab");
        var store = new HookedStore(portal.Store);
        store.Lock(nameof(IDeploymentStore.ChangeAsync));
        var workflow = new DeploymentWorkflow(
            store, portal.Signals, [], portal.Get<CleanUp>(), portal.Get<PutBack>(), portal.Get<Doubles>(), portal.Get<ContainerLog>(), portal.Get<StackAddress>(),
            portal.Get<DokployHealth>(), portal.Get<ProvisioningOptions>(), TimeProvider.System, portal.Get<ILogger<DeploymentWorkflow>>());
        var job = new DeploymentJob(workflow, portal.Get<DeploymentQueue>(), portal.Get<ILogger<DeploymentJob>>());

        await job.RunAsync(claimed.Id, isBatch: false, TestContext.Current.CancellationToken);

        Assert.Contains($"Error {claimed.Id} is stalled: locked Retrying in 5 s", portal.Logs.Text, StringComparison.Ordinal);
        Assert.True(await portal.Get<DeploymentQueue>().ContainsAsync(claimed.Id, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_new_stack_needs_no_look_up_of_what_was_made_a_moment_ago()
    {
        await using var portal = await TestPortal.StartAsync();
        var claimed = await portal.ClaimAsync("design-lab");
        portal.Emulator.World.Calls.Clear();

        await portal.RunAsync(claimed.Id);

        Assert.Equal(
            [
                "project.search", "project.create", "application.create", "application.update", "mounts.create", "mounts.create",
                "domain.create", "application.deploy",
            ],
            portal.Emulator.World.Calls.All.Select(c => c.Call).Take(8));
    }

    [Fact]
    public async Task Volumes_carry_the_stacks_id_and_never_its_name()
    {
        await using var portal = await TestPortal.StartAsync();

        var done = await portal.DeployAsync("design-lab");

        Assert.Equal(
            [($"ai-stack-{done.StackId}-workspace", "/workspace"), ($"ai-stack-{done.StackId}-state", "/home/opencode/.local/share/opencode")],
            portal.Emulator.World.Mounts.Select(m => (m.VolumeName!, m.MountPath)));
        Assert.DoesNotContain(portal.Emulator.World.Mounts, m => m.VolumeName!.Contains("design-lab", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_mount_paths_there_are_no_volumes()
    {
        await using var portal = await TestPortal.StartAsync(o => o with { WorkspacePath = null, StatePath = null });

        var done = await portal.DeployAsync("design-lab");

        Assert.Equal(DeploymentPhase.Completed, done.Phase);
        Assert.Equal(StepOutcome.Skipped, done.Steps.Single(s => s.Step == DeploymentStep.EnsureVolumes).Outcome);
        Assert.Empty(portal.Emulator.World.Mounts);
    }

    [Fact]
    public async Task The_operators_environment_arrives_as_it_was_written_beside_the_stacks_own()
    {
        const string awkward = "a#b \"quoted\" it's $HOME";
        await using var portal = await TestPortal.StartAsync(o => o with
        {
            Environment = new Dictionary<string, string> { ["NOTE"] = awkward },
            PortalUrl = new Uri("https://portal.example.org/tools/"), LogIngestUrl = new Uri("http://ingest:3000/ingest"),
        });

        var done = await portal.DeployAsync("design-lab");

        var credentials = await portal.Deployments.GetCredentialsAsync(done.StackId, "usr_one", TestContext.Current.CancellationToken);
        var environment = Assert.Single(portal.Emulator.World.Services).Env;
        Assert.Contains($"NOTE={awkward}", environment);
        Assert.Contains($"OPENCODE_SERVER_PASSWORD={credentials!.Password}", environment);
        Assert.Contains("OPENCODE_SERVER_USERNAME=opencode", environment);
        Assert.Contains("STACK_NAME=design-lab", environment);
        Assert.Contains($"STACK_URL={done.Url}", environment);
        Assert.Contains("PORTAL_URL=https://portal.example.org/tools", environment);
        Assert.Contains("LOG_INGEST_URL=http://ingest:3000/ingest", environment);
        Assert.Contains($"LOG_INGEST_TOKEN={StackKeys.IngestToken(credentials.Password)}", environment);
    }

    [Fact]
    public async Task A_stack_is_told_of_no_portal_and_no_ingest_where_none_is_set()
    {
        await using var portal = await TestPortal.StartAsync();

        await portal.DeployAsync("design-lab");

        Assert.DoesNotContain(
            Assert.Single(portal.Emulator.World.Services).Env,
            variable => variable.StartsWith("PORTAL_", StringComparison.Ordinal) || variable.StartsWith("LOG_", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Progress_never_goes_back_and_the_log_has_no_gap()
    {
        await using var portal = await TestPortal.StartAsync();

        var done = await portal.DeployAsync("design-lab");

        var events = await portal.EventsAsync(done.Id);
        Assert.Equal(Enumerable.Range(1, events.Count).Select(i => (long)i), events.Select(e => e.Sequence));
        Assert.Equal(events.Select(e => e.Progress).Order(), events.Select(e => e.Progress));
        Assert.Equal(DeploymentEventKind.Complete, events[^1].Kind);
        Assert.Equal(100, events[^1].Progress);
        Assert.DoesNotContain(events.SkipLast(1), e => e.Progress == 100);
    }

    [Fact]
    public async Task A_second_run_of_a_completed_deployment_does_nothing()
    {
        await using var portal = await TestPortal.StartAsync();
        var done = await portal.DeployAsync("design-lab");
        portal.Emulator.World.Calls.Clear();

        Assert.Null(await portal.RunAsync(done.Id));

        Assert.Empty(portal.Emulator.World.Calls.All);
    }
}
