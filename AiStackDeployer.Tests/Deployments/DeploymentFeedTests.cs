using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.Tests.Persistence;

namespace AiStackDeployer.Tests.Deployments;

public abstract class DeploymentFeedTests(DatabaseKind kind)
{
    /// <summary>Only for a test that would hang: nothing here takes a second.</summary>
    private static readonly TimeSpan WaitTimeout = TimeSpan.FromMinutes(1);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_unknown_deployment_has_nothing_to_watch()
    {
        await using var world = await DeploymentWorld.CreateAsync(kind);

        Assert.Empty(await world.Feed.WatchAsync("dep_none", 0, Token).ToListAsync(Token));
        Assert.Equal(0, world.Signals.WatcherCount);
    }

    [Fact]
    public async Task A_late_watcher_opens_on_the_true_state_with_the_whole_log()
    {
        await using var world = await DeploymentWorld.CreateAsync(kind);
        var id = (await world.StartedAsync()).Id;
        await world.BeginAsync(id);
        await world.NoteAsync(id);

        await using var watcher = Watch(world, id);
        var update = await NextAsync(watcher);

        Assert.Equal(DeploymentPhase.Running, update.Snapshot.Phase);
        Assert.Equal([1L, 2, 3], update.Events.Select(e => e.Sequence));
        Assert.Equal(3, update.Snapshot.LastSequence);
    }

    [Fact]
    public async Task Each_change_reaches_a_watcher_and_the_end_ends_the_watching()
    {
        await using var world = await DeploymentWorld.CreateAsync(kind);
        var id = (await world.StartedAsync()).Id;
        await using var watcher = Watch(world, id);
        await NextAsync(watcher);

        await world.BeginAsync(id);
        Assert.Equal([2L], (await NextAsync(watcher)).Events.Select(e => e.Sequence));
        await world.CompleteAsync(id);
        var last = await NextAsync(watcher);

        Assert.Equal((DeploymentPhase.Completed, DeploymentEventKind.Complete), (last.Snapshot.Phase, last.Events[^1].Kind));
        Assert.False(await watcher.MoveNextAsync());
        Assert.Equal(0, world.Signals.WatcherCount);
    }

    [Fact]
    public async Task A_finished_deployment_answers_its_end_at_once()
    {
        await using var world = await DeploymentWorld.CreateAsync(kind);
        var id = (await world.StartedAsync()).Id;
        await world.FailAsync(id);

        var update = Assert.Single(await world.Feed.WatchAsync(id, long.MaxValue, Token).ToListAsync(Token));

        Assert.Equal(DeploymentPhase.Failed, update.Snapshot.Phase);
        Assert.Empty(update.Events);
    }

    [Theory]
    [InlineData(2, new long[] { 3 })]
    [InlineData(3, new long[0])]
    [InlineData(999, new long[0])]
    [InlineData(long.MaxValue, new long[0])]
    public async Task A_watcher_that_comes_back_gets_what_it_lacks_and_what_follows_also_when_its_number_is_beyond_the_end(
        long after, long[] lacking)
    {
        await using var world = await DeploymentWorld.CreateAsync(kind);
        var id = (await world.StartedAsync()).Id;
        await world.BeginAsync(id);
        await world.NoteAsync(id);
        await using var watcher = Watch(world, id, after);

        Assert.Equal(lacking, (await NextAsync(watcher)).Events.Select(e => e.Sequence));
        await world.NoteAsync(id);
        Assert.Equal([4L], (await NextAsync(watcher)).Events.Select(e => e.Sequence));
    }

    [Fact]
    public async Task Whoever_watches_a_change_is_read_once_for_all()
    {
        await using var world = await DeploymentWorld.CreateAsync(kind);
        var id = (await world.StartedAsync()).Id;
        await world.BeginAsync(id);
        var watchers = Enumerable.Range(0, 20).Select(_ => Watch(world, id)).ToList();
        foreach (var watcher in watchers)
        {
            await NextAsync(watcher);
        }
        var (states, logs) = (world.Store.CountOf("FindAsync"), world.Store.CountOf("ReadEventsAsync"));

        await world.NoteAsync(id);
        var updates = new List<DeploymentUpdate>();
        foreach (var watcher in watchers)
        {
            updates.Add(await NextAsync(watcher));
            await watcher.DisposeAsync();
        }

        Assert.Single(updates.Distinct(ReferenceEqualityComparer.Instance));
        Assert.Equal((states + 1, logs + 1), (world.Store.CountOf("FindAsync"), world.Store.CountOf("ReadEventsAsync")));
    }

    [Fact]
    public async Task A_look_that_failed_is_not_kept_for_the_next_watcher()
    {
        await using var world = await DeploymentWorld.CreateAsync(kind);
        var id = (await world.StartedAsync()).Id;
        world.Store.Lock("ReadEventsAsync");
        await using (var watcher = Watch(world, id))
        {
            await Assert.ThrowsAsync<StorageUnavailableException>(async () => await watcher.MoveNextAsync());
        }
        world.Store.Lock();

        await using var next = Watch(world, id);

        Assert.Single((await NextAsync(next)).Events);
    }

