using AiStackDeployer.Core.People;
using AiStackDeployer.Core.Persistence;
using AiStackDeployer.Tests.TestKit;

namespace AiStackDeployer.Tests.Persistence;

/// <summary>People and their sessions in a real database.</summary>
public abstract class PeopleStoreTests(DatabaseKind kind)
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_session_is_found_by_its_key_with_its_person_and_by_no_other()
    {
        using var database = await TestDatabase.CreateAsync(kind);
        var people = await SignedInAsync(database);

        var found = (await people.FindSessionAsync("hash-usr_1", Start, Token))!;

        Assert.Equal(("ses_usr_1", "usr_1", "Bram"), (found.Session.Id, found.Person.Id, found.Person.Name));
        Assert.Null(await people.FindSessionAsync("hash-usr_2", Start, Token));
        Assert.Null(await people.FindSessionAsync("HASH-USR_1", Start, Token));
        Assert.Null(await people.FindSessionAsync("ses_usr_1", Start, Token));
    }

    /// <summary>In each row: when it was last used and when it is asked for, in hours since its beginning.</summary>
    [Theory]
    [InlineData(0, 7.99, true)]
    [InlineData(0, 8, false)]
    [InlineData(7, 14.99, true)]
    [InlineData(7, 15, false)]
    [InlineData(166, 167.99, true)]
    [InlineData(166, 168, false)]
    public async Task It_is_live_eight_hours_after_its_last_use_and_seven_days_in_all(double usedAt, double askedAt, bool isLive)
    {
        using var database = await TestDatabase.CreateAsync(kind);
        var people = await SignedInAsync(database);
        // A use counts while the session is live, as each one before this did.
        for (var hour = 0d; hour < usedAt; hour += 7)
        {
            await people.SeenAsync("ses_usr_1", Start.AddHours(hour), Token);
        }
        await people.SeenAsync("ses_usr_1", Start.AddHours(usedAt), Token);
        var now = Start.AddHours(askedAt);

        Assert.Equal(isLive, await people.FindSessionAsync("hash-usr_1", now, Token) is not null);
        Assert.Equal(isLive, (await people.FindLiveAsync(["ses_usr_1"], now, Token)).Contains("ses_usr_1"));
        Assert.Equal(isLive ? 1 : 0, (await people.ListSessionsAsync("usr_1", now, Token)).Count);
        Assert.Equal(isLive ? 1 : 0, Assert.Single(await people.ListAsync(null, now, 0, 10, Token)).Sessions);
        Assert.Equal(isLive, await people.EndSessionAsync("usr_1", "ses_usr_1", now, Token));
    }

    [Fact]
    public async Task A_use_does_not_wake_what_is_over()
    {
        using var database = await TestDatabase.CreateAsync(kind);
        var people = await SignedInAsync(database);
        var late = Start + Session.Idle;

        await people.SeenAsync("ses_usr_1", late, Token);

        Assert.Null(await people.FindSessionAsync("hash-usr_1", late, Token));
    }

    [Fact]
    public async Task Only_its_own_person_ends_a_session_and_only_once()
    {
        using var database = await TestDatabase.CreateAsync(kind);
        var people = await SignedInAsync(database);

        Assert.False(await people.EndSessionAsync("usr_2", "ses_usr_1", Start, Token));
        Assert.NotNull(await people.FindSessionAsync("hash-usr_1", Start, Token));
        Assert.True(await people.EndSessionAsync("usr_1", "ses_usr_1", Start, Token));
        Assert.False(await people.EndSessionAsync("usr_1", "ses_usr_1", Start, Token));
        Assert.Null(await people.FindSessionAsync("hash-usr_1", Start, Token));
    }

    [Fact]
    public async Task Another_sign_in_changes_what_is_told_of_the_person_and_nothing_that_is_ours()
    {
        using var database = await TestDatabase.CreateAsync(kind);
        var people = await SignedInAsync(database);
        await people.SetStackLimitAsync("usr_1", 7, Token);
        var session = Made.Session("usr_1", Start);

        await people.SignInAsync(
            Made.Person("usr_1", "Bram de Vries", Role.Admin),
            new Session { Id = "ses_2", KeyHash = "hash-2", PersonId = "usr_1", Role = Role.Admin, CreatedAt = Start, SeenAt = Start, EndsAt = session.EndsAt }, Token);

        var person = (await people.FindAsync("usr_1", Token))!;
        Assert.Equal(("Bram de Vries", Role.Admin, 7), (person.Name, person.Role, person.StackLimit));
        // The session of before keeps the role that it began with.
        Assert.Equal(Role.User, (await people.FindSessionAsync("hash-usr_1", Start, Token))!.Session.Role);
    }

    [Fact]
    public async Task The_same_new_person_in_many_tabs_at_once_is_one_person()
    {
        using var database = await TestDatabase.CreateAsync(kind);
        var people = Open(database);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(n => people.SignInAsync(
            Made.Person("usr_1"),
            new Session { Id = $"ses_{n}", KeyHash = $"hash-{n}", PersonId = "usr_1", Role = Role.User, CreatedAt = Start, SeenAt = Start, EndsAt = Start.AddDays(7) }, Token)));

        Assert.Equal((1, 8), (database.Count("people"), database.Count("sessions")));
    }

    private static PeopleStore Open(TestDatabase database)
    {
        var contexts = database.Open();
        return new PeopleStore(contexts, new StorageMeter(new TestMeters(), contexts, TimeProvider.System));
    }

    private static async Task<PeopleStore> SignedInAsync(TestDatabase database)
    {
        var people = Open(database);
        await people.SignInAsync(Made.Person("usr_1"), Made.Session("usr_1", Start), Token);
        return people;
    }
}

public sealed class PeopleStoreTestsOnSqlite() : PeopleStoreTests(DatabaseKind.Sqlite);

public sealed class PeopleStoreTestsOnPostgres() : PeopleStoreTests(DatabaseKind.Postgres);
