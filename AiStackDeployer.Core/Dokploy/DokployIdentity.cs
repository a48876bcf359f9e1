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
internal sealed record DokployIdentity
{
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
internal sealed record DokployUser
{
    /// <summary>All keys of this person. Dokploy says neither which of them is in use nor anything about limits.</summary>
    public IReadOnlyList<DokployKeySummary>? ApiKeys { get; init; }
}

internal sealed record DokployKeySummary
{
    public bool Enabled { get; init; }

    /// <summary>Null = never.</summary>
    [JsonConverter(typeof(TolerantTimeConverter))]
    public DateTimeOffset? ExpiresAt { get; init; }
}
