using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Server;

namespace AiStackDeployer.Web.Mcp;

/// <summary>
/// Every tool, resource and prompt, defined once: the portal serves them, and the stdio relay lists them while no portal answers.
/// Making the list needs no service; a call does.
/// </summary>
internal static class ToolCatalog
{
    /// <summary>What a client is told about the whole before it sees any tool.</summary>
    public const string Instructions =
        "Makes personal AI coding stacks. deploy_stack returns at once; follow with wait_for_deployment. "
        + "Every result has `next`: what to call. Deployments go on when you disconnect.";

    private static readonly Type[] Tools =
        [typeof(DeployTools), typeof(StatusTools), typeof(WaitTool), typeof(OperationTools), typeof(NameTools), typeof(ConnectionTools)];

    public static IReadOnlyList<McpServerTool> CreateTools() =>
    [
        .. MethodsOf<McpServerToolAttribute>(Tools)
            .Where(method => method.Name != nameof(OperationTools.OperateAsync) || OperationTools.Others.Count > 0)
            .Select(method => Slim(McpServerTool.Create(
                method, request => Make(method, request.Services), new McpServerToolCreateOptions { SerializerOptions = ToolResultsJson.Options }))),
    ];

    public static IReadOnlyList<McpServerResource> CreateResources() =>
    [
        .. MethodsOf<McpServerResourceAttribute>([typeof(DeploymentLogResource)]).Select(method => McpServerResource.Create(
            method, request => Make(method, request.Services), new McpServerResourceCreateOptions { SerializerOptions = ToolResultsJson.Options })),
    ];

    public static IReadOnlyList<McpServerPrompt> CreatePrompts() =>
    [
        .. MethodsOf<McpServerPromptAttribute>([typeof(DeploymentPrompts)]).Select(method => McpServerPrompt.Create(
            method, request => Make(method, request.Services), new McpServerPromptCreateOptions { SerializerOptions = ToolResultsJson.Options })),
    ];

    private static IEnumerable<MethodInfo> MethodsOf<TAttribute>(IEnumerable<Type> types) where TAttribute : Attribute => types
        .SelectMany(t => t.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
        .Where(m => m.GetCustomAttribute<TAttribute>() is not null);

    private static object Make(MethodInfo method, IServiceProvider? services) => ActivatorUtilities.CreateInstance(
        services ?? throw new InvalidOperationException("A tool was called where there are only definitions."), method.DeclaringType!);

    /// <summary>
    /// A model pays for every token of the list, at every conversation. What a schema says by leaving it out is left out: an
    /// optional member may be missing (none is ever null), and the title stands once.
    /// </summary>
    private static McpServerTool Slim(McpServerTool tool)
    {
        tool.ProtocolTool.InputSchema = Slim(tool.ProtocolTool.InputSchema);
        tool.ProtocolTool.OutputSchema = tool.ProtocolTool.OutputSchema is { } output ? Slim(output) : null;
        tool.ProtocolTool.Title = null;
        if (tool.ProtocolTool.Name == OperationTools.OperateName)
        {
            tool.ProtocolTool.InputSchema = WithOperations(tool.ProtocolTool.InputSchema);
        }
        return tool;
    }

    private static JsonElement WithOperations(JsonElement schema)
    {
        var node = JsonNode.Parse(schema.GetRawText())!;
        node["properties"]!["operation"]!["enum"] = new JsonArray([.. OperationTools.Others.Select(operation => JsonValue.Create(operation.Name))]);
        return JsonSerializer.SerializeToElement(node, ToolResultsJson.Options);
    }

    private static JsonElement Slim(JsonElement schema)
    {
        var node = JsonNode.Parse(schema.GetRawText())!;
        Slim(node);
        return JsonSerializer.SerializeToElement(node, ToolResultsJson.Options);
    }

    /// <summary>A member that may be null is left out when it is; the exporter requires it all the same if a constructor takes it.</summary>
    private static void Unrequire(JsonObject schema)
    {
        if (schema["required"] is JsonArray required && schema["properties"] is JsonObject properties)
        {
            required.RemoveAll(name => properties[(string)name!]?["type"] is JsonArray types && types.Any(t => (string?)t == "null"));
        }
    }

    private static void Slim(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject schema:
                Unrequire(schema);
                if (schema["type"] is JsonArray types && types.Where(t => (string?)t != "null").ToList() is [{ } only])
                {
                    schema["type"] = only.DeepClone();
                }
                if (schema.TryGetPropertyValue("default", out var fallback) && fallback is null)
                {
                    schema.Remove("default");
                }
                schema.Remove("$schema");
                foreach (var (_, child) in schema)
                {
                    Slim(child);
                }
                break;
            case JsonArray list:
                foreach (var child in list)
                {
                    Slim(child);
                }
                break;
        }
    }
}
