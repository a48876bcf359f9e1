using System.Text.Json.Serialization;
using AiStackDeployer.Core.Deployments;

namespace AiStackDeployer.Core.Persistence;

[JsonSourceGenerationOptions(
    UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, RespectRequiredConstructorParameters = false)]
[JsonSerializable(typeof(DeploymentFailure))]
[JsonSerializable(typeof(Stacks.StackChange))]
internal sealed partial class PersistenceJsonContext : JsonSerializerContext;
