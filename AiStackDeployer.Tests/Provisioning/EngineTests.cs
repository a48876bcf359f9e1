using AiStackDeployer.Core.Deployments;
using AiStackDeployer.DokployEmulator;
using AiStackDeployer.DokployEmulator.Faults;
using AiStackDeployer.Tests.Persistence;
using AiStackDeployer.Tests.TestKit;

namespace AiStackDeployer.Tests.Provisioning;

/// <summary>The durable engine itself: who runs, in which order, and what happens after a stop.</summary>
public abstract class EngineTests(DatabaseKind kind)
{
    [Fact]
    public async Task A_claimed_deployment_runs_by_itself()
    {
        await using var portal = await TestPortal.StartAsync(engine: true, database: kind);

        var claimed = await portal.ClaimAsync("design-lab");

        Assert.Equal(DeploymentPhase.Completed, (await portal.UntilAsync(claimed.Id, s => s.IsTerminal)).Phase);
    }

    [Fact]
    public async Task More_than_may_run_wait_in_order_and_are_told_their_place()
    {
        await using var portal = await TestPortal.StartAsync(o => o with { Parallel = 1 }, engine: true, database: kind);
        var gate = portal.Emulator.World.Faults.Hold("project.create");
        var first = await portal.ClaimAsync("first");
        await gate.Arrived.WaitAsync(TestContext.Current.CancellationToken);
        var second = await portal.ClaimAsync("second");
        var third = await portal.ClaimAsync("third");

        Assert.Equal(1, (await portal.SeeAsync(second.Id)).QueuePosition);
        Assert.Equal(2, (await portal.SeeAsync(third.Id)).QueuePosition);
        gate.Release();

        var ended = new[]
        {
            await portal.UntilAsync(first.Id, s => s.IsTerminal),
            await portal.UntilAsync(second.Id, s => s.IsTerminal),
            await portal.UntilAsync(third.Id, s => s.IsTerminal),
        };
        Assert.All(ended, s => Assert.Equal(DeploymentPhase.Completed, s.Phase));
        Assert.True(ended[0].FinishedAt <= ended[1].StartedAt && ended[1].FinishedAt <= ended[2].StartedAt, "one at a time, in order");
    }

    [Fact]
    public async Task A_stopped_portal_goes_on_at_the_same_step_when_it_starts_again()
    {
        await using var portal = await TestPortal.StartAsync(engine: true, database: kind);
        using var gate = portal.Emulator.World.Faults.Hold("domain.create");
        var claimed = await portal.ClaimAsync("design-lab");
        await gate.Arrived.WaitAsync(TestContext.Current.CancellationToken);
        // What comes after the call in flight is not let through before the stop, which ends it.
        using (portal.Emulator.World.Faults.Hold("docker.getServiceContainersByAppName"))
        {
            var stop = portal.StopEngineAsync();
            gate.Release();
            await stop;
        }
        Assert.Equal(DeploymentPhase.Running, (await portal.SeeAsync(claimed.Id)).Phase);

        await using var next = await portal.SecondProcessAsync(engine: true);

        Assert.Equal(DeploymentPhase.Completed, (await next.UntilAsync(claimed.Id, s => s.IsTerminal)).Phase);
        Assert.Single(portal.Emulator.World.Projects);
        Assert.Single(portal.Emulator.World.Domains);
        Assert.Equal(1, portal.Emulator.World.Calls.Count("application.create"));
    }

    [Fact]
    public async Task A_deployment_without_a_job_gets_one_from_the_sweep()
    {
        await using var portal = await TestPortal.StartAsync();
        // Claimed by a process that died before it could hand the deployment to the engine.
        var claimed = await portal.ClaimAsync("design-lab");

        await using var next = await portal.SecondProcessAsync(engine: true);

        Assert.Equal(DeploymentPhase.Completed, (await next.UntilAsync(claimed.Id, s => s.IsTerminal)).Phase);
    }

    [Fact]
    public async Task A_clean_up_that_must_wait_gives_its_worker_back_and_comes_again()
    {
        await using var portal = await TestPortal.StartAsync(o => o with { Parallel = 1 }, engine: true, database: kind);
        portal.Emulator.World.Outcomes.Set("ai-stack-broken", ImageOutcome.MissingImage);
        portal.Emulator.World.Faults.Add(new Fault
        {
            Call = "application.delete", Times = 1, Kind = new FaultKind.Status(500, "{}"),
        });
        var broken = await portal.ClaimAsync("broken");
        var other = await portal.ClaimAsync("other");

        var done = await portal.UntilAsync(other.Id, s => s.IsTerminal);
        var failed = await portal.UntilAsync(broken.Id, s => s.IsTerminal);

        Assert.Equal(DeploymentPhase.Completed, done.Phase);
        Assert.Equal(DeploymentPhase.Failed, failed.Phase);
        Assert.True(done.FinishedAt <= failed.FinishedAt, "the other one did not wait for the clean-up");
    }
}

public sealed class EngineTestsOnSqlite() : EngineTests(DatabaseKind.Sqlite);

public sealed class EngineTestsOnPostgres() : EngineTests(DatabaseKind.Postgres);
