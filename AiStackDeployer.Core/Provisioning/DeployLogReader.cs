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

    /// <summary>
    /// The log without the SQL that Dokploy writes into it when its database fails. The values may have line breaks, so nothing is kept
    /// from there up to a line that is Dokploy's own for sure.
    /// </summary>
    public static string WithoutQueries(string log)
    {
        var lines = new List<string>();
        var inQuery = false;
        foreach (var line in log.Split('\n'))
        {
            var isQuery = line.Contains("Failed query:", StringComparison.Ordinal) || line.StartsWith("params:", StringComparison.Ordinal);
            if (isQuery && !inQuery)
            {
                lines.Add("Dokploy could not use its database.");
            }
            inQuery = isQuery || (inQuery && !IsDokploysOwn(line));
            if (!inQuery)
            {
                lines.Add(line);
            }
        }
        return string.Join('\n', lines);
    }

    private static bool IsDokploysOwn(string line) =>
        line.Contains('❌', StringComparison.Ordinal) || line.Contains('✅', StringComparison.Ordinal)
        || line.StartsWith("Initializing deployment", StringComparison.Ordinal);

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
