using ModelContextProtocol.Client;

namespace AiStackDeployer.Tests.Mcp;

/// <summary>The SDK's client over Streamable HTTP, with an HTTP client of the test's own (its cookies, its headers).</summary>
internal sealed class HttpMcp(Uri portal, HttpClient http) : IDisposable
{
    public Task<McpClient> ConnectAsync(string? revision = null) => McpClient.CreateAsync(
        new HttpClientTransport(
            new HttpClientTransportOptions
            {
                Endpoint = new Uri(portal, "mcp"), TransportMode = HttpTransportMode.StreamableHttp, EnableStandaloneGetStream = false,
            },
            http),
        new McpClientOptions { ProtocolVersion = revision },
        cancellationToken: TestContext.Current.CancellationToken);

    public void Dispose() => http.Dispose();
}
