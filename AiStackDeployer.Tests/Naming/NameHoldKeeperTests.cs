using System.Threading.Channels;
using AiStackDeployer.Core.Naming;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiStackDeployer.Tests.Naming;

public sealed class NameHoldKeeperTests : IAsyncDisposable
{
    private static readonly TimeSpan Renewal = TimeSpan.FromSeconds(40);

    private readonly NamingWorld _world = new();
    private readonly Channel<NameAvailability> _changes = Channel.CreateUnbounded<NameAvailability>();
    private readonly NameHoldKeeper _keeper;

    public NameHoldKeeperTests() => _keeper = new NameHoldKeeper(
        _world.Service,
        _world.Register,
        NamingWorld.Me,
        _world.Time,
        _world.Options,
        change => _changes.Writer.WriteAsync(change, CancellationToken.None).AsTask(),
        NullLogger<NameHoldKeeper>.Instance);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private IReadOnlyList<string> Held => _world.Register.HeldBy("form-1", _world.Now);

    public async ValueTask DisposeAsync()
    {
        await _keeper.DisposeAsync();
        await _world.DisposeAsync();
    }

    private async Task<NameAvailability> NextChangeAsync()
    {
        _world.Time.Advance(Renewal);
        return await _changes.Reader.ReadAsync(Ct);
    }

    [Fact]
    public async Task A_free_name_stays_held_as_long_as_the_form_is_open_and_each_renewal_is_told()
    {
        Assert.IsType<NameAvailability.Available>(await _keeper.CheckAsync("design", Ct));

        for (var renewal = 0; renewal < 15; renewal++)
        {
            var told = Assert.IsType<NameAvailability.Available>(await NextChangeAsync());
            Assert.Equal(_world.Now.AddMinutes(2), told.Hold?.Until);
        }

        Assert.Equal(["design"], Held);
        Assert.Single(_world.Upstream.Calls);
    }

