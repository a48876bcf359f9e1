using System.Text.Json.Serialization;

namespace AiStackDeployer.Core.Dokploy;

public enum DokployCertificateType
{
    Unknown,

    /// <summary>Dokploy asks for no certificate; the proxy answers with what it has, such as a wildcard.</summary>
    None,
    LetsEncrypt,
    Custom,
}

/// <summary>A route from a host name to an application's port. The same host may exist twice.</summary>
internal sealed record DokployDomain
{
    public required string DomainId { get; init; }

    public required string Host { get; init; }

    public bool Https { get; init; }

    public int? Port { get; init; }

    public string? Path { get; init; }

    [JsonConverter(typeof(TolerantEnumConverter<DokployCertificateType>))]
    public DokployCertificateType CertificateType { get; init; }

    public string? ApplicationId { get; init; }

    /// <summary>Null before v0.30.0, where a domain could not be switched off.</summary>
    public bool? Enabled { get; init; }

    public bool IsOf(string host) => string.Equals(Host, host, StringComparison.OrdinalIgnoreCase);
}

/// <summary>
/// What a domain shall be. Every member is always sent: Dokploy's own defaults are port 3000 and, with
/// <c>https</c> on, no certificate.
/// </summary>
internal sealed record DomainSettings
{
    /// <summary>Host name after RFC 1123: no scheme, no wildcard, no underscore.</summary>
    public required string Host { get; init; }

    /// <summary>Port of the container, 1-65535.</summary>
    public required int Port { get; init; }

    public required bool Https { get; init; }

    public DokployCertificateType CertificateType { get; init; } = DokployCertificateType.None;

    public string Path { get; init; } = "/";
}

internal enum DokployMountType
{
    Unknown,
    Bind,
    Volume,
    File,
}

internal sealed record DokployMount
{
    public required string MountId { get; init; }

    [JsonConverter(typeof(TolerantEnumConverter<DokployMountType>))]
    public DokployMountType Type { get; init; }

    public string? VolumeName { get; init; }

    /// <summary>Absolute path inside the container.</summary>
    public required string MountPath { get; init; }

    /// <summary>Null for a mount that is attached to nothing.</summary>
    public string? ApplicationId { get; init; }
}
