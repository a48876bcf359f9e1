using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Diagnoses;
using AiStackDeployer.DokployEmulator;
using AiStackDeployer.Tests.TestKit;
using Microsoft.Extensions.Time.Testing;

namespace AiStackDeployer.Tests.Provisioning;

/// <summary>Dokploy handles one deployment at a time: one that hangs, whoever began it, holds up all behind it.</summary>
public sealed class HeadOfLineTests
{
    private static readonly TimeSpan Pull = TimeSpan.FromMinutes(30);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_deployment_behind_somebody_elses_says_since_when_Dokploy_is_busy_and_goes_on_after_it()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var portal = await StartAsync(clock, TimeSpan.FromMinutes(5));
        await OccupyAsync(portal);
        var began = clock.GetUtcNow();
        var claimed = await portal.ClaimAsync("design-lab");
        var run = portal.RunAsync(claimed.Id);

        var waits = await portal.UntilAsync(claimed.Id, now => now.DokployQueuePosition is not null);

        Assert.Equal(1, waits.DokployQueuePosition);
        Assert.Equal(began, waits.DokployBusySince!.Value, TimeSpan.FromSeconds(1));
        var log = await portal.Store.ReadLastLogAsync(claimed.Id, 20, Token);
        Assert.Equal(DiagnosisCode.WaitingInDokploy, DeploymentDiagnosis.Of(waits, log, true, began.AddMinutes(9)).Code);
        var blocked = DeploymentDiagnosis.Of(waits, log, true, began.AddMinutes(11));
        Assert.Equal((DiagnosisCode.BlockedInDokploy, true), (blocked.Code, blocked.NeedsAdministrator));

        portal.Emulator.World.Outcomes.Clear();
        clock.Advance(Pull);
        while (!run.IsCompleted)
        {
            clock.Advance(TimeSpan.FromMilliseconds(200));
            await Task.WhenAny(run, portal.Get<Core.Dokploy.DokployClient>().GetVersionAsync(Token));
        }
        await run;
        var done = await portal.SeeAsync(claimed.Id);
        Assert.Equal((DeploymentPhase.Completed, null, null), (done.Phase, done.DokployQueuePosition, done.DokployBusySince));
    }

    [Fact]
    public async Task A_deployment_that_never_gets_its_turn_fails_with_that_as_its_reason_and_leaves_nothing()
    {
        // However slow this machine is, by its clock the job has never waited long enough to be taken for dead.
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddHours(1));
        await using var portal = await StartAsync(clock, TimeSpan.FromSeconds(3));
        await OccupyAsync(portal);
        var claimed = await portal.ClaimAsync("design-lab");

        Assert.NotNull(await portal.RunAsync(claimed.Id));

        var failure = (await portal.SeeAsync(claimed.Id)).Failure!;
        Assert.Equal((FailureCode.DokployBusy, DeploymentStep.AwaitDokploy, true), (failure.Code, failure.Step, failure.Code.NeedsAdministrator()));
        Assert.NotNull(failure.Subject);

        // An administrator restarts Dokploy, as the remedy says.
        portal.Emulator.World.Restart();
        Assert.Null(await portal.RunAsync(claimed.Id));
        Assert.Equal(DeploymentPhase.Failed, (await portal.SeeAsync(claimed.Id)).Phase);
        Assert.Equal("by-hand", Assert.Single(portal.Emulator.World.Projects).Name);
    }

    private static async Task<TestPortal> StartAsync(FakeTimeProvider clock, TimeSpan deployTimeout)
    {
        var portal = await TestPortal.StartAsync(
            o => o with { DeployTimeout = deployTimeout, JobTimeout = TimeSpan.Zero },
            emulated: new EmulatorOptions { StackBootTime = TimeSpan.Zero, SlowPullTime = Pull, StopGraceTime = TimeSpan.Zero }, dokployTime: clock);
        portal.Emulator.World.Outcomes.Set("*", ImageOutcome.SlowPull);
        return portal;
    }

    /// <summary>Somebody deploys something of their own in Dokploy's pages, and its pull does not end.</summary>
    private static async Task OccupyAsync(TestPortal portal)
    {
        var client = portal.Get<Core.Dokploy.DokployClient>();
        var project = await client.CreateProjectAsync("by-hand", "mine", Token);
        var application = await client.CreateApplicationAsync("by-hand", "by-hand", "mine", project.Environment.EnvironmentId, Token);
        await portal.Emulator.DoAsync("application.update", new { applicationId = application.ApplicationId, sourceType = "docker", dockerImage = "registry.test/other:1" });
        await client.DeployApplicationAsync(application.ApplicationId, "by hand", "by hand", Token);
        Assert.Equal("active", Assert.Single(portal.Emulator.World.Jobs).State);
    }
}
