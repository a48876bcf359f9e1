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

    public static string LogLine(this DeploymentText text, DeploymentEvent line) => line switch
    {
        { Log: LogCode.Raw } => Quote(text.Log(line)),
        // Docker's reason, and it may quote the container.
        { Log: LogCode.ContainerEnded, Detail: { Length: > 0 } reason } => $"{text.Log(line with { Detail = null }).TrimEnd()}\n{Quote(reason)}",
        _ => text.Log(line),
    };

    private static string Quote(string text) => Mark + text.ReplaceLineEndings("\n" + Mark);
}
