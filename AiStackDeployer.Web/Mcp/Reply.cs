using System.Text.Json;
using AiStackDeployer.Core.People;
using ModelContextProtocol.Protocol;

namespace AiStackDeployer.Web.Mcp;

/// <summary>A tool's answer: the same JSON as structured content and, for clients that know none, as text.</summary>
internal static class Reply
{
    public static CallToolResult Of<T>(T answer)
    {
        var json = JsonSerializer.SerializeToElement(answer, ToolResultsJson.Options);
        return new CallToolResult { StructuredContent = json, Content = [new TextContentBlock { Text = json.GetRawText() }] };
    }

    /// <summary>Nothing was done. As text alone: structured content would have to look like the tool's good answer.</summary>
    public static CallToolResult Refused(Refusal refusal) => new()
    {
        IsError = true,
        Content = [new TextContentBlock { Text = JsonSerializer.Serialize(refusal, ToolResultsJson.Options) }],
    };

    public static CallToolResult Refused(string code, string message, string next) => Refused(new Refusal(code, message, next));

    public static CallToolResult UnknownDeployment() => Refused(
        "deployment-not-found", "No deployment has this id.", "Call list_deployments to find the id.");

    public static CallToolResult TooMany(TimeSpan wait) => Refused(
        "too-many-requests", "Too much was asked for in a short time.", $"Call the same tool again in {Math.Ceiling(wait.TotalSeconds)} seconds.");

    /// <summary>The caller may not, or the token may not: which of both, the person knows who gave it.</summary>
    public static CallToolResult NeedsScope(Scopes scope) => Refused(
        "not-allowed", "This may not be done with this token.", $"It needs the scope {scope.ToWords()}, and the person's own right. Ask the user.");

    /// <param name="sentence">What the administrator has to say, and until when.</param>
    public static CallToolResult UnderMaintenance(string sentence, int seconds) => Refused(
        "under-maintenance", sentence, $"Tell the user. Call the same tool again in {seconds} seconds; what runs goes on.");

    public static CallToolResult StorageUnavailable() => Refused(
        "storage-unavailable", "The portal cannot use its database now.", "Call the same tool again in 5 seconds.");
}
