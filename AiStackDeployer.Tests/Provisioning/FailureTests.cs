using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.DokployEmulator;
using AiStackDeployer.DokployEmulator.Faults;
using AiStackDeployer.Tests.TestKit;

namespace AiStackDeployer.Tests.Provisioning;

/// <summary>The real reason, nothing left behind, and the name still its owner's.</summary>
public sealed class FailureTests
{
    private const string PermissionBody =
        """{"message":"You don't have access to docker","code":"UNAUTHORIZED","data":{"code":"UNAUTHORIZED","httpStatus":401,"path":"docker"}}""";

    [Theory]
    [InlineData(ImageOutcome.MissingImage, FailureCode.ImageNotFound, DeploymentStep.AwaitDokploy)]
    [InlineData(ImageOutcome.PullDenied, FailureCode.ImagePullDenied, DeploymentStep.AwaitDokploy)]
    [InlineData(ImageOutcome.Unschedulable, FailureCode.Unschedulable, DeploymentStep.AwaitContainer)]
    [InlineData(ImageOutcome.CrashLoop, FailureCode.CrashLoop, null)]
    [InlineData(ImageOutcome.OutOfMemory, FailureCode.OutOfMemory, null)]
    [InlineData(ImageOutcome.WrongProgram, FailureCode.AddressWrongProgram, DeploymentStep.AwaitReadiness)]
    [InlineData(ImageOutcome.WrongPassword, FailureCode.AddressPasswordRefused, DeploymentStep.AwaitReadiness)]
    [InlineData(ImageOutcome.NeverHealthy, FailureCode.AddressHttp, DeploymentStep.AwaitReadiness)]
    public async Task What_went_wrong_is_named_and_all_that_was_made_is_removed(ImageOutcome outcome, FailureCode code, DeploymentStep? at)
    {
        await using var portal = await TestPortal.StartAsync(o => o with
        {
            Readiness = o.Readiness with { StubbornAfter = TimeSpan.FromMilliseconds(400), Timeout = TimeSpan.FromSeconds(5) },
        });
        portal.Emulator.World.Outcomes.Set("*", outcome);

        var failed = await portal.DeployAsync("design-lab");

        Assert.Equal(DeploymentPhase.Failed, failed.Phase);
        Assert.Equal(code, failed.Failure?.Code);
        if (at is { } step)
        {
            Assert.Equal(step, failed.Failure?.Step);
        }
        Assert.Null(failed.Failure?.LeftBehind);
        AssertNothingLeft(portal);
        Assert.Equal(DeploymentEventKind.Error, (await portal.EventsAsync(failed.Id))[^1].Kind);
    }

