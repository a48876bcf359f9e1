using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace AiStackDeployer.Core.Dokploy;

/// <summary>State of the last job Dokploy ran for an application. It says nothing about the container.</summary>
internal enum DokployApplicationStatus
{
    Unknown,

    /// <summary>Never deployed, or stopped, or Dokploy restarted while the job ran.</summary>
    Idle,

    /// <summary>A job is running. A job that still waits in the queue does not show here.</summary>
    Running,

    /// <summary>The service was handed to the swarm; crash loops and rolled-back updates end here too.</summary>
    Done,

    /// <summary>The job failed before the service was made or changed; an earlier version keeps serving.</summary>
    Error,
}

/// <summary>
/// An application with its deployments, domains and mounts. Dokploy also answers with the environment and the registry
/// password in clear; these are not read.
/// </summary>
internal sealed record DokployApplication
{
    public required string ApplicationId { get; init; }

    public required string Name { get; init; }

    /// <summary>The swarm service's name: the asked-for one, lower-cased, plus a hyphen and six random characters.</summary>
    public required string AppName { get; init; }

    public string? Description { get; init; }

    public string? EnvironmentId { get; init; }

    [JsonConverter(typeof(TolerantEnumConverter<DokployApplicationStatus>))]
    public DokployApplicationStatus ApplicationStatus { get; init; }

    /// <summary>The configured image; after a rollback the swarm runs another.</summary>
    public string? DockerImage { get; init; }

    public int? Replicas { get; init; }

    /// <summary>Unsorted; about ten of the newest.</summary>
    [AllowNull]
    public IReadOnlyList<DokployDeployment> Deployments { get => field ?? []; init; }

    [AllowNull]
    public IReadOnlyList<DokployDomain> Domains { get => field ?? []; init; }

    [AllowNull]
    public IReadOnlyList<DokployMount> Mounts { get => field ?? []; init; }
}

/// <summary>All that one <c>application.update</c> sets. What is null is cleared.</summary>
internal sealed record ApplicationSettings
{
    public required string Image { get; init; }

    /// <summary>Registry host for the login below, or null for a public image.</summary>
    public string? RegistryUrl { get; init; }

    public string? RegistryUsername { get; init; }

    public string? RegistryPassword { get; init; }

    /// <summary>Dotenv text as <see cref="DotEnv.Format"/> writes it.</summary>
    public string Env { get; init; } = "";

    /// <summary>Bytes.</summary>
    public long? MemoryLimit { get; init; }

    /// <summary>Bytes.</summary>
    public long? MemoryReservation { get; init; }

    /// <summary>Cores; 0.5 is half of one.</summary>
    public decimal? CpuLimit { get; init; }

    /// <summary>Cores.</summary>
    public decimal? CpuReservation { get; init; }

    public int Replicas { get; init; } = 1;

    /// <summary>Without environment and registry login.</summary>
    public override string ToString() => $"ApplicationSettings {{ Image = {Image}, Replicas = {Replicas} }}";
}
