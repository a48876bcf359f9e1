using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace AiStackDeployer.Tests.Mcp;

/// <summary>The SDK's client over Streamable HTTP, with an HTTP client of the test's own (its cookies, its headers).</summary>
internal sealed class HttpMcp(Uri portal, HttpClient http) : IDisposable
{
    /// <param name="answer">What the person presses (accept, decline) when they are asked something; null = the client cannot ask.</param>
    public Task<McpClient> ConnectAsync(string? revision = null, Func<string, string>? answer = null) => McpClient.CreateAsync(
        new HttpClientTransport(
            new HttpClientTransportOptions
            {
                Endpoint = new Uri(portal, "mcp"), TransportMode = HttpTransportMode.StreamableHttp, EnableStandaloneGetStream = false,
            },
            http),
        new McpClientOptions
        {
            ProtocolVersion = revision,
            Handlers = new McpClientHandlers
            {
                ElicitationHandler = answer is null ? null : (asked, _) => ValueTask.FromResult(new ElicitResult { Action = answer(asked!.Message) }),
            },
        },
        cancellationToken: TestContext.Current.CancellationToken);

    public void Dispose() => http.Dispose();
}