    [Theory]
    [InlineData(ImageOutcome.MissingImage, "manifest")]
    [InlineData(ImageOutcome.CrashLoop, "non-zero exit")]
    [InlineData(ImageOutcome.Unschedulable, "no suitable node")]
    public async Task Dockers_own_words_come_with_the_failure(ImageOutcome outcome, string words)
    {
        await using var portal = await TestPortal.StartAsync();
        portal.Emulator.World.Outcomes.Set("*", outcome);

        var failed = await portal.DeployAsync("design-lab");

        Assert.Contains(failed.Failure!.RawLines!, line => line.Contains(words, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task The_reason_is_known_before_the_clean_up_begins()
    {
        await using var portal = await TestPortal.StartAsync();
        portal.Emulator.World.Outcomes.Set("*", ImageOutcome.MissingImage);
        var claimed = await portal.ClaimAsync("design-lab");
        using var gate = portal.Emulator.World.Faults.Hold("application.delete");
        var run = portal.RunAsync(claimed.Id);
        await gate.Arrived.WaitAsync(TestContext.Current.CancellationToken);

        var meanwhile = await portal.SeeAsync(claimed.Id);

        Assert.Equal(DeploymentPhase.Unwinding, meanwhile.Phase);
        Assert.Equal(FailureCode.ImageNotFound, meanwhile.Failure?.Code);
        gate.Release();
        await run;
    }

    [Fact]
    public async Task A_failed_deployment_can_be_tried_again_under_the_same_name_and_on_the_same_stack()
    {
        await using var portal = await TestPortal.StartAsync();
        portal.Emulator.World.Outcomes.Set("*", ImageOutcome.MissingImage);
        var failed = await portal.DeployAsync("design-lab");
        portal.Emulator.World.Outcomes.Clear();

        var retry = await portal.Deployments.RetryAsync(failed.Id, "req_again", Allowance.Unlimited, TestContext.Current.CancellationToken);
        var started = Assert.IsType<BeginResult.Started>(retry).Deployment;
        await portal.RunAsync(started.Id);

        var done = await portal.SeeAsync(started.Id);
        Assert.Equal(DeploymentPhase.Completed, done.Phase);
        Assert.NotEqual(failed.Id, done.Id);
        Assert.Equal(failed.StackId, done.StackId);
    }

    [Fact]
    public async Task Somebody_elses_project_of_the_same_name_is_left_alone_and_the_name_is_let_go()
    {
        await using var portal = await TestPortal.StartAsync();
        var claimed = await portal.ClaimAsync("design-lab");
        await portal.Get<Core.Dokploy.DokployClient>().CreateProjectAsync(
            "AI-Stack-Design-Lab", "by hand", TestContext.Current.CancellationToken);

        await portal.RunAsync(claimed.Id);

        var failed = await portal.SeeAsync(claimed.Id);
        Assert.Equal(FailureCode.NameTakenUpstream, failed.Failure?.Code);
        Assert.Equal("by hand", Assert.Single(portal.Emulator.World.Projects).Description);
        Assert.Null(await portal.Store.FindStackAsync(failed.StackId, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_missing_terminal_is_told_and_does_not_fail_the_stack()
    {
        await using var portal = await TestPortal.StartAsync();
        portal.Emulator.World.Outcomes.Set("*", ImageOutcome.NoTerminal);

        var done = await portal.DeployAsync("design-lab");

        Assert.Equal(DeploymentPhase.Completed, done.Phase);
        Assert.False(done.TerminalAnswers);
    }

    [Fact]
    public async Task A_missing_terminal_fails_the_stack_where_the_operator_requires_it()
    {
        await using var portal = await TestPortal.StartAsync(o => o with { Readiness = o.Readiness with { TerminalRequired = true } });
        portal.Emulator.World.Outcomes.Set("*", ImageOutcome.NoTerminal);

        var failed = await portal.DeployAsync("design-lab");

        Assert.Equal(FailureCode.AddressHttp, failed.Failure?.Code);
        AssertNothingLeft(portal);
    }

    [Fact]
    public async Task A_database_of_dokploys_that_is_down_for_a_moment_is_sat_out_and_told()
    {
        await using var portal = await TestPortal.StartAsync();
        var claimed = await portal.ClaimAsync("design-lab");
        portal.Emulator.World.Faults.Add(new Fault { Call = "*", Times = 3, Kind = new FaultKind.DatabaseDown() });

        await portal.RunAsync(claimed.Id);

        Assert.Equal(DeploymentPhase.Completed, (await portal.SeeAsync(claimed.Id)).Phase);
        Assert.Contains(
            await portal.EventsAsync(claimed.Id),
            e => e.Log == LogCode.Retrying && e.Detail == FailureCode.DokployUnreachable.ToWire());
    }

    [Fact]
    public async Task A_key_that_may_not_see_the_swarm_leaves_the_decision_to_the_address()
    {
        await using var portal = await TestPortal.StartAsync();
        foreach (var call in new[] { "docker.getServiceContainersByAppName", "docker.getContainersByAppNameMatch" })
        {
            portal.Emulator.World.Faults.Add(new Fault { Call = call, Kind = new FaultKind.Status(401, PermissionBody) });
        }

        var done = await portal.DeployAsync("design-lab");

        Assert.Equal(DeploymentPhase.Completed, done.Phase);
        Assert.Equal(StepOutcome.Skipped, done.Steps.Single(s => s.Step == DeploymentStep.AwaitContainer).Outcome);
        Assert.Contains(await portal.EventsAsync(done.Id), e => e.Log == LogCode.TasksNotVisible);
    }

    [Fact]
    public async Task A_clean_up_that_Dokploy_refuses_for_good_ends_with_what_is_known_to_be_left()
    {
        await using var portal = await TestPortal.StartAsync(dokploy: o => o with { Retries = 0 });
        portal.Emulator.World.Outcomes.Set("*", ImageOutcome.MissingImage);
        portal.Emulator.World.Faults.Add(new Fault { Call = "application.delete", Kind = new FaultKind.Status(401, PermissionBody) });
        var claimed = await portal.ClaimAsync("design-lab");

        var passes = 1;
        while (await portal.RunAsync(claimed.Id) is not null)
        {
            Assert.True(++passes < 20, "it never ends");
        }

        Assert.True(passes > 2, "one refusal must never decide");
        var failed = await portal.SeeAsync(claimed.Id);
        Assert.Equal((DeploymentPhase.Failed, FailureCode.ImageNotFound), (failed.Phase, failed.Failure!.Code));
        Assert.Equal(
            ["ai-stack-design-lab", Assert.Single(portal.Emulator.World.Applications).AppName], failed.Failure.LeftBehind!);
        Assert.Equal((StackState.DeleteFailed, true), (failed.StackState, failed.StackMayBeDeleted));

        portal.Emulator.World.Faults.Clear();
        Assert.Equal(DeploymentPhase.Completed, (await portal.DeleteAsync(failed)).Phase);
        AssertNothingLeft(portal);
    }

    [Fact]
    public async Task A_refusal_now_and_then_does_not_end_a_clean_up_and_trouble_that_passes_never_does()
    {
        await using var portal = await TestPortal.StartAsync(dokploy: o => o with { Retries = 0, CircuitMinimumCalls = 1000 });
        portal.Emulator.World.Outcomes.Set("*", ImageOutcome.MissingImage);
        var claimed = await portal.ClaimAsync("design-lab");
        for (var pass = 0; pass < 20; pass++)
        {
            portal.Emulator.World.Faults.Add(new Fault
            {
                Call = "application.delete", Times = 1,
                Kind = pass % 3 == 2 ? new FaultKind.Status(401, PermissionBody) : new FaultKind.Reset(),
            });
            Assert.NotNull(await portal.RunAsync(claimed.Id));
        }

        Assert.Null(await portal.RunAsync(claimed.Id));
        AssertNothingLeft(portal);
    }

    [Fact]
    public async Task A_time_out_that_strikes_while_trouble_is_sat_out_ends_the_step_with_the_trouble_as_its_reason()
    {
        await using var portal = await TestPortal.StartAsync(
            o => o with { DeployTimeout = TimeSpan.FromSeconds(3) }, o => o with { Retries = 0 });
        var claimed = await portal.ClaimAsync("design-lab");
        portal.Emulator.World.Faults.Add(new Fault { Call = "application.one", Kind = new FaultKind.Status(500, "{}") });

        await portal.RunAsync(claimed.Id);

        var failure = (await portal.SeeAsync(claimed.Id)).Failure;
        Assert.Equal((FailureCode.DokployError, DeploymentStep.AwaitDokploy), (failure?.Code, failure?.Step));
    }

    [Fact]
    public async Task One_refusal_of_the_key_after_an_outage_is_one_refusal()
    {
        await using var portal = await TestPortal.StartAsync(
            o => o with { RefusalTimeout = TimeSpan.Zero }, o => o with { Retries = 0 });
        var claimed = await portal.ClaimAsync("design-lab");
        portal.Emulator.World.Faults.Add(new Fault { Call = "project.search", Times = 2, Kind = new FaultKind.Reset() });
        portal.Emulator.World.Faults.Add(new Fault { Call = "project.search", Times = 1, Kind = new FaultKind.Unauthorized() });

        await portal.RunAsync(claimed.Id);

        Assert.Equal(DeploymentPhase.Completed, (await portal.SeeAsync(claimed.Id)).Phase);
    }

    [Theory]
    [InlineData(ImageOutcome.CrashLoop, 2)]
    [InlineData(ImageOutcome.MissingImage, 0)]
    public async Task The_volumes_of_a_failed_stack_are_named_where_a_container_had_them(ImageOutcome outcome, int kept)
    {
        await using var portal = await TestPortal.StartAsync();
        portal.Emulator.World.Outcomes.Set("*", outcome);

        var failed = await portal.DeployAsync("design-lab");

        Assert.Equal(kept, failed.KeptVolumes.Count);
        Assert.Equal(failed.KeptVolumes, (await portal.EventsAsync(failed.Id)).Where(e => e.Log == LogCode.VolumeKept).Select(e => e.Detail!));
        Assert.Equal(kept, (await portal.DeleteAsync(failed)).KeptVolumes.Count);
    }

    [Fact]
    public async Task A_failure_before_anything_was_made_asks_dokploy_for_nothing_more()
    {
        await using var portal = await TestPortal.StartAsync();
        var claimed = await portal.ClaimAsync("design-lab");
        portal.Emulator.World.DisableKey(portal.Emulator.ApiKey);

        Assert.Null(await portal.RunAsync(claimed.Id));

        Assert.Equal(StackState.Failed, (await portal.Store.FindStackAsync(claimed.StackId, TestContext.Current.CancellationToken))?.State);
    }

    [Fact]
    public async Task No_event_and_no_failure_holds_the_password()
    {
        await using var portal = await TestPortal.StartAsync();
        portal.Emulator.World.Outcomes.Set("*", ImageOutcome.CrashLoop);
        var claimed = await portal.ClaimAsync("design-lab");
        var password = (await portal.Deployments.GetCredentialsAsync(claimed.StackId, "usr_one", TestContext.Current.CancellationToken))!.Password;

        await portal.RunAsync(claimed.Id);

        Assert.DoesNotContain(await portal.EventsAsync(claimed.Id), e => e.ToString().Contains(password, StringComparison.Ordinal));
        Assert.DoesNotContain(
            (await portal.SeeAsync(claimed.Id)).Failure!.RawLines!, line => line.Contains(password, StringComparison.Ordinal));
    }

    private static void AssertNothingLeft(TestPortal portal)
    {
        var world = portal.Emulator.World;
        Assert.Empty(world.Projects);
        Assert.Empty(world.Applications);
        Assert.Empty(world.Domains);
        Assert.Empty(world.Services);
        Assert.Empty(world.RoutedHosts);
    }
}
