using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.People;
using AiStackDeployer.Tests.TestKit;
using AiStackDeployer.Web.Security.SignIn;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace AiStackDeployer.Tests.Security.SignIn;

/// <summary>How long a session goes on, and who hears of its end when.</summary>
public sealed class LiveSessionsTests : IDisposable
{
    private const string Key = "the key in the cookie";

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly MemoryPeople _people = new();
    private readonly LiveSessions _live;
    private readonly Session _session;

    public LiveSessionsTests()
    {
        _live = new LiveSessions(_people, _time, NullLogger<LiveSessions>.Instance);
        var made = Made.Session("usr_1", _time.GetUtcNow());
        _session = new Session
        {
            Id = made.Id, KeyHash = LiveSessions.HashOf(Key), PersonId = made.PersonId, Role = made.Role, CreatedAt = made.CreatedAt, SeenAt = made.SeenAt, EndsAt = made.EndsAt,
        };
        _people.People["usr_1"] = Made.Person("usr_1");
        _people.Sessions[_session.Id] = _session;
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static StorageUnavailableException Away => new("away", new IOException());

    public void Dispose() => _live.Dispose();

    [Fact]
    public async Task Unused_for_eight_hours_it_is_over()
    {
        Assert.NotNull(await _live.FindAsync(Key, Token));
        _time.Advance(Session.Idle - TimeSpan.FromSeconds(1));
        Assert.NotNull(await _live.FindAsync(Key, Token));
        // That was a use.
        _time.Advance(Session.Idle - TimeSpan.FromSeconds(1));
        Assert.NotNull(await _live.FindAsync(Key, Token));
        _time.Advance(Session.Idle);

        Assert.Null(await _live.FindAsync(Key, Token));
    }

    [Fact]
    public async Task After_seven_days_it_is_over_however_much_it_is_used()
    {
        var end = _time.GetUtcNow() + TimeSpan.FromDays(7);
        while (_time.GetUtcNow() + TimeSpan.FromHours(7) < end)
        {
            _time.Advance(TimeSpan.FromHours(7));
            Assert.NotNull(await _live.FindAsync(Key, Token));
        }
        _time.Advance(end - _time.GetUtcNow());

        Assert.Null(await _live.FindAsync(Key, Token));
        Assert.False(await _live.IsLiveAsync(_session.Id, Token));
    }

    [Fact]
    public async Task One_that_another_portal_ended_is_nobodys_after_five_seconds()
    {
        await _live.FindAsync(Key, Token);
        Assert.True(await _live.IsLiveAsync(_session.Id, Token));
        _session.EndedAt = _time.GetUtcNow();
        _time.Advance(TimeSpan.FromSeconds(5) + TimeSpan.FromMilliseconds(1));

        Assert.False(await _live.IsLiveAsync(_session.Id, Token));
        Assert.Null(await _live.FindAsync(Key, Token));
    }

    [Fact]
    public async Task One_that_was_ended_here_is_nobodys_at_once()
    {
        await _live.FindAsync(Key, Token);
        _session.EndedAt = _time.GetUtcNow();
        _live.End(_session.Id);

        Assert.False(await _live.IsLiveAsync(_session.Id, Token));
        Assert.Null(await _live.FindAsync(Key, Token));
    }

    [Fact]
    public async Task What_is_open_hears_once_of_an_end_elsewhere_and_what_was_closed_does_not()
    {
        var (open, closed) = (0, 0);
        using var watch = _live.OnEnd(_session.Id, () => open++);
        _live.OnEnd(_session.Id, () => closed++).Dispose();
        await _live.LookAsync(Token);
        Assert.Equal(0, open);

        _session.EndedAt = _time.GetUtcNow();
        await _live.LookAsync(Token);
        await _live.LookAsync(Token);

        Assert.Equal((1, 0), (open, closed));
    }

    [Fact]
    public async Task Requests_in_quick_succession_are_one_question()
    {
        await _live.FindAsync(Key, Token);
        var before = _people.Reads;
        for (var i = 0; i < 100; i++)
        {
            await _live.FindAsync(Key, Token);
            await _live.IsLiveAsync(_session.Id, Token);
        }

        Assert.Equal(before, _people.Reads);
    }

    [Fact]
    public async Task While_the_database_is_away_who_is_known_goes_on_and_others_do_not()
    {
        await _live.FindAsync(Key, Token);
        _people.Trouble = Away;
        _time.Advance(TimeSpan.FromHours(1));

        Assert.NotNull(await _live.FindAsync(Key, Token));
        await Assert.ThrowsAsync<StorageUnavailableException>(() => _live.FindAsync("another key", Token));
    }

    [Fact]
    public async Task While_the_database_is_away_a_session_still_ends_in_its_time()
    {
        _time.Advance(Session.Longest - TimeSpan.FromHours(1));
        _session.SeenAt = _time.GetUtcNow();
        Assert.NotNull(await _live.FindAsync(Key, Token));
        _people.Trouble = Away;
        _time.Advance(TimeSpan.FromHours(2));

        await Assert.ThrowsAsync<StorageUnavailableException>(() => _live.FindAsync(Key, Token));
    }
}
