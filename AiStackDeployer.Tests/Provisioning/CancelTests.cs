using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Dokploy;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.DokployEmulator;
using AiStackDeployer.Tests.TestKit;

namespace AiStackDeployer.Tests.Provisioning;

public sealed class CancelTests
{
    [Fact]
    public async Task What_still_waits_for_its_turn_is_cancelled_at_once_and_its_name_is_free()
    {
        await using var portal = await TestPortal.StartAsync();
        var claimed = await portal.ClaimAsync("design-lab");

        Assert.Equal(CancelResult.Cancelled, await CancelAsync(portal, claimed.Id));

        Assert.Equal(DeploymentPhase.Cancelled, (await portal.SeeAsync(claimed.Id)).Phase);
        Assert.Null(await portal.RunAsync(claimed.Id));
        Assert.Empty(portal.Emulator.World.Projects);
        await portal.ClaimAsync("design-lab", owner: "usr_two");
    }

    [Theory]
    [InlineData("project.create")]
    [InlineData("application.create")]
    [InlineData("application.update")]
    [InlineData("mounts.create")]
    [InlineData("domain.create")]
    [InlineData("application.deploy")]
    [InlineData("application.one")]
    public async Task A_wish_during_a_call_lets_the_call_end_and_then_removes_what_it_made(string call)
    {
        await using var portal = await TestPortal.StartAsync();
        var claimed = await portal.ClaimAsync("design-lab");
        using var gate = portal.Emulator.World.Faults.Hold(call);
        var run = portal.RunAsync(claimed.Id);
        await gate.Arrived.WaitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(CancelResult.Requested, await CancelAsync(portal, claimed.Id));
        gate.Release();
        await run;

        Assert.Equal(DeploymentPhase.Cancelled, (await portal.SeeAsync(claimed.Id)).Phase);
        Assert.Empty(portal.Emulator.World.Projects);
        Assert.Empty(portal.Emulator.World.Applications);
        Assert.Empty(portal.Emulator.World.Services);
        await portal.ClaimAsync("design-lab", owner: "usr_two");
    }

    [Fact]
    public async Task A_wish_while_waiting_for_the_address_ends_the_waiting()
    {
        await using var portal = await TestPortal.StartAsync();
        portal.Emulator.World.Outcomes.Set("*", ImageOutcome.NeverHealthy);
        var claimed = await portal.ClaimAsync("design-lab");
        var run = portal.RunAsync(claimed.Id);
        await portal.UntilAsync(claimed.Id, s => s.CurrentStep == DeploymentStep.AwaitReadiness);

        await CancelAsync(portal, claimed.Id);
        await run;

        var ended = await portal.SeeAsync(claimed.Id);
        Assert.Equal(DeploymentPhase.Cancelled, ended.Phase);
        Assert.Null(ended.Failure);
        Assert.Empty(portal.Emulator.World.Services);
    }

    [Fact]
    public async Task A_wish_survives_the_death_of_the_process_that_took_it()
    {
        await using var portal = await TestPortal.StartAsync();
        var claimed = await portal.ClaimAsync("design-lab");
        var gate = portal.Emulator.World.Faults.Hold("application.update", afterWork: true);
        var dying = portal.RunAsync(claimed.Id);
        await gate.Arrived.WaitAsync(TestContext.Current.CancellationToken);
        await CancelAsync(portal, claimed.Id);

        await using var second = await portal.SecondProcessAsync();
        await second.RunAsync(claimed.Id);
        gate.Release();
        await dying;

        Assert.Equal(DeploymentPhase.Cancelled, (await second.SeeAsync(claimed.Id)).Phase);
        Assert.Empty(portal.Emulator.World.Projects);
    }

    [Fact]
    public async Task What_has_ended_cannot_be_cancelled()
    {
        await using var portal = await TestPortal.StartAsync();
        var done = await portal.DeployAsync("design-lab");

        Assert.Equal(CancelResult.AlreadyEnded, await CancelAsync(portal, done.Id));
        Assert.Equal(CancelResult.NotFound, await CancelAsync(portal, "dep_0_unknown"));
        Assert.Equal(DeploymentPhase.Completed, (await portal.SeeAsync(done.Id)).Phase);
    }