    [Fact]
    public async Task Disposal_lets_go_and_nothing_runs_any_more()
    {
        await _keeper.CheckAsync("design", Ct);

        await _keeper.DisposeAsync();
        var writes = _world.Register.Writes;
        _world.Time.Advance(TimeSpan.FromMinutes(10));

        Assert.Equal(["hold design", "release form-1"], writes);
        Assert.Equal(writes, _world.Register.Writes);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => _keeper.CheckAsync("design", Ct));
    }

    [Fact]
    public async Task Another_name_takes_the_place_of_the_first()
    {
        await _keeper.CheckAsync("design", Ct);
        await _keeper.CheckAsync("finance", Ct);

        Assert.Equal(["finance"], Held);
        Assert.Equal("finance", Assert.IsType<NameAvailability.Available>(await NextChangeAsync()).Name.Value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("admin")]
    [InlineData("taken")]
    public async Task Text_that_cannot_be_had_lets_go_of_the_name_before(string typed)
    {
        _world.Register.Claim("taken", "other");
        await _keeper.CheckAsync("design", Ct);

        await _keeper.CheckAsync(typed, Ct);

        Assert.Empty(Held);
    }

    [Fact]
    public async Task Text_that_cannot_be_had_writes_nothing_when_nothing_was_held()
    {
        await _keeper.CheckAsync("d", Ct);
        await _keeper.CheckAsync("-", Ct);
        await _keeper.DisposeAsync();

        Assert.Empty(_world.Register.Writes);
    }

    [Fact]
    public async Task A_hold_lost_to_somebody_else_is_told_once_and_not_fought_for()
    {
        await _keeper.CheckAsync("design", Ct);
        _world.Register.Hold("design", NamingWorld.Other, _world.Now.AddHours(1));

        Assert.IsType<NameAvailability.BeingChosen>(await NextChangeAsync());
        _world.Time.Advance(Renewal);
        await _keeper.DisposeAsync();

        Assert.False(_changes.Reader.TryRead(out _));
        Assert.Equal(["design"], _world.Register.HeldBy("form-9", _world.Now));
    }

    [Fact]
    public async Task A_renewal_that_fails_is_tried_again()
    {
        await _keeper.CheckAsync("design", Ct);
        var failed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _world.Register.BeforeNextHold = () =>
        {
            failed.SetResult();
            throw new IOException("database is locked");
        };

        _world.Time.Advance(Renewal);
        await failed.Task.WaitAsync(Ct);

        Assert.IsType<NameAvailability.Available>(await NextChangeAsync());
        Assert.Equal(["design"], Held);
    }

    [Fact]
    public async Task A_name_held_while_upstream_was_silent_is_asked_about_again()
    {
        _world.Upstream.IsDown = true;
        Assert.IsType<NameAvailability.UpstreamUnreachable>(await _keeper.CheckAsync("design", Ct));
        Assert.IsType<NameAvailability.UpstreamUnreachable>(await NextChangeAsync());

        _world.Upstream.IsDown = false;
        _world.Upstream.Taken.Add("design");

        Assert.IsType<NameAvailability.TakenByOther>(await NextChangeAsync());
        Assert.Empty(Held);
    }

    [Fact]
    public async Task A_hold_taken_for_a_question_that_was_cancelled_is_let_go_too()
    {
        _world.Register.AfterNextHold = () => throw new OperationCanceledException();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _keeper.CheckAsync("design", Ct));
        Assert.Equal(["design"], Held);

        await _keeper.CheckAsync("x", Ct);

        Assert.Empty(Held);
    }

    [Fact]
    public async Task Handing_over_to_a_submit_keeps_the_hold_and_stops_renewing_it()
    {
        await _keeper.CheckAsync("design", Ct);

        await _keeper.HandOverAsync(Ct);
        _world.Register.Claim("design", "me");
        Assert.Equal(["design"], Held);
        _world.Time.Advance(Renewal);
        await _keeper.DisposeAsync();

        Assert.False(_changes.Reader.TryRead(out _));
        Assert.Equal(["hold design", "release form-1"], _world.Register.Writes);
    }

    [Fact]
    public async Task A_lost_connection_lets_go_at_once_and_the_next_question_holds_again()
    {
        await _keeper.CheckAsync("design", Ct);
        await _keeper.LetGoAsync(Ct);
        Assert.Empty(Held);

        await _keeper.CheckAsync("design", Ct);

        Assert.Equal(["design"], Held);
        Assert.IsType<NameAvailability.Available>(await NextChangeAsync());
    }

    [Fact]
    public async Task A_register_that_is_down_does_not_fail_the_teardown_of_a_page()
    {
        var failing = new NameHoldKeeper(
            _world.Service, new ReleaseFails(_world.Register), NamingWorld.Me, _world.Time, _world.Options,
            _ => Task.CompletedTask, NullLogger<NameHoldKeeper>.Instance);
        await failing.CheckAsync("design", Ct);

        await failing.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => failing.CheckAsync("design", Ct));
    }

    private sealed class ReleaseFails(INameRegister inner) : INameRegister
    {
        public Task<NameStanding> GetStandingAsync(StackName name, DateTimeOffset now, CancellationToken cancellationToken) =>
            inner.GetStandingAsync(name, now, cancellationToken);

        public Task<IReadOnlySet<StackName>> FindOccupiedAsync(IReadOnlyCollection<StackName> names, DateTimeOffset now, CancellationToken cancellationToken) =>
            inner.FindOccupiedAsync(names, now, cancellationToken);

        public Task<HoldResult> TryHoldAsync(StackName name, NameHolder holder, DateTimeOffset now, DateTimeOffset until, CancellationToken cancellationToken) =>
            inner.TryHoldAsync(name, holder, now, until, cancellationToken);

        public Task ReleaseAsync(string holderId, CancellationToken cancellationToken) => throw new IOException("disk full");
    }
}
