using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Core.Diagnostics;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.Tests.Deployments;

namespace AiStackDeployer.Tests.Diagnostics;

public sealed class ActiveMeterTests
{
    private const string Active = "aistack.deployments.active";
    private const string Age = "aistack.deployments.queue.oldest.age";
    private const string Database = "aistack.database.up";
    private const string Reading = nameof(IDeploymentStore.ReadActiveFiguresAsync);

    [Fact]
    public async Task Each_phase_is_counted_and_the_oldest_in_line_tells_its_age()
    {
        await using var world = await DeploymentWorld.CreateAsync();
        Watch(world);
        await world.StartedAsync("one", request: "1");
        world.Time.Advance(TimeSpan.FromSeconds(30));
        await world.StartedAsync("two", request: "2");
        await world.BeginAsync((await world.StartedAsync("three", request: "3")).Id);
        await world.CompleteAsync((await world.StartedAsync("four", request: "4")).Id);
        world.Time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(
            [
                ("kind=deploy phase=queued", 2), ("kind=deploy phase=running", 1), ("kind=deploy phase=unwinding", 0),
                .. OperationCatalog.All.Skip(1).SelectMany(operation => new[] { "queued", "running", "unwinding" }.Select(phase => ($"kind={operation.Name} phase={phase}", 0))),
            ],
            world.Meters.Observe(Active).Select(m => (m.Labels, (int)m.Value)));
        Assert.Equal(40, Assert.Single(world.Meters.Observe(Age)).Value);
        Assert.Equal(1, Assert.Single(world.Meters.Observe(Database)).Value);
    }

    [Fact]
    public async Task Ready_stacks_are_counted_by_whether_they_answer()
    {
        await using var world = await DeploymentWorld.CreateAsync();
        Watch(world);
        await world.StartedAsync("waits", request: "0");
        var one = await world.StartedAsync("one", request: "1");
        await world.CompleteAsync(one.Id);
        await world.CompleteAsync((await world.StartedAsync("two", request: "2")).Id);
        await world.Store.ChangeAsync(
            one.Id, d => d.RecordLook(d.Stack.Health, new HealthFinding(AddressLayer.Http), world.Time.GetUtcNow()), TestContext.Current.CancellationToken);

        Assert.Equal(
            [("health=not-looked-at-yet", 0), ("health=answering", 1), ("health=not-answering", 1), ("health=missing", 0)],
            world.Meters.Observe("aistack.stacks.health").Select(m => (m.Labels, (int)m.Value)));
        Assert.Equal(2, world.Meters.Observe("aistack.stacks").Single(m => m.Labels == "state=ready").Value);
    }

    [Fact]
    public async Task However_often_it_is_scraped_the_database_is_asked_once_in_five_seconds()
    {
        await using var world = await DeploymentWorld.CreateAsync();
        Watch(world);
        for (var scrape = 0; scrape < 20; scrape++)
        {
            world.Meters.Observe(Active);
        }
        Assert.Equal(1, world.Store.CountOf(Reading));

        world.Time.Advance(ActiveCensus.Fresh);
        world.Meters.Observe(Active);

        Assert.Equal(2, world.Store.CountOf(Reading));
        Assert.Equal(0, Assert.Single(world.Meters.Observe(Age)).Value);
    }

    [Fact]
    public async Task A_database_that_cannot_be_read_gives_no_figures_says_so_and_is_asked_again()
    {
        await using var world = await DeploymentWorld.CreateAsync();
        Watch(world);
        world.Store.Lock(Reading);

        Assert.Equal(0, Assert.Single(world.Meters.Observe(Database)).Value);
        Assert.Empty(world.Meters.Observe(Active));
        Assert.Empty(world.Meters.Observe(Age));

        world.Store.Before = _ => Task.CompletedTask;
        world.Time.Advance(ActiveCensus.Fresh);
        Assert.Equal(1, Assert.Single(world.Meters.Observe(Database)).Value);
        Assert.Equal(OperationCatalog.All.Count * 3, world.Meters.Observe(Active).Count);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_reading_that_hangs_holds_no_scrape_and_is_not_begun_twice()
    {
        await using var world = await DeploymentWorld.CreateAsync();
        await world.StartedAsync();
        TaskCompletionSource begun = new(), stuck = new();
        world.Store.Before = method =>
        {
            if (method != Reading)
            {
                return Task.CompletedTask;
            }
            begun.TrySetResult();
            return stuck.Task;
        };
        Watch(world, isPatient: false);

        // Nothing is known yet: no figures, and nothing said of the database either.
        Assert.Empty(world.Meters.Observe(Database));
        await begun.Task.WaitAsync(TestContext.Current.CancellationToken);
        world.Time.Advance(ActiveCensus.Fresh * 2);
        Assert.Empty(world.Meters.Observe(Active));

        Assert.Equal(1, world.Store.CountOf(Reading));
        stuck.SetResult();
    }

    [Fact(Timeout = 60_000)]
    public async Task A_reading_that_hangs_after_a_good_one_is_a_database_that_cannot_be_read()
    {
        await using var world = await DeploymentWorld.CreateAsync();
        await world.StartedAsync();
        TaskCompletionSource begun = new(), stuck = new();
        var census = Watch(world);
        Assert.Equal(1, Assert.Single(world.Meters.Observe(Database)).Value);
        census.ReadTimeout = TimeSpan.Zero;
        world.Store.Before = method =>
        {
            if (method != Reading)
            {
                return Task.CompletedTask;
            }
            begun.TrySetResult();
            return stuck.Task;
        };

        world.Time.Advance(ActiveCensus.Fresh);
        Assert.Equal(1, Assert.Single(world.Meters.Observe(Database)).Value);
        await begun.Task.WaitAsync(TestContext.Current.CancellationToken);
        world.Time.Advance(TimeSpan.FromSeconds(14));
        Assert.Equal(1, Assert.Single(world.Meters.Observe(Database)).Value);
        world.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(0, Assert.Single(world.Meters.Observe(Database)).Value);
        Assert.Empty(world.Meters.Observe(Active));
        Assert.Empty(world.Meters.Observe(Age));
        stuck.SetResult();
    }

    [Fact]
    public async Task Stacks_are_counted_by_their_state_until_their_names_are_let_go()
    {
        await using var world = await DeploymentWorld.CreateAsync();
        Watch(world);
        await world.CompleteAsync((await world.StartedAsync("one", request: "1")).Id);
        await world.FailAsync((await world.StartedAsync("two", request: "2")).Id);
        await world.CancelAsync((await world.StartedAsync("three", request: "3")).Id);
        await world.ChangeAsync((await world.StartedAsync("four", request: "4")).Id, (d, _) => d.Stack.State = StackState.DeleteFailed);

        Assert.Equal(
            [("state=creating", 0), ("state=ready", 1), ("state=failed", 1), ("state=deleting", 0), ("state=delete-failed", 1),
                ("state=stopping", 0), ("state=stopped", 0), ("state=starting", 0), ("state=updating", 0), ("state=to-be-deleted", 0)],
            world.Meters.Observe("aistack.stacks").Select(m => (m.Labels, (int)m.Value)));
    }

    /// <param name="isPatient">False = a reading that is not there at once is not waited for.</param>
    private static ActiveCensus Watch(DeploymentWorld world, bool isPatient = true)
    {
        var census = new ActiveCensus(world.Store, world.Time) { ReadTimeout = isPatient ? Timeout.InfiniteTimeSpan : TimeSpan.Zero };
        _ = new ActiveMeter(world.Meters, census, world.Time);
        return census;
    }
}
