using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Dokploy;
using AiStackDeployer.DokployEmulator.Faults;
using AiStackDeployer.Tests.TestKit;

namespace AiStackDeployer.Tests.Provisioning;

/// <summary>Nothing is made twice, whatever happens to an answer and wherever a process dies.</summary>
public sealed class LostAnswerTests
{
    public static TheoryData<string> CallsThatMakeSomething =>
        ["project.create", "application.create", "application.update", "mounts.create", "domain.create", "application.deploy"];

    [Theory]
    [MemberData(nameof(CallsThatMakeSomething))]
    public async Task A_process_that_stops_between_the_work_and_its_answer_is_followed_by_one_that_goes_on(string call)
    {
        await using var portal = await TestPortal.StartAsync();
        var claimed = await portal.ClaimAsync("design-lab");
        var gate = portal.Emulator.World.Faults.Hold(call, afterWork: true);
        var stopped = portal.RunAsync(claimed.Id);
        await gate.Arrived.WaitAsync(TestContext.Current.CancellationToken);

        // The first process hangs there, as under SIGSTOP; a second one takes over and finds what was made.
        await using var second = await portal.SecondProcessAsync();
        var takesOver = second.RunAsync(claimed.Id);
        gate.Release();
        await Task.WhenAll(stopped, takesOver);

        var done = await second.SeeAsync(claimed.Id);
        Assert.Equal(DeploymentPhase.Completed, done.Phase);
        AssertOneOfEach(portal);
        var events = await portal.EventsAsync(claimed.Id);
        Assert.Equal(Enumerable.Range(1, events.Count).Select(i => (long)i), events.Select(e => e.Sequence));
    }

    [Theory]
    [InlineData("project.create", "project.search")]
    [InlineData("application.create", "project.one")]
    [InlineData("mounts.create", "mounts.listByServiceId")]
    [InlineData("domain.create", "domain.byApplicationId")]
    [InlineData("application.deploy", "application.one")]
    public async Task A_process_that_was_overtaken_between_its_look_and_the_call_does_not_send_it(string call, string look)
    {
        await using var portal = await TestPortal.StartAsync();
        var claimed = await portal.ClaimAsync("design-lab");
        // A process that has just made the one looks for the next only when in doubt.
        portal.Emulator.World.Faults.Add(new Fault { Call = call, Times = 1, Kind = new FaultKind.Reset() });
        using var sent = portal.Emulator.World.Faults.Hold(call);
        var stopped = portal.RunAsync(claimed.Id);
        await sent.Arrived.WaitAsync(TestContext.Current.CancellationToken);
        using var looked = portal.Emulator.World.Faults.Hold(look, afterWork: true, onlyFirst: true);
        sent.Release();
        await looked.Arrived.WaitAsync(TestContext.Current.CancellationToken);

        await using var second = await portal.SecondProcessAsync();
        await second.RunAsync(claimed.Id);
        looked.Release();
        await stopped;

        Assert.Equal(DeploymentPhase.Completed, (await second.SeeAsync(claimed.Id)).Phase);
        AssertOneOfEach(portal);
    }

    [Fact]
    public async Task A_project_that_dokploy_makes_after_the_clean_up_looked_is_removed_all_the_same()
    {
        await using var portal = await TestPortal.StartAsync(dokploy: o => o with { AttemptTimeout = TimeSpan.FromSeconds(3) });
        var faults = portal.Emulator.World.Faults;
        var claimed = await portal.ClaimAsync("design-lab");
        using var late = faults.Hold("project.create", outlivesClient: true);
        var run = portal.RunAsync(claimed.Id);
        await late.Arrived.WaitAsync(TestContext.Current.CancellationToken);
        await portal.Deployments.CancelAsync(claimed.Id, TestContext.Current.CancellationToken);
        await portal.UntilAsync(claimed.Id, now => now.Phase == DeploymentPhase.Unwinding);
        using var looked = faults.Hold("project.search", afterWork: true, onlyFirst: true);
        await looked.Arrived.WaitAsync(TestContext.Current.CancellationToken);

        using var made = faults.Hold("project.create", afterWork: true, outlivesClient: true);
        late.Release();
        await made.Arrived.WaitAsync(TestContext.Current.CancellationToken);
        looked.Release();
        await run;

        Assert.Equal(DeploymentPhase.Cancelled, (await portal.SeeAsync(claimed.Id)).Phase);
        Assert.Empty(portal.Emulator.World.Projects);
        var log = (await portal.EventsAsync(claimed.Id)).Select(e => e.Log).ToList();
        Assert.Single(log, LogCode.ProjectRemoved);
        Assert.Single(log, LogCode.NothingLeft);
    }

