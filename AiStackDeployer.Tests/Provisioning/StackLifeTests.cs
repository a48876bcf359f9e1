using AiStackDeployer.Core;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Core.Provisioning;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.DokployEmulator;
using AiStackDeployer.DokployEmulator.Faults;
using AiStackDeployer.Tests.TestKit;

namespace AiStackDeployer.Tests.Provisioning;

/// <summary>What is done to a stack after it was made: against the emulator, each with its one true end.</summary>
public sealed class StackLifeTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_stop_ends_the_container_and_the_route_and_keeps_the_rest()
    {
        await using var portal = await StartAsync();
        var made = await portal.DeployAsync("design-lab");

        var stopped = await PlayAsync(portal, made, OperationCatalog.Stop);

        Assert.Equal((DeploymentPhase.Completed, StackState.Stopped), (stopped.Phase, stopped.StackState));
        var world = portal.Emulator.World;
        Assert.Equal("Stopped", Assert.Single(world.Services).State);
        Assert.Empty(world.RoutedHosts);
        Assert.Equal((1, 1, 2), (world.Projects.Count, world.Applications.Count, world.Mounts.Count));
        var stack = await StackAsync(portal);
        Assert.Equal((null, true), (stack.DomainId, stack.StoppedAt is not null));
    }

    [Theory]
    [InlineData("stop")]
    [InlineData("schedule-deletion")]
    public async Task A_start_brings_back_what_was_stopped_or_was_to_be_deleted(string before)
    {
        await using var portal = await StartAsync();
        var made = await portal.DeployAsync("design-lab");
        var away = await PlayAsync(portal, made, OperationCatalog.Find(before)!);
        Assert.Equal(before == "stop" ? StackState.Stopped : StackState.ToBeDeleted, away.StackState);
        Assert.Equal(before == "stop" ? null : away.CreatedAt + TimeSpan.FromHours(24), (await StackAsync(portal)).RemoveAt);

        var started = await PlayAsync(portal, away, OperationCatalog.Start);

        Assert.Equal((DeploymentPhase.Completed, StackState.Ready, HealthState.Answering), (started.Phase, started.StackState, started.Health.State));
        Assert.Single(portal.Emulator.World.RoutedHosts);
        var stack = await StackAsync(portal);
        Assert.Equal((null, null), (stack.StoppedAt, stack.RemoveAt));
        Assert.True(await portal.Get<StackAddress>().AnswersAsync(stack, Token));
    }

    [Fact]
    public async Task What_is_to_be_deleted_can_be_deleted_at_once()
    {
        await using var portal = await StartAsync();
        var away = await PlayAsync(portal, await portal.DeployAsync("design-lab"), OperationCatalog.ScheduleDeletion);

        var gone = await portal.DeleteAsync(away);

        Assert.Equal((DeploymentPhase.Completed, StackState.Deleted), (gone.Phase, gone.StackState));
        Assert.Empty(portal.Emulator.World.Projects);
        Assert.Equal(2, gone.KeptVolumes.Count);
    }

    [Fact]
    public async Task A_start_of_what_cannot_run_says_why_and_stands_as_not_answering()
    {
        await using var portal = await StartAsync();
        var stopped = await PlayAsync(portal, await portal.DeployAsync("design-lab"), OperationCatalog.Stop);
        portal.Emulator.World.RemoveService(Assert.Single(portal.Emulator.World.Services).Name);

        var ended = await PlayAsync(portal, stopped, OperationCatalog.Start);

        Assert.Equal((DeploymentPhase.Failed, FailureCode.ContainerGone), (ended.Phase, ended.Failure?.Code));
        Assert.Equal(StackState.Stopped, ended.StackState);
        // The advice holds: a redeploy makes it again, with the same volumes.
        var again = await PlayAsync(portal, ended, OperationCatalog.Redeploy);
        Assert.Equal((DeploymentPhase.Completed, StackState.Ready), (again.Phase, again.StackState));
        Assert.Equal(2, portal.Emulator.World.Mounts.Count);
    }

    [Fact]
    public async Task A_restart_replaces_the_container_and_leaves_the_route()
    {
        await using var portal = await StartAsync();
        var made = await portal.DeployAsync("design-lab");

        var restarted = await PlayAsync(portal, made, OperationCatalog.Restart);

        Assert.Equal((DeploymentPhase.Completed, StackState.Ready), (restarted.Phase, restarted.StackState));
        Assert.Equal((1, 1, 0), (Count("application.stop"), Count("application.start"), Count("domain.delete")));

        int Count(string call) => portal.Emulator.World.Calls.Count(call);
    }

    [Fact]
    public async Task A_redeploy_makes_again_what_somebody_removed()
    {
        await using var portal = await StartAsync();
        var made = await portal.DeployAsync("design-lab");
        var before = await StackAsync(portal);
        await portal.Emulator.DoAsync("application.delete", new { applicationId = before.ApplicationId });

        var again = await PlayAsync(portal, made, OperationCatalog.Redeploy);

        Assert.Equal((DeploymentPhase.Completed, StackState.Ready), (again.Phase, again.StackState));
        var world = portal.Emulator.World;
        Assert.Equal((1, 1, 2, 1), (world.Projects.Count, world.Applications.Count, world.Mounts.Count, world.RoutedHosts.Count));
        Assert.NotEqual(before.ApplicationId, (await StackAsync(portal)).ApplicationId);
    }

    [Fact]
    public async Task A_new_image_that_the_swarm_rolls_back_leaves_the_one_before_everywhere()
    {
        await using var portal = await TestPortal.StartAsync(emulated: new EmulatorOptions { Pace = 0.3, StackBootTime = TimeSpan.Zero });
        var made = await portal.DeployAsync("design-lab");
        portal.Emulator.World.Outcomes.Set("*", ImageOutcome.RolledBackUpdate);

        var ended = await PlayAsync(portal, made, OperationCatalog.Redeploy, image: "registry.test/stack:2");

        Assert.Equal((DeploymentPhase.Failed, FailureCode.RolledBack), (ended.Phase, ended.Failure?.Code));
        Assert.Equal((StackState.Ready, "registry.test/stack:1"), (ended.StackState, (await StackAsync(portal)).Image));
        Assert.Equal("registry.test/stack:1", Assert.Single(portal.Emulator.World.Applications).DockerImage);
        Assert.Equal("registry.test/stack:1", Assert.Single(portal.Emulator.World.Services).Image);
    }

    [Fact]
    public async Task A_new_image_that_does_not_answer_is_taken_back()
    {
        await using var portal = await StartAsync(readiness: TimeSpan.FromSeconds(2));
        var made = await portal.DeployAsync("design-lab");
        portal.Emulator.World.Outcomes.Set("*", ImageOutcome.NeverHealthy);

        var begun = await BeginAsync(portal, made, OperationCatalog.Redeploy, image: "registry.test/stack:2");
        using var deploys = portal.Emulator.World.Faults.Hold("application.deploy");
        var run = portal.RunAsync(begun.Id);
        await deploys.Arrived.WaitAsync(Token);
        using var putsBack = portal.Emulator.World.Faults.Hold("application.update");
        deploys.Release();
        await putsBack.Arrived.WaitAsync(Token);
        portal.Emulator.World.Outcomes.Clear();
        putsBack.Release();
        await run;

        var ended = await portal.SeeAsync(begun.Id);
        Assert.Equal((DeploymentPhase.Failed, StackState.Ready), (ended.Phase, ended.StackState));
        Assert.Equal("registry.test/stack:1", Assert.Single(portal.Emulator.World.Services).Image);
        Assert.Equal(3, portal.Emulator.World.Deployments.Count);
        Assert.EndsWith(" back", portal.Emulator.World.Deployments[^1].Title, StringComparison.Ordinal);
        Assert.True(await portal.Get<StackAddress>().AnswersAsync(await StackAsync(portal), Token));
    }

    [Fact]
    public async Task A_new_image_becomes_the_stacks_only_at_the_end()
    {
        await using var portal = await StartAsync();
        var made = await portal.DeployAsync("design-lab");
        using var gate = portal.Emulator.World.Faults.Hold("application.deploy");
        var begun = await BeginAsync(portal, made, OperationCatalog.Redeploy, image: "registry.test/stack:2");
        var run = portal.RunAsync(begun.Id);
        await gate.Arrived.WaitAsync(Token);
        Assert.Equal("registry.test/stack:1", (await StackAsync(portal)).Image);
        gate.Release();
        await run;

        Assert.Equal("registry.test/stack:2", (await StackAsync(portal)).Image);
        Assert.Equal("registry.test/stack:2", Assert.Single(portal.Emulator.World.Services).Image);
    }

    [Fact]
    public async Task A_new_password_is_the_one_that_the_stack_takes_and_its_copy_is_forgotten()
    {
        await using var portal = await StartAsync();
        var made = await portal.DeployAsync("design-lab");
        var old = await PasswordAsync(portal, made);

        var ended = await PlayAsync(portal, made, OperationCatalog.RotatePassword);

        Assert.Equal(DeploymentPhase.Completed, ended.Phase);
        var now = await PasswordAsync(portal, made);
        Assert.NotEqual(old, now);
        Assert.Contains($"OPENCODE_SERVER_PASSWORD={now}", Assert.Single(portal.Emulator.World.Services).Env);
        Assert.Equal(new StackChange(), (await portal.Store.FindAsync(ended.Id, Token))!.Change);
    }

    [Fact]
    public async Task A_new_password_that_fails_leaves_the_old_one_in_force()
    {
        await using var portal = await StartAsync();
        var made = await portal.DeployAsync("design-lab");
        var old = await PasswordAsync(portal, made);
        portal.Emulator.World.Outcomes.Set("*", ImageOutcome.MissingImage);

        var ended = await PlayAsync(portal, made, OperationCatalog.RotatePassword);

        Assert.Equal((DeploymentPhase.Failed, StackState.Ready), (ended.Phase, ended.StackState));
        Assert.Equal(old, await PasswordAsync(portal, made));
        Assert.Contains($"OPENCODE_SERVER_PASSWORD={old}", Assert.Single(portal.Emulator.World.Services).Env);
        Assert.Contains(old, Assert.Single(portal.Emulator.World.Applications).Env!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Own_variables_reach_the_container_are_masked_and_cannot_replace_the_portals()
    {
        await using var portal = await StartAsync();
        var made = await portal.DeployAsync("design-lab");
        var password = await PasswordAsync(portal, made);
        Assert.Equal(
            new BeginResult.VariablesRefused(new EnvironmentRefusal(EnvironmentFault.Reserved, "OPENCODE_SERVER_PASSWORD")),
            await portal.Deployments.BeginAsync(
                new OperationRequest
                {
                    Operation = OperationCatalog.ChangeEnvironment, StackId = made.StackId, RequestId = "req_reserved",
                    Environment = new Dictionary<string, string> { ["OPENCODE_SERVER_PASSWORD"] = "mine" },
                },
                Token));

        var ended = await PlayAsync(portal, made, OperationCatalog.ChangeEnvironment, environment: new() { ["ANTHROPIC_API_KEY"] = "sk-very-secret" });

        Assert.Equal(DeploymentPhase.Completed, ended.Phase);
        var env = Assert.Single(portal.Emulator.World.Services).Env;
        Assert.Contains("ANTHROPIC_API_KEY=sk-very-secret", env);
        Assert.Contains($"OPENCODE_SERVER_PASSWORD={password}", env);
        var stack = await StackAsync(portal);
        Assert.DoesNotContain("sk-very-secret", stack.ProtectedEnvironment!, StringComparison.Ordinal);
        Assert.Equal(["key •••"], portal.Get<ContainerLog>().Mask(stack, "key sk-very-secret"));

        await PlayAsync(portal, ended, OperationCatalog.ChangeEnvironment, environment: []);
        Assert.Null((await StackAsync(portal)).ProtectedEnvironment);
        Assert.DoesNotContain(Assert.Single(portal.Emulator.World.Services).Env, line => line.StartsWith("ANTHROPIC", StringComparison.Ordinal));
    }

    /// <summary>Each operation with each of its changing calls.</summary>
    public static TheoryData<string, string> Calls => new()
    {
        { "stop", "domain.delete" }, { "stop", "application.stop" },
        { "start", "application.start" }, { "start", "domain.create" },
        { "restart", "application.stop" }, { "restart", "application.start" },
        { "redeploy", "application.update" }, { "redeploy", "application.deploy" },
        { "rotate-password", "application.update" }, { "rotate-password", "application.deploy" },
        { "change-environment", "application.deploy" },
        { "schedule-deletion", "domain.delete" }, { "schedule-deletion", "application.stop" },
    };

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task A_process_that_stops_between_the_work_and_its_answer_is_followed_by_one_that_goes_on(string name, string call)
    {
        await using var portal = await StartAsync();
        var begun = await BeginAsync(portal, await ReadyForAsync(portal, name), OperationCatalog.Find(name)!);
        var gate = portal.Emulator.World.Faults.Hold(call, afterWork: true);
        var stopped = portal.RunAsync(begun.Id);
        await gate.Arrived.WaitAsync(Token);

        await using var second = await portal.SecondProcessAsync();
        var takesOver = second.RunAsync(begun.Id);
        gate.Release();
        await Task.WhenAll(stopped, takesOver);

        await AssertDoneAsync(second, begun, name);
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task An_answer_that_is_lost_does_the_work_once(string name, string call)
    {
        await using var portal = await StartAsync();
        var begun = await BeginAsync(portal, await ReadyForAsync(portal, name), OperationCatalog.Find(name)!);
        portal.Emulator.World.Faults.Add(new Fault { Call = call, Times = 1, Kind = new FaultKind.AnswerLost() });

        await portal.RunAsync(begun.Id);

        await AssertDoneAsync(portal, begun, name);
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task A_call_that_fails_for_good_leaves_a_stack_that_can_be_operated(string name, string call)
    {
        await using var portal = await StartAsync();
        var before = await ReadyForAsync(portal, name);
        var begun = await BeginAsync(portal, before, OperationCatalog.Find(name)!);
        portal.Emulator.World.Faults.Add(new Fault { Call = call, Kind = new FaultKind.Status(400, """{"message":"no","code":"BAD_REQUEST"}""") });

        await portal.RunAsync(begun.Id);
        portal.Emulator.World.Faults.Clear();
        for (var again = await portal.RunAsync(begun.Id); again is not null; again = await portal.RunAsync(begun.Id))
        {
        }

        var ended = await portal.SeeAsync(begun.Id);
        Assert.Equal(DeploymentPhase.Failed, ended.Phase);
        Assert.Contains(ended.StackState, new[] { StackState.Ready, StackState.Stopped });
        // Whatever was half done, the way back is one press.
        var cure = await PlayAsync(portal, ended, ended.StackState == StackState.Stopped ? OperationCatalog.Start : OperationCatalog.Redeploy);
        Assert.Equal((DeploymentPhase.Completed, StackState.Ready), (cure.Phase, cure.StackState));
        Assert.Single(portal.Emulator.World.RoutedHosts);
    }

    private static async Task AssertDoneAsync(TestPortal portal, DeploymentSnapshot begun, string name)
    {
        var done = await portal.SeeAsync(begun.Id);
        Assert.Equal(DeploymentPhase.Completed, done.Phase);
        var away = name is "stop" or "schedule-deletion";
        var world = portal.Emulator.World;
        Assert.Equal((1, 1, 2, away ? 0 : 1), (world.Projects.Count, world.Applications.Count, world.Mounts.Count, world.RoutedHosts.Count));
        Assert.Equal(away ? "Stopped" : "Running", Assert.Single(world.Services).State);
        Assert.Equal(world.Deployments.Select(d => d.Title).Distinct().Count(), world.Deployments.Count);
        Assert.True(world.Deployments.Count <= 2);
    }

    private static async Task<DeploymentSnapshot> ReadyForAsync(TestPortal portal, string name)
    {
        var made = await portal.DeployAsync("design-lab");
        return name == "start" ? await PlayAsync(portal, made, OperationCatalog.Stop) : made;
    }

    private static Task<TestPortal> StartAsync(TimeSpan? readiness = null) => TestPortal.StartAsync(options => options with
    {
        UpstreamTimeout = TimeSpan.FromSeconds(3),
        Readiness = options.Readiness with { Timeout = readiness ?? options.Readiness.Timeout },
    });

    private static async Task<DeploymentSnapshot> PlayAsync(
        TestPortal portal, DeploymentSnapshot on, Operation operation, string? image = null, Dictionary<string, string>? environment = null)
    {
        var begun = await BeginAsync(portal, on, operation, image, environment);
        while (await portal.RunAsync(begun.Id) is not null)
        {
        }
        return await portal.SeeAsync(begun.Id);
    }

    private static async Task<DeploymentSnapshot> BeginAsync(
        TestPortal portal, DeploymentSnapshot on, Operation operation, string? image = null, Dictionary<string, string>? environment = null) =>
        Assert.IsType<BeginResult.Started>(await portal.Deployments.BeginAsync(
            new OperationRequest
            {
                Operation = operation, StackId = on.StackId, ConfirmName = on.Name, RequestId = portal.Get<Ids>().NewRequestId(), Image = image, Environment = environment,
            },
            Token)).Deployment;

    private static async Task<Stack> StackAsync(TestPortal portal) => (await portal.Deployments.FindStackByNameAsync("design-lab", Token))!.Stack;

    private static async Task<string> PasswordAsync(TestPortal portal, DeploymentSnapshot of) =>
        (await portal.Deployments.GetCredentialsAsync(of.StackId, of.OwnerId, Token))!.Password;
}
