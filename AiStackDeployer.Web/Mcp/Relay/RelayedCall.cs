using System.Text.Json;
using AiStackDeployer.Core;
using ModelContextProtocol.Protocol;

namespace AiStackDeployer.Web.Mcp.Relay;

/// <summary>A tool's call as it goes on to the portal, and what can be said of it when no answer comes back.</summary>
internal sealed class RelayedCall
{
    private const string KeyArgument = "idempotency_key";

    /// <summary>Beyond the time that a wait was given by its caller.</summary>
    private static readonly TimeSpan WaitGrace = TimeSpan.FromSeconds(15);

    private readonly string? _key;

    private RelayedCall(CallToolRequestParams parameters, string? key)
    {
        Parameters = parameters;
        _key = key;
    }

    public CallToolRequestParams Parameters { get; }

    /// <summary>How long to wait for its answer.</summary>
    public TimeSpan Patience => Parameters.Name == WaitTool.ToolName
        ? TimeSpan.FromSeconds(Math.Clamp(Number("timeout_seconds") ?? WaitTool.UsualSeconds, 1, WaitTool.MostSeconds)) + WaitGrace
        : PortalLink.AnswerTakesAtMost;

    /// <summary>Whether an answer that is lost, or an error of the portal, leaves it open what has been begun.</summary>
    public bool MayHaveBegun => Parameters.Name is DeployTools.ToolName or DeleteTool.ToolName;

    /// <summary>How its caller finds out what has become of it.</summary>
    public string HowToFindOut => Parameters.Name switch
    {
        DeployTools.ToolName when _key is not null =>
            $"Call deploy_stack again with the same arguments and idempotency_key {_key}: it answers what was begun, with its credentials.",
        DeleteTool.ToolName => "Call list_deployments before you call delete_stack again: a deletion that was begun is among them.",
        WaitTool.ToolName => "Call wait_for_deployment again.",
        _ => "Call check_deployment_status or list_deployments.",
    };

    /// <summary>
    /// What makes a stack goes with a key in any case: should the answer be lost, only the key finds the stack and its password
    /// again, and nobody but the relay knows it then.
    /// </summary>
    public static RelayedCall Of(CallToolRequestParams asked, Ids ids)
    {
        var arguments = asked.Arguments;
        string? key = null;
        if (asked.Name == DeployTools.ToolName)
        {
            arguments = arguments is null ? [] : new Dictionary<string, JsonElement>(arguments);
            if (!arguments.TryGetValue(KeyArgument, out var given) || given.ValueKind == JsonValueKind.Null)
            {
                given = arguments[KeyArgument] = JsonSerializer.SerializeToElement(ids.NewOwnerKey(), AnswersJson.Options);
            }
            key = given.ValueKind == JsonValueKind.String ? given.GetString() : null;
        }
        return new RelayedCall(new CallToolRequestParams { Name = asked.Name, Arguments = arguments }, key);
    }

    private int? Number(string argument) =>
        Parameters.Arguments?.TryGetValue(argument, out var value) == true && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number)
            ? number
            : null;
}
