using System.Security.Cryptography;
using System.Text;
using AiStackDeployer.Core.Deployments.Operations;

namespace AiStackDeployer.Web.Security;

/// <summary>
/// The request id that a caller's idempotency key becomes. What is stored, and may be logged, is a hash that does not lead back to it:
/// callers put all sorts of things into a key.
/// </summary>
internal static class RequestKey
{
    /// <summary>For a start. Looked up only among what the caller owns.</summary>
    public static string OfStart(string key) => "key:" + Hash("start", key);

    /// <summary>Another one for each deployment: the request that began it would else be taken for the same.</summary>
    public static string OfRetry(string deploymentId, string key) => "retry:" + Hash("retry", deploymentId, key);

    /// <summary>Bound to the caller and not to the stack: when the call is repeated, the name may belong to another stack.</summary>
    public static string OfOperation(Operation operation, string askerId, string key) => $"{operation}:{Hash(operation.Name, askerId, key)}";

    private static string Hash(params ReadOnlySpan<string?> parts) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("ai-stack-deployer.request-of-key:" + string.Join('\n', parts))));
}
