using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Dokploy;
using AiStackDeployer.Core.Provisioning;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.DokployEmulator;
using AiStackDeployer.DokployEmulator.Faults;
using AiStackDeployer.Tests.TestKit;
using Microsoft.Extensions.Time.Testing;

namespace AiStackDeployer.Tests.Provisioning;

/// <summary>
/// A deploy job of Dokploy's that is at work makes its container whatever becomes of the application. Until it has ended nothing of
/// a stack counts as gone.
/// </summary>
public sealed class LiveJobTests
{
    private static readonly TimeSpan Pull = TimeSpan.FromMinutes(8);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_pull_of_minutes_is_waited_for_when_somebody_cancels_and_what_it_made_is_removed()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var portal = await StartAsync(clock);
        var claimed = await CancelledWhilePullingAsync(portal);
        clock.Advance(Pull - TimeSpan.FromMinutes(1));

        Assert.NotNull(await portal.RunAsync(claimed.Id));
        Assert.Single(portal.Emulator.World.Applications);
        Assert.NotNull(await portal.Deployments.FindStackByNameAsync("design-lab", Token));
        clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Null(await portal.RunAsync(claimed.Id));

        var ended = await portal.SeeAsync(claimed.Id);
        Assert.Equal((DeploymentPhase.Cancelled, 2), (ended.Phase, ended.KeptVolumes.Count));
        DeletionTests.AssertNothingLeft(portal);
        await portal.ClaimAsync("design-lab", owner: "usr_two");
    }

    [Fact]
    public async Task An_application_that_somebody_removed_while_its_job_is_at_work_is_not_gone_and_the_container_of_the_job_is_named()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var portal = await StartAsync(clock);
        var claimed = await CancelledWhilePullingAsync(portal);
        var application = Assert.Single(portal.Emulator.World.Applications);
        await portal.Get<DokployClient>().DeleteApplicationAsync(application.ApplicationId, Token);

        Assert.NotNull(await portal.RunAsync(claimed.Id));
        Assert.Equal(DeploymentPhase.Unwinding, (await portal.SeeAsync(claimed.Id)).Phase);
        clock.Advance(Pull + TimeSpan.FromMinutes(1));
        Assert.Null(await portal.RunAsync(claimed.Id));

        Assert.Contains(
            await portal.EventsAsync(claimed.Id), e => e.Log == LogCode.LeftBehind && e.Detail == application.AppName);
        Assert.Equal(StackState.DeleteFailed, (await portal.Deployments.FindStackByNameAsync("design-lab", Token))?.Stack.State);
    }

    [Fact]
    public async Task A_deletion_waits_for_a_job_whose_application_somebody_removed_and_names_what_the_job_made()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var portal = await StartAsync(clock, ImageOutcome.Runs);
        var made = await MadeAsync(portal, clock);
        var application = Assert.Single(portal.Emulator.World.Applications);
        await PullAgainAsync(portal, application.ApplicationId);
        await portal.Get<DokployClient>().DeleteApplicationAsync(application.ApplicationId, Token);
        var accepted = await portal.AcceptDeletionAsync(made);

        Assert.NotNull(await portal.RunAsync(accepted.Id));
        Assert.Equal(StackState.Deleting, (await portal.SeeAsync(accepted.Id)).StackState);
        clock.Advance(Pull + TimeSpan.FromMinutes(1));
        Assert.Null(await portal.RunAsync(accepted.Id));

        var failed = await portal.SeeAsync(accepted.Id);
        Assert.Equal((FailureCode.StillThere, StackState.DeleteFailed), (failed.Failure!.Code, failed.StackState));
        Assert.Equal([application.AppName], failed.Failure.LeftBehind!);
    }

    [Fact]
    public async Task A_job_that_has_been_at_work_for_longer_than_any_lives_ends_the_waiting_but_its_container_is_not_called_gone()
    {
        // It began an hour ago by its own account, whenever the portal first came to see it.
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddHours(-1));
        await using var portal = await StartAsync(clock, ImageOutcome.Runs);
        var made = await MadeAsync(portal, clock);
        var application = Assert.Single(portal.Emulator.World.Applications);
        await PullAgainAsync(portal, application.ApplicationId);

        var failed = await portal.DeleteAsync(made);

        Assert.Empty(portal.Emulator.World.Applications);
        Assert.Equal([application.AppName], failed.Failure!.LeftBehind!);
        Assert.Equal(StackState.DeleteFailed, failed.StackState);
    }

    [Fact]
    public async Task A_pull_that_took_longer_than_a_deployment_waits_for_it_is_not_taken_for_dead_yet()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow() - new ProvisioningOptions().DeployTimeout);
        await using var portal = await StartAsync(clock, ImageOutcome.Runs);
        var made = await MadeAsync(portal, clock);
        await PullAgainAsync(portal, Assert.Single(portal.Emulator.World.Applications).ApplicationId);
        var accepted = await portal.AcceptDeletionAsync(made);

        Assert.NotNull(await portal.RunAsync(accepted.Id));

        Assert.Single(portal.Emulator.World.Applications);
    }

    [Fact]
    public async Task A_job_that_has_just_begun_is_not_taken_for_dead_by_a_portal_that_was_away_while_it_waited()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var portal = await StartAsync(clock, ImageOutcome.Runs);
        var made = await MadeAsync(portal, clock);
        var application = Assert.Single(portal.Emulator.World.Applications).ApplicationId;
        await PullAgainAsync(portal, application);
        var accepted = await portal.AcceptDeletionAsync(made);
        Assert.NotNull(await portal.RunAsync(accepted.Id));

        // By then the step has been open for an hour.
        await portal.Store.ChangeAsync(
            accepted.Id, d => d.Steps.Single(s => s.Outcome == StepOutcome.Running).StartedAt -= TimeSpan.FromHours(1), Token);
        Assert.NotNull(await portal.RunAsync(accepted.Id));

        Assert.Single(portal.Emulator.World.Applications);
        clock.Advance(Pull + TimeSpan.FromMinutes(1));
        Assert.Null(await portal.RunAsync(accepted.Id));
        Assert.Equal(DeploymentPhase.Completed, (await portal.SeeAsync(accepted.Id)).Phase);
        DeletionTests.AssertNothingLeft(portal);
    }

    /// <param name="status">0 = the connection is reset; an outage, however short, gives a step 45 seconds more.</param>
    [Theory]
    [InlineData(0, "dokploy-unreachable", Explicit = true)]
    [InlineData(500, "dokploy-error")]
    public async Task Trouble_that_was_over_long_before_the_time_was_up_is_not_blamed_for_a_pull_that_took_too_long(int status, string told)
    {
        await using var portal = await TestPortal.StartAsync(
            o => o with { DeployTimeout = TimeSpan.FromSeconds(5), JobTimeout = TimeSpan.Zero, GoneTimeout = TimeSpan.Zero }, o => o with { Retries = 0 },
            emulated: new EmulatorOptions { StackBootTime = TimeSpan.Zero, SlowPullTime = Pull, StopGraceTime = TimeSpan.Zero }, dokployTime: new FakeTimeProvider(TimeProvider.System.GetUtcNow()));
        portal.Emulator.World.Outcomes.Set("*", ImageOutcome.SlowPull);
        portal.Emulator.World.Faults.Add(new Fault
        {
            Call = "application.one", Times = 1, Kind = status == 0 ? new FaultKind.Reset() : new FaultKind.Status(status, "{}"),
        });
        var claimed = await portal.ClaimAsync("design-lab");

        await portal.RunAsync(claimed.Id);

        var failure = (await portal.SeeAsync(claimed.Id)).Failure;
        Assert.Equal((FailureCode.TimedOut, DeploymentStep.AwaitDokploy), (failure?.Code, failure?.Step));
        Assert.Contains(await portal.EventsAsync(claimed.Id), e => e.Log == LogCode.Retrying && e.Detail == told);
    }

    private static async Task<TestPortal> StartAsync(FakeTimeProvider clock, ImageOutcome outcome = ImageOutcome.SlowPull)
    {
        var portal = await TestPortal.StartAsync(
            o => o with { JobTimeout = TimeSpan.Zero, GoneTimeout = TimeSpan.Zero },
            emulated: new EmulatorOptions { StackBootTime = TimeSpan.Zero, SlowPullTime = Pull, StopGraceTime = TimeSpan.Zero }, dokployTime: clock);
        portal.Emulator.World.Outcomes.Set("*", outcome);
        return portal;
    }

    /// <summary>Somebody cancels while Dokploy pulls the image; the first look at it has been taken.</summary>
    private static async Task<DeploymentSnapshot> CancelledWhilePullingAsync(TestPortal portal)
    {
        var claimed = await portal.ClaimAsync("design-lab");
        var run = portal.RunAsync(claimed.Id);
        await portal.UntilAsync(claimed.Id, s => s.CurrentStep == DeploymentStep.AwaitDokploy);
        Assert.Equal("active", Assert.Single(portal.Emulator.World.Jobs).State);
        Assert.Equal(CancelResult.Requested, await portal.Deployments.CancelAsync(claimed.Id, Token));
        Assert.NotNull(await run);
        return claimed;
    }

    /// <summary>A stack that is ready; Dokploy's clock is moved on while it is made.</summary>
    private static async Task<DeploymentSnapshot> MadeAsync(TestPortal portal, FakeTimeProvider clock)
    {
        var claimed = await portal.ClaimAsync("design-lab");
        var run = portal.RunAsync(claimed.Id);
        await portal.UntilAsync(claimed.Id, s => s.CurrentStep == DeploymentStep.AwaitDokploy);
        // Dokploy sets its timers whenever it gets to it, so its clock is moved until the run has ended.
        while (!run.IsCompleted)
        {
            clock.Advance(TimeSpan.FromMilliseconds(200));
            await Task.WhenAny(run, portal.Get<DokployClient>().GetVersionAsync(Token));
        }
        Assert.Null(await run);
        return await portal.SeeAsync(claimed.Id);
    }

    /// <summary>Somebody deploys it again in Dokploy's own pages, and the image has grown.</summary>
    private static async Task PullAgainAsync(TestPortal portal, string applicationId)
    {
        portal.Emulator.World.Outcomes.Set("*", ImageOutcome.SlowPull);
        await portal.Get<DokployClient>().DeployApplicationAsync(applicationId, "by hand", "by hand", Token);
        Assert.Equal("active", Assert.Single(portal.Emulator.World.Jobs).State);
    }
}
