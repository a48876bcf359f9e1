namespace AiStackDeployer.Core.Dokploy;

// Bodies as they go over the wire. Every member is always written, null included: which ones Dokploy requires has
// changed between versions, and an unknown member is ignored.
internal sealed record CreateProjectBody(string Name, string? Description);

internal sealed record ProjectIdBody(string ProjectId);

internal sealed record CreateApplicationBody(string Name, string AppName, string? Description, string EnvironmentId, string SourceType);

internal sealed record ApplicationIdBody(string ApplicationId);

/// <summary>Memory is a text of bytes and cpu a text of nano-cores; a JSON number is refused, "128m" taken for 128 bytes.</summary>
internal sealed record UpdateApplicationBody
{
    public required string ApplicationId { get; init; }

    public required string SourceType { get; init; }

    public required string DockerImage { get; init; }

    public required string? Username { get; init; }

    public required string? Password { get; init; }

    public required string? RegistryUrl { get; init; }

    public required string Env { get; init; }

    public required string? MemoryLimit { get; init; }

    public required string? MemoryReservation { get; init; }

    public required string? CpuLimit { get; init; }

    public required string? CpuReservation { get; init; }

    public required int Replicas { get; init; }
}

internal sealed record DeployBody(string ApplicationId, string Title, string Description);

internal sealed record CreateDomainBody(
    string Host, string ApplicationId, string DomainType, int Port, string Path, bool Https, string CertificateType);

internal sealed record UpdateDomainBody(string DomainId, string Host, int Port, string Path, bool Https, string CertificateType);

internal sealed record DomainIdBody(string DomainId);

internal sealed record CreateMountBody(string Type, string VolumeName, string MountPath, string ServiceType, string ServiceId);

internal sealed record MountIdBody(string MountId);
