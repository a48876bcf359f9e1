using System.Text.Json.Serialization;

namespace AiStackDeployer.Web.Api;

public sealed record HealthAnswer(string Status, DateTimeOffset Timestamp, string Version, string Service, int ActiveDeployments);

/// <param name="Status">ready or not-ready.</param>
/// <param name="Checks">The same for each thing the answer rests on, by its name.</param>
public sealed record ProbeAnswer(string Status, IReadOnlyDictionary<string, string> Checks);

/// <param name="Name">As typed; trimmed and lower-cased by the portal.</param>
public sealed record DeployRequest(string? Name);

/// <param name="Credentials">The one place in which an answer holds the password: its receiver made the stack.</param>
public sealed record DeployAnswer(string DeploymentId, string Url, string StatusEndpoint, CredentialsAnswer? Credentials);

public sealed record CredentialsAnswer(string Username, string Password)
{
    public override string ToString() => $"{Username}:***";
}

/// <param name="Error">A sentence in the caller's language (Accept-Language nl or en); absent when the name can be had.</param>
/// <param name="Code">Stable, to be switched on; absent when the name can be had.</param>
public sealed record CheckAnswer(
    bool Available, bool Valid, string Name, string? Error, string? Code, IReadOnlyList<string>? Suggestions);

/// <summary>A deployment as JSON, and as the data of each progress, complete and error event.</summary>
public sealed record StatusAnswer
{
    public required string DeploymentId { get; init; }

    public required string Name { get; init; }

    public required string Url { get; init; }

    public string? TerminalUrl { get; init; }

    /// <summary>What is done to the stack: deploy or delete.</summary>
    public required string Kind { get; init; }

    /// <summary>initializing, creating_project, creating_application, deploying, deleting, completed, failed or cancelled.</summary>
    public required string Status { get; init; }

    /// <summary>0-100, never lower than before; 100 only when completed.</summary>
    public required int Progress { get; init; }

    /// <summary>A sentence.</summary>
    public required string CurrentStep { get; init; }

    public int? PlaceInLine { get; init; }

    public int? PlaceInDokploy { get; init; }

    public IReadOnlyList<StepAnswer>? Steps { get; init; }

    public StatusError? Error { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    public bool? TerminalAnswers { get; init; }

    /// <summary>Of a deletion: the named volumes that stay on the server; absent when there are none.</summary>
    public IReadOnlyList<string>? KeptVolumes { get; init; }

    /// <summary>When the stack was gone; absent while it is not.</summary>
    public DateTimeOffset? StackDeletedAt { get; init; }

    public string? TraceId { get; init; }
}

/// <param name="Outcome">pending, running, done, failed or skipped.</param>
public sealed record StepAnswer(string Step, string Outcome, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt);

public sealed record StatusError(
    string Code, string Message, string? Remedy, string? Step, IReadOnlyList<string>? Log, IReadOnlyList<string>? LeftBehind);

/// <summary>The data of a log event.</summary>
public sealed record LogAnswer(DateTimeOffset At, string Message);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(HealthAnswer))]
[JsonSerializable(typeof(ProbeAnswer))]
[JsonSerializable(typeof(DeployRequest))]
[JsonSerializable(typeof(DeployAnswer))]
[JsonSerializable(typeof(CheckAnswer))]
[JsonSerializable(typeof(StatusAnswer))]
[JsonSerializable(typeof(LogAnswer))]
[JsonSerializable(typeof(ConnectionsAnswer))]
[JsonSerializable(typeof(DnsAnswer))]
[JsonSerializable(typeof(DnsRepairAnswer))]
internal sealed partial class ApiJsonContext : JsonSerializerContext;
