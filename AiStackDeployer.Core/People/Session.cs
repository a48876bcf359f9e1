namespace AiStackDeployer.Core.People;

/// <summary>One browser in which somebody is signed in.</summary>
public sealed class Session
{
    /// <summary>Without a request or a press for so long, it is over.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromHours(8);

    /// <summary>It is over after this, whatever happens in it.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(7);

    /// <summary><c>ses_…</c>: names it to people and in the audit log; opens nothing.</summary>
    public required string Id { get; init; }

    /// <summary>SHA-256 of the key in the cookie, hexadecimal: who reads the database cannot sign in with what is there.</summary>
    public required string KeyHash { get; init; }

    public required string PersonId { get; init; }

    /// <summary>For as long as the session lasts: another role needs another sign-in.</summary>
    public required Role Role { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The last request or press, to some minutes.</summary>
    public required DateTimeOffset SeenAt { get; set; }

    public required DateTimeOffset EndsAt { get; init; }

    /// <summary>When somebody ended it; null = nobody did.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>From where it was begun.</summary>
    public string? Address { get; init; }

    /// <summary>The browser, as it calls itself.</summary>
    public string? Browser { get; init; }

    public bool IsLive(DateTimeOffset now) => EndedAt is null && now < EndsAt && now - SeenAt < Idle;
}
