using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Web.Presentation;

namespace AiStackDeployer.Web.Mcp;

/// <summary>
/// Lines of the log for a reader that cannot see who wrote them: what other programs wrote stands behind a mark that no sentence of
/// the portal begins with, on every line of it.
/// </summary>
internal static class QuotedText
{
    private const string Mark = "> ";

    public static string LogLine(this DeploymentText text, DeploymentEvent line) =>
        line.Log == LogCode.Raw ? Mark + text.Log(line).ReplaceLineEndings("\n" + Mark) : text.Log(line);
}
