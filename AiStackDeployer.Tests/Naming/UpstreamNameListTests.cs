using AiStackDeployer.Core.Naming;

namespace AiStackDeployer.Tests.Naming;

public sealed class UpstreamNameListTests : IDisposable
{
    private static readonly StackName Design = StackName.FromStored("design");

    private readonly NamingWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task Five_hundred_who_ask_for_different_names_at_once_are_served_by_one_call()
    {
        var call = _world.Upstream.Pend();
        _world.Upstream.Taken.Add("name7");

        var asking = Enumerable.Range(0, 500).Select(number => _world.CheckAsync("name" + number)).ToList();
        await call.Arrived;
        call.Answer();
        var answers = await Task.WhenAll(asking);

        Assert.Equal(1, _world.Upstream.Calls);
        Assert.Equal(["name7"], answers.OfType<NameAvailability.TakenByOther>().Select(answer => answer.Asked));
    }

    [Fact]
    public async Task A_project_is_found_by_its_name_whatever_its_case()
    {
        var names = new UpstreamNames(new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "AI-Stack-Design" });

        Assert.True(names.Has(Design));
        Assert.False(UpstreamNames.Unreachable.Has(Design));
        Assert.False((await _world.ListAsync()).Has(Design));
    }

    [Fact]
    public async Task A_list_is_used_for_three_seconds_and_then_until_the_next_one_is_there()
    {
        await _world.ListAsync();
        _world.Time.Advance(TimeSpan.FromMilliseconds(2999));
        await _world.ListAsync();
        Assert.Equal(1, _world.Upstream.Calls);

        _world.Upstream.Taken.Add("design");
        var next = _world.Upstream.Pend();
        _world.Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.False((await _world.ListAsync()).Has(Design));
        await next.Arrived;
        Assert.False((await _world.ListAsync()).Has(Design));

        next.Answer();
        await EventuallyAsync(async () => (await _world.ListAsync()).Has(Design));
        Assert.Equal(2, _world.Upstream.Calls);
    }

    [Fact]
    public async Task After_a_calm_time_nobody_is_answered_from_an_old_list()
    {
        await _world.ListAsync();
        _world.Upstream.Taken.Add("design");

        _world.Time.Advance(TimeSpan.FromSeconds(6));

        Assert.True((await _world.ListAsync()).Has(Design));
    }

    [Theory]
    [InlineData(100, 3)]
    [InlineData(1000, 20)]
    [InlineData(4000, 30)]
    public async Task A_slow_list_is_read_less_often(int cost, int seconds)
    {
        var call = _world.Upstream.Pend();
        var asking = _world.ListAsync();
        await call.Arrived;
        _world.Time.Advance(TimeSpan.FromMilliseconds(cost));
        call.Answer();
        await asking;

        _world.Time.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(1));
        await _world.ListAsync();
        Assert.Equal(1, _world.Upstream.Calls);

        _world.Time.Advance(TimeSpan.FromSeconds(seconds) + TimeSpan.FromMilliseconds(1));
        await _world.ListAsync();
        Assert.Equal(2, _world.Upstream.Calls);
    }

    [Fact]
    public async Task A_failure_is_kept_for_a_moment_so_that_not_every_asker_calls()
    {
        _world.Upstream.IsDown = true;
        Assert.Null((await _world.ListAsync()).Projects);
        _world.Upstream.IsDown = false;
        Assert.Null((await _world.ListAsync()).Projects);
        Assert.Equal(1, _world.Upstream.Calls);

        _world.Time.Advance(_world.Options.FreshAtLeast * 2);

        Assert.NotNull((await _world.ListAsync()).Projects);
    }

    [Fact]
    public async Task Nobody_waits_long_for_an_upstream_that_hangs_and_who_comes_later_does_not_wait_at_all()
    {
        var call = _world.Upstream.Pend();
        var first = _world.ListAsync();
        await call.Arrived;
        _world.Time.Advance(_world.Options.UpstreamTimeout);

        Assert.Null((await first).Projects);
        Assert.Null((await _world.ListAsync()).Projects);

        call.Answer();
        await EventuallyAsync(async () => (await _world.ListAsync()).Projects is not null);
        Assert.Equal(1, _world.Upstream.Calls);
    }

    [Fact]
    public async Task One_who_stops_waiting_does_not_end_the_call_of_the_others()
    {
        using var gone = new CancellationTokenSource();
        var call = _world.Upstream.Pend();
        var first = _world.List.GetAsync(gone.Token);
        var second = _world.ListAsync();
        await call.Arrived;

        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        call.Answer();

        Assert.NotNull((await second).Projects);
    }

    [Fact]
    public async Task The_call_runs_away_from_the_circuit_that_asked_first()
    {
        var call = _world.Upstream.Pend();
        SynchronizationContext.SetSynchronizationContext(new SynchronizationContext());
        var asking = _world.ListAsync();
        SynchronizationContext.SetSynchronizationContext(null);
        await call.Arrived;
        call.Answer();
        await asking;

        Assert.Null(call.Context);
    }

    [Fact]
    public async Task A_defect_reaches_who_asked_and_the_next_one_asks_again()
    {
        var call = _world.Upstream.Pend();
        var asking = _world.ListAsync();
        await call.Arrived;
        call.Throw(new InvalidOperationException("defect"));

        await Assert.ThrowsAsync<InvalidOperationException>(() => asking);
        Assert.NotNull((await _world.ListAsync()).Projects);
    }

    [Fact]
    public async Task Disposal_ends_the_call()
    {
        var list = new UpstreamNameList(_world.Upstream, _world.Time, _world.Options);
        var call = _world.Upstream.Pend();
        var asking = list.GetAsync(TestContext.Current.CancellationToken);
        await call.Arrived;

        list.Dispose();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
    }

    /// <summary>What another thread does once it gets its turn.</summary>
    private static async Task EventuallyAsync(Func<Task<bool>> holds)
    {
        while (!await holds())
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
