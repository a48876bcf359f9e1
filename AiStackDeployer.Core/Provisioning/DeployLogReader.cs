using AiStackDeployer.Core.Deployments;

namespace AiStackDeployer.Core.Provisioning;

/// <summary>Reads the cause out of the log of a deploy job that failed. The texts are Docker's, as recorded.</summary>
internal static class DeployLogReader
{
    private static readonly (FailureCode Code, string[] Signs)[] Signatures =
    [
        (FailureCode.ImagePullDenied, ["no basic auth credentials", "pull access denied", "unauthorized:", "authentication required", "Login failed", "denied: "]),
        (FailureCode.ImageNotFound, ["manifest unknown", "manifest for", "No such image", "name unknown", "repository name not known"]),
        (FailureCode.ImagePullFailed, ["Pulling image failed", "failed to resolve reference", "TLS handshake timeout", "no such host"]),
        (FailureCode.Unschedulable, ["no suitable node", "insufficient resources"]),
    ];

    public static FailureCode Classify(string? log)
    {
        foreach (var (code, signs) in Signatures)
        {
            if (signs.Any(sign => log?.Contains(sign, StringComparison.OrdinalIgnoreCase) == true))
            {
                return code;
            }
        }
        return FailureCode.DeployFailed;
    }
}
