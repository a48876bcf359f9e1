using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AiStackDeployer.Web.Mcp;

/// <summary>
/// Asks the person before something is destroyed, where the client can (elicitation, revision 2026-07-28). The answer comes with a repeated call, so
/// nothing is kept meanwhile. Clients that cannot have the tool's annotations and the name typed twice.
/// </summary>
internal static class Confirmation
{
    /// <summary>Null = go on: it is confirmed, or nobody can be asked.</summary>
    /// <param name="subject">Names what is destroyed, so that an answer about one thing confirms no other.</param>
    /// <exception cref="InputRequiredException">The answer to the client is the question.</exception>
    public static CallToolResult? Ask(RequestContext<CallToolRequestParams> request, string subject, string question)
    {
        if (!request.Server.IsMrtrSupported || request.Server.ClientCapabilities?.Elicitation?.Form is null)
        {
            return null;
        }
        var key = "confirm:" + subject;
        return request.Params.InputResponses?.TryGetValue(key, out var answer) == true
            ? answer.Deserialize(InputResponse.ElicitResultJsonTypeInfo) is { IsAccepted: true }
                ? null
                : Reply.Refused("not-confirmed", "The user did not confirm it. Nothing was done.", "Ask the user what they want instead.")
            : throw new InputRequiredException(new Dictionary<string, InputRequest>
            {
                [key] = InputRequest.ForElicitation(new ElicitRequestParams { Message = question, RequestedSchema = new ElicitRequestParams.RequestSchema() }),
            });
    }
}
