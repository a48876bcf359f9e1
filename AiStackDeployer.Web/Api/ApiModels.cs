using System.Text.Json;
using System.Text.Json.Serialization;
using AiStackDeployer.Web.Presentation;

namespace AiStackDeployer.Web.Api;

/// <summary>How the portal is.</summary>
/// <param name="Status">`healthy`, or `unhealthy` when the database does not answer.</param>
/// <param name="Timestamp">The portal's clock.</param>
/// <param name="Version">The portal's version.</param>
/// <param name="Service">Always `ai-stack-deployer`.</param>
/// <param name="ActiveDeployments">How many deployments wait, run or clean up.</param>
public sealed record HealthAnswer(
    string Status, DateTimeOffset Timestamp, string Version, string Service, int ActiveDeployments);

/// <summary>Whether the portal lives, or is ready.</summary>
/// <param name="Status">`alive` where only that was asked; otherwise the worst of the checks: `ready` or `not-ready`.</param>
/// <param name="Checks">`ready` or `not-ready` for each thing that readiness rests on, by its name.</param>
/// <param name="Scheme">`https` or `http`, as the caller came in the portal's eyes; told where only life was asked. Behind a proxy it is that proxy's word.</param>
public sealed record ProbeAnswer(string Status, IReadOnlyDictionary<string, string> Checks, string? Scheme = null);

/// <summary>The stack to make.</summary>
/// <param name="Name">As typed; trimmed and lower-cased by the portal. 3-20 characters of a-z, 0-9 and hyphens, none first or last.</param>
public sealed record DeployRequest(string? Name);

/// <summary>A deployment that has begun.</summary>
/// <param name="DeploymentId">For every further question about it.</param>
/// <param name="Url">Where the stack will be.</param>
/// <param name="StatusEndpoint">Where to watch it, as a stream of events or as JSON.</param>
/// <param name="Credentials">How to sign in to the stack. Only the caller who made it gets this; keep it.</param>
public sealed record DeployAnswer(string DeploymentId, string Url, string StatusEndpoint, CredentialsAnswer? Credentials);

/// <summary>How to sign in to a stack (HTTP Basic).</summary>
/// <param name="Username">The user name.</param>
/// <param name="Password">The password. No log and no other kind of answer holds it.</param>
public sealed record CredentialsAnswer(string Username, string Password)
{
    public override string ToString() => $"{Username}:***";
}

/// <summary>Whether a name can be had.</summary>
/// <param name="Available">Whether nobody has the name and nobody is choosing it.</param>
/// <param name="Valid">Whether the name breaks no rule.</param>
/// <param name="Name">The name as the portal reads it: trimmed, in lower case.</param>
/// <param name="Error">A sentence in the caller's language; absent when the name can be had.</param>
/// <param name="Code">
/// Stable, to be switched on: a broken rule of names, `name-taken`, `name-taken-by-you`, `name-being-chosen` or `name-upstream-unreachable`; absent when
/// the name can be had.
/// </param>
/// <param name="Suggestions">Names near it: the nearest legal form, or names that were free a moment ago.</param>
public sealed record CheckAnswer(
    bool Available,
    bool Valid,
    string Name,
    string? Error,
    string? Code,
    IReadOnlyList<string>? Suggestions);

/// <summary>The figures of the administrators' page.</summary>
/// <param name="Ready">Stacks whose last deployment went well.</param>
/// <param name="InProgress">Deployments that wait, run or clean up.</param>
/// <param name="ReadyInP95TodaySeconds">95 of 100 of today's stacks were ready within this; absent when none got ready today.</param>
/// <param name="SuccessSevenDays">The share, 0-1, of the last seven days' deployments that got ready; absent when there were none.</param>
/// <param name="ActiveDeployments">The same as `inProgress`, under the name that `/health` gives it.</param>
/// <param name="NotAnswering">Of the ready ones, those that do not answer now.</param>
public sealed record FiguresAnswer(
    int Ready, int InProgress, double? ReadyInP95TodaySeconds, double? SuccessSevenDays, int ActiveDeployments, int NotAnswering);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(WireNameConverter)])]
[JsonSerializable(typeof(HealthAnswer))]
[JsonSerializable(typeof(ProbeAnswer))]
[JsonSerializable(typeof(DeployRequest))]
[JsonSerializable(typeof(DeployAnswer))]
[JsonSerializable(typeof(CheckAnswer))]
[JsonSerializable(typeof(StatusAnswer))]
[JsonSerializable(typeof(DeploymentListAnswer))]
[JsonSerializable(typeof(EventListAnswer))]
[JsonSerializable(typeof(LogAnswer))]
[JsonSerializable(typeof(LogListAnswer))]
[JsonSerializable(typeof(DiagnosisAnswer))]
[JsonSerializable(typeof(StackDiagnosisAnswer))]
[JsonSerializable(typeof(StackAnswer))]
[JsonSerializable(typeof(StackListAnswer))]
[JsonSerializable(typeof(StackCredentialsAnswer))]
[JsonSerializable(typeof(OpenStackAnswer))]
[JsonSerializable(typeof(StackLogAnswerPage))]
[JsonSerializable(typeof(OperationAnswer))]
[JsonSerializable(typeof(FiguresAnswer))]
[JsonSerializable(typeof(ConnectionsAnswer))]
[JsonSerializable(typeof(DnsAnswer))]
[JsonSerializable(typeof(DnsRepairAnswer))]
[JsonSerializable(typeof(PeopleListAnswer))]
[JsonSerializable(typeof(HandoverRequest))]
[JsonSerializable(typeof(AuditListAnswer))]
[JsonSerializable(typeof(CareAnswer))]
[JsonSerializable(typeof(TroubleAnswer))]
[JsonSerializable(typeof(RolloutRequest))]
[JsonSerializable(typeof(RolloutsAnswer))]
[JsonSerializable(typeof(RolloutPreviewAnswer))]
[JsonSerializable(typeof(Problem))]
internal sealed partial class ApiJsonContext : JsonSerializerContext;

/// <summary>Writes enumerations by the names of <see cref="WireNames"/>.</summary>
internal sealed class WireNameConverter : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) => typeToConvert.IsEnum;

    public override JsonConverter? CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        new JsonStringEnumConverter(new Policy(typeToConvert), allowIntegerValues: false).CreateConverter(typeToConvert, options);

    private sealed class Policy(Type type) : JsonNamingPolicy
    {
        public override string ConvertName(string name) => WireNames.Of(type, name);
    }
}