    [Fact]
    public async Task A_cancelled_stack_of_which_something_stays_keeps_its_name_and_can_be_deleted()
    {
        await using var portal = await TestPortal.StartAsync();
        var claimed = await portal.ClaimAsync("design-lab");
        using var gate = portal.Emulator.World.Faults.Hold("application.deploy");
        var run = portal.RunAsync(claimed.Id);
        await gate.Arrived.WaitAsync(TestContext.Current.CancellationToken);
        var project = Assert.Single(portal.Emulator.World.Projects);
        portal.Emulator.World.AddOtherService(project.ProjectId, "postgres", "shop-db");
        await CancelAsync(portal, claimed.Id);
        gate.Release();
        await run;

        var ended = await portal.SeeAsync(claimed.Id);
        Assert.Equal((DeploymentPhase.Cancelled, StackState.DeleteFailed, true), (ended.Phase, ended.StackState, ended.StackMayBeDeleted));
        Assert.Contains(await portal.EventsAsync(claimed.Id), e => e.Log == LogCode.LeftBehind && e.Detail == project.Name);
        Assert.NotNull(await portal.Deployments.FindStackByNameAsync("design-lab", TestContext.Current.CancellationToken));

        portal.Emulator.World.RemoveOtherServices(project.ProjectId);
        Assert.Equal(DeploymentPhase.Completed, (await portal.DeleteAsync(ended)).Phase);
        Assert.Empty(portal.Emulator.World.Projects);
        await portal.ClaimAsync("design-lab", owner: "usr_two");
    }

    [Fact]
    public async Task What_an_earlier_deployment_of_the_stack_made_is_removed_with_the_rest_when_a_later_one_is_cancelled()
    {
        await using var portal = await TestPortal.StartAsync();
        portal.Emulator.World.Outcomes.Set("*", ImageOutcome.MissingImage);
        var failed = await portal.DeployAsync("design-lab");
        // A call that arrived after it was given up for lost: the first deployment's project comes to be after its clean-up.
        await portal.Get<DokployClient>().CreateProjectAsync(
            "ai-stack-design-lab", $"[stack={failed.StackId} deployment={failed.Id}]", TestContext.Current.CancellationToken);
        var again = await portal.ClaimAsync("design-lab");
        using var gate = portal.Emulator.World.Faults.Hold("application.create");
        var run = portal.RunAsync(again.Id);
        await gate.Arrived.WaitAsync(TestContext.Current.CancellationToken);
        await CancelAsync(portal, again.Id);
        gate.Release();
        await run;

        Assert.Equal(DeploymentPhase.Cancelled, (await portal.SeeAsync(again.Id)).Phase);
        Assert.Empty(portal.Emulator.World.Applications);
        Assert.Empty(portal.Emulator.World.Projects);
    }

    [Fact]
    public async Task Another_try_that_is_cancelled_while_it_waits_leaves_the_stack_as_it_was_after_the_first()
    {
        await using var portal = await TestPortal.StartAsync();
        portal.Emulator.World.Outcomes.Set("*", ImageOutcome.MissingImage);
        var failed = await portal.DeployAsync("design-lab");
        var again = await portal.ClaimAsync("design-lab");
        Assert.Equal(failed.StackId, again.StackId);

        Assert.Equal(CancelResult.Cancelled, await CancelAsync(portal, again.Id));

        var ended = await portal.SeeAsync(again.Id);
        Assert.Equal((DeploymentPhase.Cancelled, StackState.Failed, true), (ended.Phase, ended.StackState, ended.StackMayBeDeleted));
        Assert.Equal(failed.StackId, (await portal.ClaimAsync("design-lab")).StackId);
    }

    private static Task<CancelResult> CancelAsync(TestPortal portal, string id) =>
        portal.Deployments.CancelAsync(id, TestContext.Current.CancellationToken);
}
