using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace AiStackDeployer.DokployEmulator.World;

internal sealed class ProjectRow
{
    public required string ProjectId { get; init; }
    public required string Name { get; set; }
    public string? Description { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required string OrganizationId { get; init; }
    public string Env { get; set; } = "";
}

internal sealed class EnvironmentRow
{
    public required string EnvironmentId { get; init; }
    public required string Name { get; init; }
    public string? Description { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public string Env { get; set; } = "";
    public required string ProjectId { get; init; }
    public required bool IsDefault { get; init; }
}

/// <summary>A service that is no application; only its row, as far as the lists of a project show it.</summary>
internal sealed class OtherServiceRow
{
    /// <summary>compose, libsql, mariadb, mongo, mysql, postgres or redis.</summary>
    public required string Kind { get; init; }
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required string EnvironmentId { get; init; }
}

/// <summary>An application keeps all of its ~100 columns as JSON; the few the emulator acts on have a name here.</summary>
internal sealed class ApplicationRow
{
    public required JsonObject Columns { get; init; }

    [JsonIgnore] public string ApplicationId => Text("applicationId")!;
    [JsonIgnore] public string Name => Text("name")!;
    [JsonIgnore] public string AppName => Text("appName")!;
    [JsonIgnore] public string EnvironmentId => Text("environmentId")!;
    [JsonIgnore] public string? Env => Text("env");
    [JsonIgnore] public string? DockerImage => Text("dockerImage");
    [JsonIgnore] public string SourceType => Text("sourceType")!;
    [JsonIgnore] public int Replicas => Columns["replicas"]?.GetValue<int>() ?? 1;

    /// <summary>idle, running, done or error.</summary>
    [JsonIgnore]
    public string Status
    {
        get => Text("applicationStatus")!;
        set => Columns["applicationStatus"] = value;
    }

    public string? Text(string column) => Columns[column]?.GetValue<string>();
}

internal sealed class DomainRow
{
    public required string DomainId { get; init; }
    public required string Host { get; set; }
    public bool Https { get; set; }
    public int Port { get; set; } = 3000;
    public string? CustomEntrypoint { get; set; }
    public string? Path { get; set; } = "/";
    public string? ServiceName { get; set; }
    public string DomainType { get; set; } = "application";
    public required int UniqueConfigKey { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public string? ComposeId { get; set; }
    public string? CustomCertResolver { get; set; }
    public string? ApplicationId { get; init; }
    public string? PreviewDeploymentId { get; set; }
    public string CertificateType { get; set; } = "none";
    public string? InternalPath { get; set; } = "/";
    public bool StripPath { get; set; }
    public List<string> Middlewares { get; set; } = [];
    public bool ForwardAuthEnabled { get; set; }
    public bool Enabled { get; set; } = true;
}

internal sealed class MountRow
{
    public required string MountId { get; init; }
    public required string Type { get; init; }
    public string? HostPath { get; init; }
    public string? VolumeName { get; init; }
    public string? FilePath { get; init; }
    public string? Content { get; init; }
    public string ServiceType { get; init; } = "application";
    public required string MountPath { get; init; }
    public string? ApplicationId { get; init; }
}

/// <summary>A line of a deployment's log and the moment it is written.</summary>
internal sealed record LogLine(DateTimeOffset At, string Text);

internal sealed class DeploymentRow
{
    public required string DeploymentId { get; init; }
    public required string Title { get; init; }
    public required string Description { get; init; }

    /// <summary>running, done, error or cancelled.</summary>
    public string Status { get; set; } = "running";
    public required string LogPath { get; init; }
    public required string ApplicationId { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? FinishedAt { get; set; }

    /// <summary>All lines of the job, including those its clock has not reached yet.</summary>
    public List<LogLine> Log { get; init; } = [];
}

/// <summary>
/// One file of Traefik's dynamic directory. It is written from the domains of an application and, unlike them,
/// outlives a <c>project.remove</c>.
/// </summary>
internal sealed class TraefikRow
{
    public required string AppName { get; init; }
    public List<TraefikRoute> Routes { get; set; } = [];
}

internal sealed record TraefikRoute(string Host, string Path, int Port);

/// <summary>A status an application will take when a blocking stop or start has converged.</summary>
internal sealed record PendingStatus(DateTimeOffset At, string ApplicationId, string Status);

internal sealed class ApiKeyRow
{
    public required string Id { get; init; }
    public required string Key { get; init; }
    public required string Name { get; init; }
    public required string UserId { get; init; }

    /// <summary>owner, admin or member. A member of the emulator has no permission at all.</summary>
    public string Role { get; init; } = "owner";

    /// <summary>Null = made without an organization: every call is refused.</summary>
    public string? OrganizationId { get; init; }
    public bool Enabled { get; set; } = true;
    public bool RateLimitEnabled { get; init; } = true;
    public long RateLimitTimeWindow { get; init; } = 86_400_000;
    public int RateLimitMax { get; init; } = 10;
    public int RequestCount { get; set; }
    public int? Remaining { get; set; }
    public DateTimeOffset? LastRequest { get; set; }
    public DateTimeOffset? ExpiresAt { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
}
