using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Diagnoses;

namespace AiStackDeployer.Core.Provisioning;

/// <summary>Reads the cause out of the log of a deploy job that failed. The texts are Docker's, as recorded.</summary>
internal static class DeployLogReader
{
    private static readonly (FailureCode Code, IReadOnlyList<string> Signs)[] Signatures =
    [
        (FailureCode.ImagePullDenied, [.. Signs.PullDenied, .. Signs.LoginFailed]),
        // A tag that has no image for this sort of server is there, so its name is right.
        (FailureCode.ImagePullFailed, Signs.OtherArchitecture),
        (FailureCode.ImageNotFound, Signs.ImageNotFound),
        (FailureCode.ImagePullFailed, ["Pulling image failed", .. Signs.RegistryAway]),
        (FailureCode.Unschedulable, [.. Signs.NoNode, .. Signs.NoRoom]),
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
            if (Signs.Has(log, signs))
            {
                return code;
            }
        }
        return FailureCode.DeployFailed;
    }
}
