using AiStackDeployer.Core.Naming;

namespace AiStackDeployer.Tests.Naming;

public sealed class SharedUpstreamNamesTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_hundred_who_ask_the_same_at_once_are_served_by_one_call()
    {
        await using var world = new NamingWorld();
        var call = world.Upstream.Pend("design");

        var asking = Enumerable.Range(0, 200).Select(_ => world.CheckAsync("design")).ToList();
        await call.Arrived;
        call.Answer(UpstreamNameAnswer.Free);
        var answers = await Task.WhenAll(asking);

        Assert.All(answers, answer => Assert.IsType<NameAvailability.Available>(answer));
        Assert.Equal(["design"], world.Upstream.Calls);
    }

    [Fact]
    public async Task Two_hundred_different_names_start_no_faster_than_the_pace()
    {
        await using var world = new NamingWorld();
        var asking = Task.WhenAll(Enumerable.Range(100, 200).Select(number => world.CheckAsync("name" + number)));
        var elapsed = TimeSpan.Zero;

        while (!asking.IsCompleted)
        {
            var allowed = world.Options.UpstreamBurst + (elapsed.TotalSeconds * world.Options.UpstreamCallsPerSecond);
            Assert.InRange(world.Upstream.Calls.Count, 0, allowed + 0.001);
            elapsed += TimeSpan.FromMilliseconds(10);
            world.Time.Advance(TimeSpan.FromMilliseconds(10));
            await Task.Yield();
        }

        Assert.All(await asking, answer => Assert.IsType<NameAvailability.Available>(answer));
        Assert.Equal(200, world.Upstream.Calls.Count);
    }

    [Theory]
    [InlineData(UpstreamNameAnswer.Free)]
    [InlineData(UpstreamNameAnswer.Taken)]
    public async Task A_definite_answer_is_used_again_until_it_is_three_seconds_old(UpstreamNameAnswer answer)
    {
        var world = new NamingWorld();
        await using var shared = new SharedUpstreamNames(world.Upstream, world.Time, world.Options);
        var name = StackName.FromStored("design");
        if (answer is UpstreamNameAnswer.Taken)
        {
            world.Upstream.Taken.Add("design");
        }

        Assert.Equal(answer, await shared.LookUpAsync(name, Ct));
        world.Time.Advance(TimeSpan.FromMilliseconds(2999));
        Assert.Equal(answer, await shared.LookUpAsync(name, Ct));
        Assert.Single(world.Upstream.Calls);

        world.Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(answer, await shared.LookUpAsync(name, Ct));
        Assert.Equal(2, world.Upstream.Calls.Count);
    }

    [Fact]
    public async Task No_answer_is_not_kept_so_that_recovery_shows_at_once()
    {
        await using var world = new NamingWorld();
        world.Upstream.IsDown = true;
        Assert.IsType<NameAvailability.UpstreamUnreachable>(await world.CheckAsync("design"));

        world.Upstream.IsDown = false;

        Assert.IsType<NameAvailability.Available>(await world.CheckAsync("design"));
    }

    [Fact]
    public async Task One_who_stops_waiting_does_not_end_the_call_of_the_others()
    {
        await using var world = new NamingWorld();
        using var gone = new CancellationTokenSource();
        var call = world.Upstream.Pend("design");
        var first = world.Service.CheckAsync("design", null, gone.Token);
        var upstreamToken = await call.Arrived;
        var second = world.CheckAsync("design");

        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.False(upstreamToken.IsCancellationRequested);
        call.Answer(UpstreamNameAnswer.Free);

        Assert.IsType<NameAvailability.Available>(await second);
        Assert.Single(world.Upstream.Calls);
    }

    [Fact]
    public async Task A_call_that_has_left_is_finished_for_the_next_even_when_nobody_waits()
    {
        await using var world = new NamingWorld();
        using var gone = new CancellationTokenSource();
        var call = world.Upstream.Pend("design");
        var first = world.Service.CheckAsync("design", null, gone.Token);
        await call.Arrived;

        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        call.Answer(UpstreamNameAnswer.Free);

        Assert.IsType<NameAvailability.Available>(await world.CheckAsync("design"));
        Assert.Single(world.Upstream.Calls);
    }

    [Fact]
    public async Task A_call_still_in_line_is_dropped_when_nobody_waits_for_it_any_more()
    {
        await using var world = new NamingWorld(new NamingOptions { UpstreamConcurrency = 1 });
        using var gone = new CancellationTokenSource();
        var busy = world.Upstream.Pend("busy");
        var first = world.CheckAsync("busy");
        await busy.Arrived;
        var unwanted = world.Service.CheckAsync("unwanted", null, gone.Token);

        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => unwanted);
        busy.Answer(UpstreamNameAnswer.Free);
        await first;
        await world.CheckAsync("wanted");

        Assert.Equal(["busy", "wanted"], world.Upstream.Calls);
    }

    [Fact]
    public async Task Waiting_in_line_is_no_failure_however_long_it_takes()
    {
        await using var world = new NamingWorld(new NamingOptions
        {
            UpstreamCallsPerSecond = 1,
            UpstreamBurst = 1,
            UpstreamTimeout = TimeSpan.FromMilliseconds(500),
        });
        await world.CheckAsync("first");
        var second = world.CheckAsync("second");

        while (!second.IsCompleted)
        {
            world.Time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }

        Assert.IsType<NameAvailability.Available>(await second);
    }

    [Fact]
    public async Task A_call_that_does_not_come_back_counts_as_unreachable_after_five_seconds()
    {
        await using var world = new NamingWorld();
        var call = world.Upstream.Pend("design");
        var asking = world.CheckAsync("design");
        var upstreamToken = await call.Arrived;

        world.Time.Advance(TimeSpan.FromSeconds(5));

        Assert.IsType<NameAvailability.UpstreamUnreachable>(await asking);
        Assert.True(upstreamToken.IsCancellationRequested);
    }

    [Fact]
    public async Task The_shared_call_does_not_go_on_in_the_context_of_who_asked_first()
    {
        await using var world = new NamingWorld();
        var call = world.Upstream.Pend("design");
        var before = SynchronizationContext.Current;
        var circuit = new SynchronizationContext();
        SynchronizationContext.SetSynchronizationContext(circuit);
        var asking = world.Service.CheckAsync("design", null, Ct);
        var after = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(before);

        await call.Arrived;
        call.Answer(UpstreamNameAnswer.Free);
        await asking;

        Assert.Null(call.Context);
        Assert.Same(circuit, after);
    }

    [Fact]
    public async Task A_defect_upstream_reaches_everybody_who_waits_and_is_forgotten()
    {
        await using var world = new NamingWorld();
        var call = world.Upstream.Pend("design");
        var both = new[] { world.CheckAsync("design"), world.CheckAsync("design") };
        await call.Arrived;

        call.Throw(new InvalidOperationException("defect"));

        foreach (var asking in both)
        {
            await Assert.ThrowsAsync<InvalidOperationException>(() => asking);
        }

        Assert.IsType<NameAvailability.Available>(await world.CheckAsync("design"));
    }

    [Fact]
    public async Task Closing_ends_what_runs_and_what_waits_and_nothing_starts_afterwards()
    {
        var world = new NamingWorld(new NamingOptions { UpstreamConcurrency = 1 });
        var call = world.Upstream.Pend("design");
        var running = world.CheckAsync("design");
        var upstreamToken = await call.Arrived;
        var waiting = world.CheckAsync("other");

        await world.DisposeAsync();

        Assert.True(upstreamToken.IsCancellationRequested);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => world.CheckAsync("third"));
        Assert.Equal(["design"], world.Upstream.Calls);
    }

    [Fact]
    public async Task A_call_whose_turn_comes_while_closing_is_not_made_any_more()
    {
        var world = new NamingWorld(new NamingOptions { UpstreamCallsPerSecond = 1, UpstreamBurst = 1 });
        var call = world.Upstream.Pend("design");
        var running = world.CheckAsync("design");
        var upstreamToken = await call.Arrived;
        var waiting = world.CheckAsync("other");
        await using var turn = upstreamToken.Register(() => world.Time.Advance(TimeSpan.FromSeconds(1)));

        await world.DisposeAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.Equal(["design"], world.Upstream.Calls);
    }
}
