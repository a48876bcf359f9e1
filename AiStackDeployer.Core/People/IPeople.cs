namespace AiStackDeployer.Core.People;

/// <summary>A person as the list of all shows them.</summary>
public sealed record PersonRow(Person Person, int Stacks, int Sessions);

/// <summary>A live session with its person.</summary>
public sealed record SignedIn(Session Session, Person Person);

/// <summary>A live token with its person.</summary>
public sealed record TokenHolder(AccessToken Token, Person Person);

/// <summary>Who signs in, where they are signed in, and the tokens they made.</summary>
/// <exception cref="Deployments.StorageUnavailableException">Any of these: the database cannot be used now.</exception>
public interface IPeople
{
    /// <summary>Somebody signed in: the person, new or as now told of, and their new session.</summary>
    Task SignInAsync(Person person, Session session, CancellationToken cancellationToken);

    /// <summary>Stores a person who does not sign in; one who is known already stays as they are.</summary>
    Task KnowAsync(Person person, CancellationToken cancellationToken);

    Task<Person?> FindAsync(string personId, CancellationToken cancellationToken);

    /// <summary>The names of these people, where they are known.</summary>
    Task<IReadOnlyDictionary<string, string>> NamesAsync(IReadOnlyCollection<string> personIds, CancellationToken cancellationToken);

    /// <summary>Who is more than a user.</summary>
    Task<IReadOnlyDictionary<string, Role>> RolesAsync(CancellationToken cancellationToken);

    /// <summary>People whose name contains this, by name.</summary>
    Task<IReadOnlyList<PersonRow>> ListAsync(string? search, DateTimeOffset now, int skip, int take, CancellationToken cancellationToken);

    /// <summary>False when there is no such person.</summary>
    Task<bool> SetStackLimitAsync(string personId, int? limit, CancellationToken cancellationToken);

    /// <summary>The session whose cookie has this key; null when it is not live.</summary>
    Task<SignedIn?> FindSessionAsync(string keyHash, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Of these sessions, tokens and authorizations of clients, those that are live.</summary>
    Task<IReadOnlySet<string>> FindLiveAsync(IReadOnlyCollection<string> ids, DateTimeOffset now, CancellationToken cancellationToken);

    Task<IReadOnlyList<Session>> ListSessionsAsync(string personId, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Records a use of a session, token or client now; one that has ended stays ended.</summary>
    Task SeenAsync(string id, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>False when this person has no such live session.</summary>
    Task<bool> EndSessionAsync(string personId, string sessionId, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Ends all sessions of a person and revokes all tokens and what clients were allowed.</summary>
    /// <returns>The ids of what was ended.</returns>
    Task<IReadOnlyList<string>> EndAllAsync(string personId, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Removes sessions that were over before this.</summary>
    Task ForgetSessionsAsync(DateTimeOffset before, CancellationToken cancellationToken);

    Task AddTokenAsync(AccessToken token, CancellationToken cancellationToken);

    /// <summary>The token with this hash; null when it is not live.</summary>
    Task<TokenHolder?> FindTokenAsync(string hash, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Newest first; those that are over as well.</summary>
    Task<IReadOnlyList<AccessToken>> ListTokensAsync(string personId, CancellationToken cancellationToken);

    /// <summary>False when this person has no such live token.</summary>
    Task<bool> RevokeTokenAsync(string personId, string tokenId, DateTimeOffset now, CancellationToken cancellationToken);
}
