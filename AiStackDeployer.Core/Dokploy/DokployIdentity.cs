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

    /// <summary>The member's flag; owners and admins see Docker whatever it says.</summary>
    public bool CanAccessToDocker { get; init; }

    /// <summary>Whether swarm tasks and services may be read with this key.</summary>
    [JsonIgnore]
    public bool MaySeeDocker => Role is DokployRole.Owner or DokployRole.Admin || CanAccessToDocker;
}
