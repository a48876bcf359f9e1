using System.Text.Json.Serialization;
using AiStackDeployer.Core.Deployments;

namespace AiStackDeployer.Core.Persistence;

[JsonSourceGenerationOptions(
    UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, RespectRequiredConstructorParameters = false)]
[JsonSerializable(typeof(DeploymentFailure))]
internal sealed partial class PersistenceJsonContext : JsonSerializerContext;
