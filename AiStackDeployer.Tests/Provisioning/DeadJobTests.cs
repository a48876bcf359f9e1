using AiStackDeployer.Core.Deployments;
using AiStackDeployer.DokployEmulator;
using AiStackDeployer.Tests.TestKit;
using Microsoft.Extensions.Time.Testing;

namespace AiStackDeployer.Tests.Provisioning;

/// <summary>Dokploy's database goes away in the middle of a deploy job: the row says running for good, and nobody works on it.</summary>
public sealed class DeadJobTests
{
    [Fact]
    public async Task A_dead_job_whose_container_runs_does_not_hold_the_stack_up()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var portal = await StartAsync(clock);
        var claimed = await portal.ClaimAsync("design-lab");
        var run = await UntilActiveAsync(portal, claimed);

        portal.Emulator.World.LoseDatabase();
        clock.Advance(TimeSpan.FromSeconds(10));
        await run;

        var done = await portal.SeeAsync(claimed.Id);
        Assert.Equal((DeploymentPhase.Completed, null), (done.Phase, done.Failure?.Code));
        Assert.Equal("running", Assert.Single(portal.Emulator.World.Deployments).Status);
        Assert.Equal(1, portal.Emulator.World.Calls.Count("application.deploy"));
    }

    [Fact]
    public async Task A_dead_job_without_a_container_is_given_again()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var portal = await StartAsync(clock);
        var claimed = await portal.ClaimAsync("design-lab");
        var run = await UntilActiveAsync(portal, claimed);

        portal.Emulator.World.LoseDatabase(containerMade: false);
        while (!run.IsCompleted)
        {
            clock.Advance(TimeSpan.FromMilliseconds(200));
            await Task.WhenAny(run, portal.Get<Core.Dokploy.DokployClient>().GetVersionAsync(TestContext.Current.CancellationToken));
        }

        await run;
        Assert.Equal(DeploymentPhase.Completed, (await portal.SeeAsync(claimed.Id)).Phase);
        Assert.Equal(2, portal.Emulator.World.Calls.Count("application.deploy"));
    }

    [Fact]
    public async Task A_dead_job_holds_up_neither_a_clean_up_nor_a_deletion()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var portal = await StartAsync(clock);
        var claimed = await portal.ClaimAsync("design-lab");
        var run = await UntilActiveAsync(portal, claimed);
        portal.Emulator.World.LoseDatabase(containerMade: false);
        Assert.Equal(CancelResult.Requested, await portal.Deployments.CancelAsync(claimed.Id, TestContext.Current.CancellationToken));

        Assert.Null(await run);

        Assert.Equal(DeploymentPhase.Cancelled, (await portal.SeeAsync(claimed.Id)).Phase);
        DeletionTests.AssertNothingLeft(portal);
    }

    [Fact]
    public async Task Nobody_reads_the_queries_that_Dokploy_writes_into_its_log()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var portal = await StartAsync(clock);
        var claimed = await portal.ClaimAsync("design-lab");
        var run = await UntilActiveAsync(portal, claimed);
        clock.Advance(TimeSpan.FromMilliseconds(100));
        portal.Emulator.World.LoseDatabase();
        await portal.UntilAsync(claimed.Id, _ => portal.Emulator.World.Calls.Count("deployment.readLogs") > 1);
        clock.Advance(TimeSpan.FromSeconds(10));
        await run;

        var lines = (await portal.EventsAsync(claimed.Id)).Select(e => e.Detail ?? "").ToList();
        Assert.Contains(lines, line => line.Contains("Initializing deployment", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.Contains("update \"deployment\"", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.Contains("params:", StringComparison.Ordinal));
    }

    private static async Task<TestPortal> StartAsync(FakeTimeProvider clock)
    {
        var portal = await TestPortal.StartAsync(
            o => o with { DeployTimeout = TimeSpan.FromSeconds(15), JobTimeout = TimeSpan.Zero },
            emulated: new EmulatorOptions { StackBootTime = TimeSpan.Zero, SlowPullTime = TimeSpan.FromMinutes(8), StopGraceTime = TimeSpan.Zero },
            dokployTime: clock);
        return portal;
    }

    /// <summary>Dokploy's job is at work, and stays so until its clock is moved.</summary>
    private static async Task<Task<TimeSpan?>> UntilActiveAsync(TestPortal portal, DeploymentSnapshot claimed)
    {
        var run = portal.RunAsync(claimed.Id);
        await portal.UntilAsync(claimed.Id, s => s.CurrentStep == DeploymentStep.AwaitDokploy);
        Assert.Equal("active", Assert.Single(portal.Emulator.World.Jobs).State);
        return run;
    }
}
