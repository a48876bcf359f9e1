using System.IO.Pipelines;
using System.Security.Claims;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using AiStackDeployer.Web.Mcp;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Role = AiStackDeployer.Core.People.Role;

namespace AiStackDeployer.Tests.Mcp;

/// <summary>The SDK's own client, joined by a pipe to a server with a portal's real services.</summary>
internal sealed class McpPipe : IAsyncDisposable
{
    private readonly McpServer _server;
    private readonly Task _serving;
    private readonly CancellationTokenSource _end;

    private McpPipe(McpClient client, McpServer server, Task serving, CancellationTokenSource end)
    {
        Client = client;
        _server = server;
        _serving = serving;
        _end = end;
    }

    public McpClient Client { get; }

    /// <param name="person">Who calls.</param>
    public static Task<McpPipe> OpenAsync(IServiceProvider services, string? revision = null, string person = "usr_assistant", Role role = Role.Admin) =>
        OpenAsync(services.GetRequiredService<IOptions<McpServerOptions>>().Value, services, revision, person, role);

    public static async Task<McpPipe> OpenAsync(
        McpServerOptions options, IServiceProvider? services, string? revision = null, string person = "usr_assistant", Role role = Role.Admin)
    {
        Pipe up = new(), down = new();
        var logs = services?.GetService<ILoggerFactory>();
        var user = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, person), new Claim(ClaimTypes.Role, role.ToString())], "test"));
        var server = McpServer.Create(
            new PersonsTransport(new StreamServerTransport(up.Reader.AsStream(), down.Writer.AsStream()), user), options, logs, services);
        var end = new CancellationTokenSource();
        var serving = server.RunAsync(end.Token);
        var client = await McpClient.CreateAsync(
            new StreamClientTransport(up.Writer.AsStream(), down.Reader.AsStream()),
            new McpClientOptions { ProtocolVersion = revision },
            cancellationToken: TestContext.Current.CancellationToken);
        return new McpPipe(client, server, serving, end);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await Client.DisposeAsync();
        await _server.DisposeAsync();
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
    }
}

/// <summary>Says of each message who sent it, as the web server does.</summary>
internal sealed class PersonsTransport : ITransport
{
    private readonly ITransport _inner;
    private readonly Channel<JsonRpcMessage> _messages = Channel.CreateUnbounded<JsonRpcMessage>();

    public PersonsTransport(ITransport inner, ClaimsPrincipal user)
    {
        _inner = inner;
        _ = PassOnAsync(user);
    }

    public string? SessionId => _inner.SessionId;

    public ChannelReader<JsonRpcMessage> MessageReader => _messages.Reader;

    public Task SendMessageAsync(JsonRpcMessage message, CancellationToken cancellationToken = default) => _inner.SendMessageAsync(message, cancellationToken);

    public ValueTask DisposeAsync() => _inner.DisposeAsync();

    private async Task PassOnAsync(ClaimsPrincipal user)
    {
        await foreach (var message in _inner.MessageReader.ReadAllAsync())
        {
            (message.Context ??= new JsonRpcMessageContext()).User = user;
            _messages.Writer.TryWrite(message);
        }
        _messages.Writer.TryComplete();
    }
}

/// <summary>Tools called as a model calls them, and their answers read as one does.</summary>
internal static class ToolCalls
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static ValueTask<CallToolResult> CallAsync(this McpClient client, string tool, object? arguments = null) =>
        client.CallToolAsync(new CallToolRequestParams { Name = tool, Arguments = Arguments(arguments) }, Token);

    /// <summary>The structured content of a call that must go well; the text holds the same JSON.</summary>
    public static async Task<JsonNode> AskAsync(this McpClient client, string tool, object? arguments = null)
    {
        var result = await client.CallAsync(tool, arguments);
        Assert.True(result.IsError != true, result.Text());
        var structured = JsonNode.Parse(result.StructuredContent!.Value.GetRawText())!;
        Assert.True(JsonNode.DeepEquals(structured, JsonNode.Parse(result.Text())));
        AssertFits(ToolCatalog.CreateTools().Single(t => t.ProtocolTool.Name == tool).ProtocolTool.OutputSchema!.Value, result.StructuredContent.Value, tool);
        return structured;
    }

    /// <summary>The refusal of a call that must be refused, a code, a sentence and what to do, without a word of anybody else's.</summary>
    public static async Task<JsonNode> RefuseAsync(this McpClient client, string code, string tool, object? arguments = null)
    {
        var result = await client.CallAsync(tool, arguments);
        Assert.True(result.IsError, result.Text());
        Assert.Null(result.StructuredContent);
        var refusal = JsonNode.Parse(result.Text())!;
        Assert.Equal(code, refusal["code"]!.GetValue<string>());
        Assert.NotEmpty(refusal["message"]!.GetValue<string>());
        Assert.NotEmpty(refusal["next"]!.GetValue<string>());
        Assert.DoesNotContain("   at ", result.Text(), StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", result.Text(), StringComparison.Ordinal);
        Assert.DoesNotContain("SELECT", result.Text(), StringComparison.OrdinalIgnoreCase);
        return refusal;
    }

    /// <summary>As a strict client checks an answer: nothing required is missing, nothing is there that is not told, all of its type.</summary>
    private static void AssertFits(JsonElement schema, JsonElement value, string where)
    {
        var type = schema.GetProperty("type").GetString();
        var fits = type switch
        {
            "object" => value.ValueKind == JsonValueKind.Object,
            "array" => value.ValueKind == JsonValueKind.Array,
            "string" => value.ValueKind == JsonValueKind.String,
            "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
            "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out _),
            "number" => value.ValueKind == JsonValueKind.Number,
            _ => false,
        };
        Assert.True(fits, $"{where} is no {type}: {value}");
        if (type == "array")
        {
            Assert.All(value.EnumerateArray(), item => AssertFits(schema.GetProperty("items"), item, $"{where}[]"));
        }
        else if (type == "object")
        {
            Assert.All(schema.GetProperty("required").EnumerateArray(), r => Assert.True(value.TryGetProperty(r.GetString()!, out _), $"{where} lacks {r}"));
            Assert.All(value.EnumerateObject(), m => AssertFits(schema.GetProperty("properties").GetProperty(m.Name), m.Value, $"{where}.{m.Name}"));
        }
    }

    public static string Text(this CallToolResult result) => Assert.IsType<TextContentBlock>(Assert.Single(result.Content)).Text;

    public static Dictionary<string, JsonElement>? Arguments(object? arguments) => arguments is null
        ? null
        : JsonSerializer.SerializeToElement(arguments).EnumerateObject().ToDictionary(p => p.Name, p => p.Value);

    /// <summary>Starts a deployment and waits for its end.</summary>
    public static async Task<string> DeployAsync(this McpClient client, string name)
    {
        var id = (await client.AskAsync("deploy_stack", new { name }))["deployment_id"]!.GetValue<string>();
        await client.EndOfAsync(id);
        return id;
    }

    /// <summary>The state in which a deployment ends; calls again as often as a model is told to.</summary>
    public static async Task<JsonNode> EndOfAsync(this McpClient client, string deployment_id)
    {
        JsonNode state;
        do
        {
            state = await client.AskAsync("wait_for_deployment", new { deployment_id });
        }
        while (state["status"]!.GetValue<string>() is not ("completed" or "failed" or "cancelled"));
        return state;
    }
}