    [Fact]
    public async Task A_log_longer_than_a_page_comes_whole()
    {
        await using var world = await DeploymentWorld.CreateAsync(kind);
        var id = (await world.StartedAsync()).Id;
        await world.BeginAsync(id);
        await world.ChangeAsync(id, (d, now) =>
        {
            for (var i = 0; i < 1200; i++)
            {
                d.Note(d.Run, LogCode.Raw, "line", now);
            }
        });

        await using var watcher = Watch(world, id);

        Assert.Equal(Numbers(1202), (await NextAsync(watcher)).Events.Select(e => e.Sequence));
    }

    [Fact]
    public async Task A_change_whose_signal_was_lost_is_seen_at_the_backup_look()
    {
        await using var world = await DeploymentWorld.CreateAsync(kind);
        var id = (await world.StartedAsync()).Id;
        await using var watcher = Watch(world, id);
        await NextAsync(watcher);
        var next = watcher.MoveNextAsync().AsTask();

        // Another process: it has signals of its own, which nobody hears here.
        await world.Database.OpenStore().ChangeAsync(id, d => d.BeginRun(Some.Start), Token);
        world.Time.Advance(DeploymentFeed.BackupLook - TimeSpan.FromMilliseconds(1));
        Assert.False(next.IsCompleted);
        world.Time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.True(await next.WaitAsync(WaitTimeout, TimeProvider.System, Token));
        Assert.Equal(DeploymentPhase.Running, watcher.Current.Snapshot.Phase);
    }

    [Fact]
    public async Task A_place_in_line_moves_up_when_the_one_before_begins_or_is_cancelled()
    {
        await using var world = await DeploymentWorld.CreateAsync(kind);
        var first = await world.StartedAsync("anna", request: "a");
        world.Time.Advance(TimeSpan.FromSeconds(1));
        var second = await world.StartedAsync("bert", request: "b");
        world.Time.Advance(TimeSpan.FromSeconds(1));
        var third = await world.StartedAsync("cora", request: "c");
        await using var watcher = Watch(world, third.Id);
        Assert.Equal(3, (await NextAsync(watcher)).Snapshot.QueuePosition);

        await world.BeginAsync(first.Id);
        var moved = await NextAsync(watcher);
        Assert.Equal(2, moved.Snapshot.QueuePosition);
        Assert.Empty(moved.Events);

        await world.CancelAsync(second.Id);
        Assert.Equal(1, (await NextAsync(watcher)).Snapshot.QueuePosition);

        await world.BeginAsync(third.Id);
        Assert.Null((await NextAsync(watcher)).Snapshot.QueuePosition);
    }

    [Fact]
    public async Task A_watcher_that_leaves_while_waiting_leaves_nothing_behind()
    {
        await using var world = await DeploymentWorld.CreateAsync(kind);
        var id = (await world.StartedAsync()).Id;
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var watcher = world.Feed.WatchAsync(id, 0, leaving.Token).GetAsyncEnumerator(Token);
        await NextAsync(watcher);
        var next = watcher.MoveNextAsync().AsTask();
        Assert.Equal(1, world.Signals.WatcherCount);

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
        await watcher.DisposeAsync();
        Assert.Equal(0, world.Signals.WatcherCount);
    }

    [Fact]
    public async Task A_watcher_that_is_let_go_between_two_updates_leaves_nothing_behind()
    {
        await using var world = await DeploymentWorld.CreateAsync(kind);
        var id = (await world.StartedAsync()).Id;

        await using (var watcher = Watch(world, id))
        {
            await NextAsync(watcher);
        }
        await foreach (var _ in world.Feed.WatchAllAsync(TimeSpan.FromSeconds(1), Token))
        {
            break;
        }

        Assert.Equal(0, world.Signals.WatcherCount);
    }

    [Fact]
    public async Task Watching_all_tells_at_once_and_then_one_time_a_period_however_much_happens()
    {
        await using var world = await DeploymentWorld.CreateAsync(kind);
        var period = TimeSpan.FromSeconds(1);
        await using var watcher = world.Feed.WatchAllAsync(period, Token).GetAsyncEnumerator(Token);
        Assert.True(await watcher.MoveNextAsync());
        Assert.Equal(Some.Start, watcher.Current);

        var next = watcher.MoveNextAsync().AsTask();
        var id = (await world.StartedAsync()).Id;
        await world.BeginAsync(id);
        await world.NoteAsync(id);
        Assert.False(next.IsCompleted);
        world.Time.Advance(period);
        Assert.True(await next.WaitAsync(WaitTimeout, TimeProvider.System, Token));
        Assert.Equal(Some.Start + period, watcher.Current);

        // The many changes before were one: the next waits for another.
        next = watcher.MoveNextAsync().AsTask();
        world.Time.Advance(period);
        Assert.False(next.IsCompleted);
        await world.NoteAsync(id);
        Assert.True(await next.WaitAsync(WaitTimeout, TimeProvider.System, Token));
    }

