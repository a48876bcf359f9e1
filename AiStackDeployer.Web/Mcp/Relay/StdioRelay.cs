using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AiStackDeployer.Web.Mcp.Relay;

/// <summary>
/// The portal for clients that start their server as a process: an MCP server on standard input and output that passes everything
/// on to a running portal. It is no portal itself: no settings, no database, no port.
/// </summary>
internal static class StdioRelay
{
    public const string Command = "mcp";

    /// <summary>
    /// After the client has closed its end, what it asked last still gets its answer: a script pipes its lines and is gone. A wait
    /// does not keep the process.
    /// </summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(5);

    /// <summary>Until the client closes its end.</summary>
    public static async Task<int> RunAsync()
    {
        // Standard output belongs to the protocol; whatever else is written, by whomever, goes to standard error.
        Console.SetOut(Console.Error);
        using var logs = LoggerFactory.Create(log => log
            .SetMinimumLevel(LogLevel.Warning)
            // Its lines quote what came over the wire; what matters of it is told in the relay's own.
            .AddFilter("ModelContextProtocol", LogLevel.None)
            .AddSimpleConsole(line => line.SingleLine = true)
            .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace));
        await using var portal = new PortalLink(PortalTarget.Read(Environment.GetEnvironmentVariable), TimeProvider.System, logs);
        await using var transport = new StdioServerTransport(PortalMcp.ServerInfo.Name, logs);
        await using var server = McpServer.Create(transport, OptionsFor(portal), logs);
        using var leaving = new CancellationTokenSource();
        var serving = server.RunAsync(leaving.Token);
        await Task.WhenAny(serving, transport.MessageReader.Completion);
        await serving.WaitAsync(LastWords, TimeProvider.System, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await leaving.CancelAsync();
        await serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return 0;
    }

    internal static McpServerOptions OptionsFor(PortalLink portal) => new()
    {
        ServerInfo = PortalMcp.ServerInfo,
        ServerInstructions = ToolCatalog.Instructions,
        Handlers = new McpServerHandlers
        {
            ListToolsHandler = (request, ct) => portal.AskElseAsync(
                (client, limit) => client.ListToolsAsync(new ListToolsRequestParams { Cursor = request.Params?.Cursor }, limit),
                () => new ListToolsResult { Tools = [.. ToolCatalog.CreateTools().Select(t => t.ProtocolTool)] },
                ct),
            CallToolHandler = portal.CallToolAsync,
            ListPromptsHandler = (request, ct) => portal.AskElseAsync(
                (client, limit) => client.ListPromptsAsync(new ListPromptsRequestParams { Cursor = request.Params?.Cursor }, limit),
                () => new ListPromptsResult { Prompts = [.. ToolCatalog.CreatePrompts().Select(p => p.ProtocolPrompt)] },
                ct),
            GetPromptHandler = (request, ct) => portal.AskAsync(
                (client, limit) => client.GetPromptAsync(new GetPromptRequestParams { Name = request.Params.Name, Arguments = request.Params.Arguments }, limit), ct),
            ListResourcesHandler = (request, ct) => portal.AskElseAsync(
                (client, limit) => client.ListResourcesAsync(new ListResourcesRequestParams { Cursor = request.Params?.Cursor }, limit),
                () => new ListResourcesResult(),
                ct),
            ListResourceTemplatesHandler = (request, ct) => portal.AskElseAsync(
                (client, limit) => client.ListResourceTemplatesAsync(new ListResourceTemplatesRequestParams { Cursor = request.Params?.Cursor }, limit),
                () => new ListResourceTemplatesResult { ResourceTemplates = [.. ToolCatalog.CreateResources().Select(r => r.ProtocolResourceTemplate)] },
                ct),
            ReadResourceHandler = (request, ct) => portal.AskAsync(
                (client, limit) => client.ReadResourceAsync(new ReadResourceRequestParams { Uri = request.Params.Uri }, limit), ct),
        },
    };
}
