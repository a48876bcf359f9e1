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
    /// What a wait is given after the client has closed its end. All else that it asked last is answered in its own time: a script pipes
    /// its lines and is gone, and a stack whose key only the relay knows would be nobody's.
    /// </summary>
    internal static readonly TimeSpan LastWords = TimeSpan.FromSeconds(5);

    /// <summary>Until the client closes its end.</summary>
    public static async Task<int> RunAsync()
    {
        // Standard output belongs to the protocol; whatever else is written, by whomever, goes to standard error.
        await using var output = Console.OpenStandardOutput();
        Console.SetOut(Console.Error);
        using var logs = LoggerFactory.Create(log => log
            .SetMinimumLevel(LogLevel.Warning)
            // Its lines quote what came over the wire; what matters of it is told in the relay's own.
            .AddFilter("ModelContextProtocol", LogLevel.None)
            .AddSimpleConsole(line => line.SingleLine = true)
            .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace));
        await using var portal = new PortalLink(PortalTarget.Read(Environment.GetEnvironmentVariable), TimeProvider.System, logs);
        await using var transport = new PipedTransport(Console.OpenStandardInput(), output);
        await ServeAsync(transport, portal, TimeProvider.System, logs);
        return 0;
    }

    /// <summary>Until the client has closed its end and has its last answers.</summary>
    internal static async Task ServeAsync(PipedTransport transport, PortalLink portal, TimeProvider time, ILoggerFactory logs)
    {
        await using var server = McpServer.Create(transport, OptionsFor(portal), logs);
        using var leaving = new CancellationTokenSource();
        var serving = server.RunAsync(leaving.Token);
        await Task.WhenAny(serving, transport.InputEnded);
        await serving.WaitAsync(LastWords, time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        portal.EndWaits();
        // By then every call has ended by its own limit; a client that does not read its answers keeps nothing.
        await serving.WaitAsync(PortalLink.AnswerTakesAtMost, time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await leaving.CancelAsync();
        await serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
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