    /// <summary>The clock stands still, so a watcher that missed a wake-up would wait for ever.</summary>
    [Fact]
    public async Task Eight_watchers_who_join_while_four_writers_write_see_every_event_once_and_in_order()
    {
        const int writers = 4, watchers = 8, lines = 60;
        await using var world = await DeploymentWorld.CreateAsync(kind);
        var id = (await world.StartedAsync()).Id;
        await world.BeginAsync(id);
        var random = new Random(4711);
        var joins = Enumerable.Range(0, watchers)
            .Select(_ => (At: random.Next(lines), Now: new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)))
            .ToList();
        var seen = joins.Select(async join =>
        {
            await join.Now.Task;
            var numbers = new List<long>();
            await foreach (var update in world.Feed.WatchAsync(id, 0, Token))
            {
                numbers.AddRange(update.Events.Select(e => e.Sequence));
                Assert.Equal(update.Snapshot.LastSequence, numbers[^1]);
            }
            return numbers;
        }).ToList();

        await Task.WhenAll(Enumerable.Range(0, writers).Select(writer => Task.Run(
            async () =>
            {
                for (var line = 0; line < lines; line++)
                {
                    if (writer == 0)
                    {
                        joins.Where(join => join.At == line).ToList().ForEach(join => join.Now.SetResult());
                    }
                    await world.NoteAsync(id);
                }
            },
            Token)));
        await world.ChangeAsync(id, (d, now) => d.Complete(d.Run, now));

        // The claim, the begin and the end besides the lines.
        Assert.All(await Task.WhenAll(seen).WaitAsync(WaitTimeout, TimeProvider.System, Token), numbers => Assert.Equal(Numbers((writers * lines) + 3), numbers));
        Assert.Equal(0, world.Signals.WatcherCount);
    }

    [Fact]
    public async Task A_look_that_was_overtaken_by_a_newer_one_repeats_nothing()
    {
        await using var world = await DeploymentWorld.CreateAsync(kind);
        var id = (await world.StartedAsync()).Id;
        var (begun, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        world.Store.Before = method =>
        {
            if (method != "FindAsync")
            {
                return Task.CompletedTask;
            }
            world.Store.Before = _ => Task.CompletedTask;
            begun.SetResult();
            return release.Task;
        };
        await using var late = Watch(world, id);
        var first = NextAsync(late);
        await begun.Task;

        // Its look reads only now, after another watcher's, which began later; the signal of the last change is under way.
        await world.BeginAsync(id);
        await using var early = Watch(world, id);
        Assert.Equal(2, (await NextAsync(early)).Snapshot.LastSequence);
        await world.Database.OpenStore().ChangeAsync(id, d => d.RequestCancel(Some.Start), Token);
        release.SetResult();
        Assert.Equal([1L, 2, 3], (await first).Events.Select(e => e.Sequence));
        var next = NextAsync(late);
        world.Signals.Notify(id);
        await world.NoteAsync(id);

        Assert.Equal([4L], (await next).Events.Select(e => e.Sequence));
    }

    [Fact]
    public async Task A_page_hears_after_the_end_that_the_stack_is_deleted_until_its_name_is_let_go()
    {
        await using var world = await DeploymentWorld.CreateAsync(kind);
        var made = await world.StartedAsync();
        await world.CompleteAsync(made.Id);
        await using var watcher = world.Feed.WatchStackAsync(made.Id, 0, Token).GetAsyncEnumerator(Token);
        Assert.Equal(StackState.Ready, (await NextAsync(watcher)).Snapshot.StackState);

        var result = await world.Service.BeginAsync(
            new OperationRequest { Operation = OperationCatalog.Delete, StackId = made.StackId, ConfirmName = made.Name, RequestId = "req_del" }, Token);
        var deletion = Assert.IsType<BeginResult.Started>(result).Deployment;
        var told = await NextAsync(watcher);
        Assert.Equal((StackState.Deleting, deletion.Id), (told.Snapshot.StackState, told.Snapshot.LastDeploymentId));
        Assert.Empty(told.Events);

        await world.CompleteAsync(deletion.Id);
        Assert.Equal(StackState.Deleted, (await NextAsync(watcher)).Snapshot.StackState);
        Assert.False(await watcher.MoveNextAsync());
        Assert.Equal(0, world.Signals.WatcherCount);
    }

    private static IEnumerable<long> Numbers(int last) => Enumerable.Range(1, last).Select(n => (long)n);

    private static IAsyncEnumerator<DeploymentUpdate> Watch(DeploymentWorld world, string id, long after = 0) =>
        world.Feed.WatchAsync(id, after, Token).GetAsyncEnumerator(Token);

    private static async Task<DeploymentUpdate> NextAsync(IAsyncEnumerator<DeploymentUpdate> watcher)
    {
        Assert.True(await watcher.MoveNextAsync().AsTask().WaitAsync(WaitTimeout, TimeProvider.System, Token));
        return watcher.Current;
    }
}

public sealed class DeploymentFeedTestsOnSqlite() : DeploymentFeedTests(DatabaseKind.Sqlite);

public sealed class DeploymentFeedTestsOnPostgres() : DeploymentFeedTests(DatabaseKind.Postgres);
