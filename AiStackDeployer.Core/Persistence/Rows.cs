using System.Text.Json.Serialization;
using AiStackDeployer.Core.Deployments;

namespace AiStackDeployer.Core.Persistence;

/// <summary>One stored line of a deployment's log.</summary>
public sealed class DeploymentEventRow
{
    public required string DeploymentId { get; init; }

    public required long Sequence { get; init; }

    public required DateTimeOffset At { get; init; }

    public required DeploymentEventKind Kind { get; init; }

    public required DeploymentPhase Phase { get; init; }

    public required DeploymentStep Step { get; init; }

    public required int Progress { get; init; }

    public LogCode? Log { get; init; }

    public string? Detail { get; init; }

    public DeploymentFailure? Failure { get; init; }

    internal static DeploymentEventRow From(DeploymentEvent e) => new()
    {
        DeploymentId = e.DeploymentId,
        Sequence = e.Sequence,
        At = e.At,
        Kind = e.Kind,
        Phase = e.Phase,
        Step = e.Step,
        Progress = e.Progress,
        Log = e.Log,
        Detail = e.Detail,
        Failure = e.Failure,
    };

    internal DeploymentEvent ToEvent() => new()
    {
        DeploymentId = DeploymentId,
        Sequence = Sequence,
        At = At,
        Kind = Kind,
        Phase = Phase,
        Step = Step,
        Progress = Progress,
        Log = Log,
        Detail = Detail,
        Failure = Failure,
    };
}

/// <summary>A name that an open form holds until a moment; past it the row means nothing.</summary>
public sealed class NameHoldRow
{
    public required string Name { get; init; }

    public required string HolderId { get; set; }

    public required string OwnerId { get; set; }

    public required DateTimeOffset Until { get; set; }
}

[JsonSourceGenerationOptions(
    UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, RespectRequiredConstructorParameters = false)]
[JsonSerializable(typeof(DeploymentFailure))]
internal sealed partial class PersistenceJsonContext : JsonSerializerContext;