    [Fact]
    public async Task A_volume_that_dokploy_made_twice_after_all_is_mounted_once()
    {
        await using var portal = await TestPortal.StartAsync();
        var faults = portal.Emulator.World.Faults;
        var claimed = await portal.ClaimAsync("design-lab");
        faults.Add(new Fault { Call = "mounts.create", Times = 1, Kind = new FaultKind.AnswerLost() });
        using var look = faults.Hold("mounts.listByServiceId", onlyFirst: true);
        var run = portal.RunAsync(claimed.Id);
        await look.Arrived.WaitAsync(TestContext.Current.CancellationToken);
        var first = Assert.Single(portal.Emulator.World.Mounts);
        await portal.Get<DokployClient>().CreateVolumeMountAsync(
            first.ApplicationId!, first.VolumeName!, first.MountPath, TestContext.Current.CancellationToken);

        look.Release();
        await run;

        Assert.Equal(DeploymentPhase.Completed, (await portal.SeeAsync(claimed.Id)).Phase);
        AssertOneOfEach(portal);
    }

    [Theory]
    [MemberData(nameof(CallsThatMakeSomething))]
    public async Task A_stop_of_the_portal_before_a_call_leaves_the_step_to_the_next_start(string call)
    {
        await using var portal = await TestPortal.StartAsync();
        var claimed = await portal.ClaimAsync("design-lab");
        using var gate = portal.Emulator.World.Faults.Hold(call);
        using var stopping = new CancellationTokenSource();
        var run = portal.RunUntilStoppedAsync(claimed.Id, stopping.Token);
        await gate.Arrived.WaitAsync(TestContext.Current.CancellationToken);
        await stopping.CancelAsync();
        gate.Release();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.False((await portal.SeeAsync(claimed.Id)).IsTerminal);

        await using var second = await portal.SecondProcessAsync();
        await second.RunAsync(claimed.Id);

        Assert.Equal(DeploymentPhase.Completed, (await second.SeeAsync(claimed.Id)).Phase);
        AssertOneOfEach(portal);
    }

    [Fact]
    public async Task A_deploy_job_that_dokploy_loses_is_given_again_under_a_title_of_its_own()
    {
        await using var portal = await TestPortal.StartAsync();
        portal.Emulator.World.Faults.Add(new Fault { Call = "application.deploy", Times = 1, Kind = new FaultKind.Status(200) });

        var done = await portal.DeployAsync("design-lab");

        Assert.Equal(DeploymentPhase.Completed, done.Phase);
        Assert.Equal($"{done.Id} #2", Assert.Single(portal.Emulator.World.Deployments).Title);
        Assert.Contains(await portal.EventsAsync(done.Id), e => e.Log == LogCode.DeployRepeated);
    }

    [Fact]
    public async Task A_deploy_job_that_is_lost_every_time_fails_and_leaves_nothing()
    {
        await using var portal = await TestPortal.StartAsync();
        portal.Emulator.World.Faults.Add(new Fault { Call = "application.deploy", Kind = new FaultKind.Status(200) });

        var done = await portal.DeployAsync("design-lab");

        Assert.Equal(FailureCode.DeployLost, done.Failure?.Code);
        Assert.Empty(portal.Emulator.World.Projects);
        Assert.Equal(3, portal.Emulator.World.Calls.Count("application.deploy"));
    }

    private static void AssertOneOfEach(TestPortal portal)
    {
        var world = portal.Emulator.World;
        Assert.Single(world.Projects);
        Assert.Single(world.Applications);
        Assert.Single(world.Domains);
        Assert.Equal(2, world.Mounts.Count);
        Assert.Equal(world.Mounts.Count, world.Mounts.Select(m => m.MountPath).Distinct().Count());
        Assert.Single(world.Deployments);
        Assert.Single(world.Services);
    }
}
