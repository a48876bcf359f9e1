namespace AiStackDeployer.Core.People;

/// <summary>A personal access token, with which a script acts for a person.</summary>
public sealed class AccessToken
{
    /// <summary><c>tok_…</c>: names it to people and in the audit log; opens nothing.</summary>
    public required string Id { get; init; }

    public required string PersonId { get; init; }

    /// <summary>What its person calls it.</summary>
    public required string Name { get; init; }

    /// <summary>SHA-256 of the whole token, hexadecimal. The token is random, so nothing slower is needed.</summary>
    public required string Hash { get; init; }

    public required Scopes Scopes { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset EndsAt { get; init; }

    /// <summary>To some minutes; null = never used.</summary>
    public DateTimeOffset? UsedAt { get; set; }

    public DateTimeOffset? RevokedAt { get; set; }

    public bool IsLive(DateTimeOffset now) => RevokedAt is null && now < EndsAt;
}
