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

    public bool IsWait => Parameters.Name == WaitTool.ToolName;

    /// <summary>How long to wait for its answer.</summary>
    public TimeSpan Patience => IsWait
        ? TimeSpan.FromSeconds(Math.Clamp(Number("timeout_seconds") ?? WaitTool.UsualSeconds, 1, WaitTool.MostSeconds)) + WaitGrace
        : PortalLink.AnswerTakesAtMost;

    /// <summary>Whether an answer that is lost, or an error of the portal, leaves it open what has been begun.</summary>
    public bool MayHaveBegun => Parameters.Name switch
    {
        DeployTools.ToolName => Argument("dry_run")?.ValueKind != JsonValueKind.True,
        DeleteTool.ToolName => true,
        _ => false,
    };

    /// <summary>How its caller finds out what has become of it.</summary>
    public string HowToFindOut => Parameters.Name switch
    {
        // Who tries again what is somebody else's is told no credentials.
        DeployTools.ToolName when MayHaveBegun && _key is not null =>
            $"Call deploy_stack again with the same arguments and idempotency_key {_key}: it answers what was begun"
            + (Argument("retry_of") is null ? ", with its credentials." : "."),
        DeleteTool.ToolName => "Call list_deployments before you call delete_stack again: a deletion that was begun is among them.",
        // What looks, and what does no harm twice.
        var tool => $"Call {tool} again.",
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
                given = arguments[KeyArgument] = JsonSerializer.SerializeToElement(ids.NewOwnerKey(), ToolResultsJson.Options);
            }
            key = given.ValueKind == JsonValueKind.String ? given.GetString() : null;
        }
        return new RelayedCall(new CallToolRequestParams { Name = asked.Name, Arguments = arguments }, key);
    }

    private int? Number(string argument) =>
        Argument(argument) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt32(out var number) ? number : null;

    /// <summary>Null when it is not given.</summary>
    private JsonElement? Argument(string name) =>
        Parameters.Arguments?.TryGetValue(name, out var value) == true && value.ValueKind != JsonValueKind.Null ? value : null;
}
