using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Core.Diagnostics;
using AiStackDeployer.Tests.Deployments;
using AiStackDeployer.Tests.Persistence;
using AiStackDeployer.Tests.TestKit;

namespace AiStackDeployer.Tests.Diagnostics;

/// <summary>What is counted, through the real store: one count for each stored transition, whoever asks and however often.</summary>
public sealed class DeploymentMeterTests
{
    private const string Started = "aistack.deployments.started";
    private const string Ended = "aistack.deployments.ended";
    private const string Resumed = "aistack.deployments.resumed";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_claim_counts_once_and_the_same_request_again_does_not()
    {
        await using var world = await DeploymentWorld.CreateAsync();

        await world.StartedAsync("jan");
        await world.StartedAsync("jan");
        await world.StartAsync("jan", owner: "usr_2");

        Assert.Equal(1, world.Meters.Sum(Started, "kind=deploy"));
    }

    [Fact]
    public async Task An_end_counts_under_its_outcome_and_reason()
    {
        await using var world = await DeploymentWorld.CreateAsync();

        await world.CompleteAsync((await world.StartedAsync("one", request: "1")).Id);
        await world.FailAsync((await world.StartedAsync("two", request: "2")).Id);
        await world.CancelAsync((await world.StartedAsync("three", request: "3")).Id);

        Assert.Equal(
            ["kind=deploy outcome=completed reason=none", "kind=deploy outcome=failed reason=image-not-found", "kind=deploy outcome=cancelled reason=none"],
            world.Meters.Of(Ended).Select(m => m.Labels));
        Assert.All(world.Meters.Of(Ended), m => Assert.Equal(1, m.Value));
    }

    [Fact]
    public async Task An_ended_deployment_that_is_touched_again_is_not_counted_again()
    {
        await using var world = await DeploymentWorld.CreateAsync();
        var id = (await world.StartedAsync()).Id;
        await world.CompleteAsync(id);
        using var afterRestart = new TestMeters();
        var next = world.Database.OpenStore(meters: afterRestart);

        await world.CancelAsync(id);
        Assert.Null(await next.ChangeAsync(id, d => d.BeginRun(world.Time.GetUtcNow()), Token));
        await next.ChangeAsync(id, d => d.Stack.TerminalAnswers = true, Token);

        Assert.Single(world.Meters.Of(Ended));
        Assert.Empty(afterRestart.Of(Ended));
        Assert.Empty(afterRestart.Of("aistack.deployment.duration"));
    }

    [Fact]
    public async Task A_change_that_is_tried_again_after_a_collision_counts_once()
    {
        await using var world = await DeploymentWorld.CreateAsync();
        var id = (await world.StartedAsync()).Id;
        var other = world.Database.OpenStore();
        var tries = 0;

        await world.Store.ChangeAsync(
            id,
            d =>
            {
                if (++tries == 1)
                {
                    // Somebody else writes between the look and the write.
                    other.ChangeAsync(id, o => o.BeginRun(world.Time.GetUtcNow()), Token).GetAwaiter().GetResult();
                }
                return d.RequestCancel(world.Time.GetUtcNow());
            },
            Token);

        Assert.Equal(2, tries);
        // The first try would have cancelled it in the line; the second found it running.
        Assert.Empty(world.Meters.Of(Ended));
    }

    [Fact]
    public async Task What_could_not_be_stored_is_not_counted()
    {
        using var database = await TestDatabase.CreateAsync();
        using var meters = new TestMeters();
        var store = database.OpenStore(lockTimeout: TimeSpan.FromSeconds(1), meters: meters);
        var claim = Some.Claim();
        await store.BeginAsync(claim, Token);
        using var other = database.Connect();
        using (other.BeginTransaction())
        {
            await Assert.ThrowsAsync<StorageUnavailableException>(() => store.ChangeAsync(claim.DeploymentId, d => d.RequestCancel(Some.Start), Token));
            Assert.Empty(meters.Of(Ended));
        }

        await store.ChangeAsync(claim.DeploymentId, d => d.RequestCancel(Some.Start), Token);

        Assert.Single(meters.Of(Ended));
    }

    [Fact]
    public async Task Steps_and_the_whole_way_are_timed_by_the_stored_facts()
    {
        await using var world = await DeploymentWorld.CreateAsync();
        var id = (await world.StartedAsync()).Id;
        world.Time.Advance(TimeSpan.FromSeconds(2));
        await world.ChangeAsync(id, (d, now) => d.BeginStep(d.BeginRun(now)!.Value, DeploymentStep.EnsureProject, now));
        world.Time.Advance(TimeSpan.FromSeconds(3));
        await world.ChangeAsync(id, (d, now) => d.EndStep(d.Run, DeploymentStep.EnsureProject, now));
        world.Time.Advance(TimeSpan.FromSeconds(4));
        await world.ChangeAsync(id, (d, now) => d.Note(d.Run, LogCode.Raw, "line", now));
        await world.ChangeAsync(id, (d, now) => d.Complete(d.Run, now));

        var step = Assert.Single(world.Meters.Of("aistack.deployment.step.duration"));
        Assert.Equal((3, "kind=deploy outcome=done step=ensure-project"), (step.Value, step.Labels));
        var whole = Assert.Single(world.Meters.Of("aistack.deployment.duration"));
        Assert.Equal((9, "kind=deploy outcome=completed"), (whole.Value, whole.Labels));
    }

    [Fact]
    public async Task A_run_that_follows_another_one_is_a_resumed_one()
    {
        await using var world = await DeploymentWorld.CreateAsync();
        var id = (await world.StartedAsync()).Id;

        await world.BeginAsync(id);
        Assert.Empty(world.Meters.Of(Resumed));
        await world.BeginAsync(id);
        await world.ChangeAsync(id, (d, now) => d.Fail(d.Run, Some.Failure, now));
        await world.BeginAsync(id);

        Assert.Equal(["kind=deploy", "kind=deploy"], world.Meters.Of(Resumed).Select(m => m.Labels));
    }

    [Fact]
    public async Task A_run_that_only_looks_again_later_follows_no_crash()
    {
        await using var world = await DeploymentWorld.CreateAsync();
        var id = (await world.StartedAsync()).Id;
        await world.BeginAsync(id);
        await world.ChangeAsync(id, (d, _) => d.Pause(d.Run));

        await world.BeginAsync(id);

        Assert.Empty(world.Meters.Of(Resumed));
    }

    [Fact]
    public void Every_reason_begins_at_zero()
    {
        using var meters = new TestMeters();
        new DeploymentMeter(meters).BeginAtZero();

        var reasons = meters.Of(Ended).Where(m => m.Labels.Contains("outcome=failed", StringComparison.Ordinal)).Select(m => m.Labels.Split("reason=")[1]);
        Assert.Equal(Enum.GetValues<FailureCode>().Select(c => c.ToWire()).Order(), reasons.Distinct().Order());
        Assert.Equal(OperationCatalog.All.Count * (Enum.GetValues<FailureCode>().Length + 2), meters.Of(Ended).Count);
        Assert.All(meters.Of(Ended), m => Assert.Equal(0, m.Value));
        Assert.Equal(OperationCatalog.All.Select(operation => $"kind={operation.Name}"), meters.Of(Started).Select(m => m.Labels));
        Assert.Equal(OperationCatalog.All.Select(operation => $"kind={operation.Name}"), meters.Of(Resumed).Select(m => m.Labels));
    }
}
