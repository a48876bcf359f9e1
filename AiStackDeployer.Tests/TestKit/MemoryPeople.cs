using System.Collections.Concurrent;
using AiStackDeployer.Core.People;

namespace AiStackDeployer.Tests.TestKit;

/// <summary>People, sessions and tokens in memory, for tests below the database.</summary>
internal sealed class MemoryPeople : IPeople
{
    public ConcurrentDictionary<string, Person> People { get; } = [];

    public ConcurrentDictionary<string, Session> Sessions { get; } = [];

    public ConcurrentDictionary<string, AccessToken> Tokens { get; } = [];

    /// <summary>How often the database was asked.</summary>
    public int Reads { get; private set; }

    /// <summary>Thrown instead of an answer.</summary>
    public Exception? Trouble { get; set; }

    public Task SignInAsync(Person person, Session session, CancellationToken cancellationToken)
    {
        People[person.Id] = person;
        Sessions[session.Id] = session;
        return Task.CompletedTask;
    }

    public Task KnowAsync(Person person, CancellationToken cancellationToken) => Read(() => People.TryAdd(person.Id, person));

    public Task<Person?> FindAsync(string personId, CancellationToken cancellationToken) => Read(() => People.GetValueOrDefault(personId));

    public Task<IReadOnlyDictionary<string, string>> NamesAsync(IReadOnlyCollection<string> personIds, CancellationToken cancellationToken) =>
        Read<IReadOnlyDictionary<string, string>>(() => People.Values.Where(p => personIds.Contains(p.Id)).ToDictionary(p => p.Id, p => p.Name));

    public Task<IReadOnlyDictionary<string, Role>> RolesAsync(CancellationToken cancellationToken) =>
        Read<IReadOnlyDictionary<string, Role>>(() => People.Values.Where(p => p.Role != Role.User).ToDictionary(p => p.Id, p => p.Role));

    public Task<IReadOnlyList<PersonRow>> ListAsync(string? search, DateTimeOffset now, int skip, int take, CancellationToken cancellationToken) =>
        Read<IReadOnlyList<PersonRow>>(() =>
            [.. People.Values.Where(p => p.Name.Contains(search ?? "", StringComparison.OrdinalIgnoreCase)).OrderBy(p => p.Name).Skip(skip).Take(take)
                .Select(p => new PersonRow(p, 0, Sessions.Values.Count(s => s.PersonId == p.Id && s.IsLive(now))))]);

    public Task<bool> SetStackLimitAsync(string personId, int? limit, CancellationToken cancellationToken) => Read(() =>
    {
        if (!People.TryGetValue(personId, out var person))
        {
            return false;
        }
        person.StackLimit = limit;
        return true;
    });

    public Task<SignedIn?> FindSessionAsync(string keyHash, DateTimeOffset now, CancellationToken cancellationToken) => Read(() =>
        Sessions.Values.FirstOrDefault(s => s.KeyHash == keyHash && s.IsLive(now)) is { } found ? new SignedIn(found, People[found.PersonId]) : null);

    public Task<IReadOnlySet<string>> FindLiveAsync(IReadOnlyCollection<string> ids, DateTimeOffset now, CancellationToken cancellationToken) =>
        Read<IReadOnlySet<string>>(() => Sessions.Values.Where(s => s.IsLive(now)).Select(s => s.Id)
            .Concat(Tokens.Values.Where(t => t.IsLive(now)).Select(t => t.Id)).Where(ids.Contains).ToHashSet());

    public Task<IReadOnlyList<Session>> ListSessionsAsync(string personId, DateTimeOffset now, CancellationToken cancellationToken) =>
        Read<IReadOnlyList<Session>>(() => [.. Sessions.Values.Where(s => s.PersonId == personId && s.IsLive(now))]);

    public Task SeenAsync(string id, DateTimeOffset now, CancellationToken cancellationToken) => Read(() =>
    {
        if (Sessions.TryGetValue(id, out var session))
        {
            session.SeenAt = now;
        }
        if (Tokens.TryGetValue(id, out var token))
        {
            token.UsedAt = now;
        }
        return true;
    });

    public Task<bool> EndSessionAsync(string personId, string sessionId, DateTimeOffset now, CancellationToken cancellationToken) => Read(() =>
    {
        if (!Sessions.TryGetValue(sessionId, out var session) || session.PersonId != personId || !session.IsLive(now))
        {
            return false;
        }
        session.EndedAt = now;
        return true;
    });

    public Task<IReadOnlyList<string>> EndAllAsync(string personId, DateTimeOffset now, CancellationToken cancellationToken) =>
        Read<IReadOnlyList<string>>(() =>
        {
            var sessions = Sessions.Values.Where(s => s.PersonId == personId && s.IsLive(now)).ToList();
            var tokens = Tokens.Values.Where(t => t.PersonId == personId && t.IsLive(now)).ToList();
            sessions.ForEach(s => s.EndedAt = now);
            tokens.ForEach(t => t.RevokedAt = now);
            return [.. sessions.Select(s => s.Id), .. tokens.Select(t => t.Id)];
        });

    public Task ForgetSessionsAsync(DateTimeOffset before, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task AddTokenAsync(AccessToken token, CancellationToken cancellationToken) => Read(() => Tokens[token.Id] = token);

    public Task<TokenHolder?> FindTokenAsync(string hash, DateTimeOffset now, CancellationToken cancellationToken) => Read(() =>
        Tokens.Values.FirstOrDefault(t => t.Hash == hash && t.IsLive(now)) is { } found ? new TokenHolder(found, People[found.PersonId]) : null);

    public Task<IReadOnlyList<AccessToken>> ListTokensAsync(string personId, CancellationToken cancellationToken) =>
        Read<IReadOnlyList<AccessToken>>(() => [.. Tokens.Values.Where(t => t.PersonId == personId)]);

    public Task<bool> RevokeTokenAsync(string personId, string tokenId, DateTimeOffset now, CancellationToken cancellationToken) => Read(() =>
    {
        if (!Tokens.TryGetValue(tokenId, out var token) || token.PersonId != personId || !token.IsLive(now))
        {
            return false;
        }
        token.RevokedAt = now;
        return true;
    });

    private Task<T> Read<T>(Func<T> answer)
    {
        Reads++;
        return Trouble is null ? Task.FromResult(answer()) : Task.FromException<T>(Trouble);
    }
}
