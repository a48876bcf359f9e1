using System.Text.Json;
using AiStackDeployer.Core.Deployments;

namespace AiStackDeployer.Tests.Deployments;

/// <summary>Everything a deployment and its stack know, as one text: equal before and after means that nothing changed.</summary>
internal static class Fingerprint
{
    public static string Of(Deployment deployment) => JsonSerializer.Serialize(deployment);
}
