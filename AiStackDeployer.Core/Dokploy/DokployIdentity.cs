using System.Text.Json.Serialization;

namespace AiStackDeployer.Core.Dokploy;

public enum DokployRole
{
    Unknown,
    Owner,
    Admin,
    Member,
}

/// <summary>Whose key this is (<c>user.get</c>).</summary>
public sealed record DokployIdentity
{
    public string? UserId { get; init; }

    public string? OrganizationId { get; init; }

    [JsonConverter(typeof(TolerantEnumConverter<DokployRole>))]
    public DokployRole Role { get; init; }

    // Flags count for members only; owners and admins have every right whatever these say.
    public bool CanCreateProjects { get; init; }

    public bool CanCreateServices { get; init; }

    public bool CanDeleteProjects { get; init; }

    public bool CanDeleteServices { get; init; }

    public bool CanAccessToDocker { get; init; }

    public DokployUser? User { get; init; }
}

/// <summary>The person behind a membership.</summary>
public sealed record DokployUser
{
    /// <summary>All keys of this person. Which of them is being used is not told, nor anything about limits.</summary>
    public IReadOnlyList<DokployKeySummary>? ApiKeys { get; init; }
}

public sealed record DokployKeySummary
{
    public bool Enabled { get; init; }

    /// <summary>Null = never.</summary>
    [JsonConverter(typeof(TolerantTimeConverter))]
    public DateTimeOffset? ExpiresAt { get; init; }
}
