using ModelContextProtocol.Client;

namespace AiStackDeployer.Web.Mcp.Relay;

/// <summary>
/// One client and its way to the portal. Calls may still be under way on it when the relay has turned to another: whoever leaves it
/// last closes it.
/// </summary>
internal sealed class PortalConnection : IAsyncDisposable
{
    private readonly HttpClientTransport _transport;

    // Whoever opened it is the first.
    private int _users = 1;

    private PortalConnection(McpClient client, HttpClientTransport transport)
    {
        Client = client;
        _transport = transport;
    }

    public McpClient Client { get; }

    /// <param name="transport">Closed with the connection, or here when there is none.</param>
    public static async Task<PortalConnection> OpenAsync(
        HttpClientTransport transport, McpClientOptions options, ILoggerFactory logs, CancellationToken cancellationToken)
    {
        try
        {
            return new PortalConnection(await McpClient.CreateAsync(transport, options, logs, cancellationToken), transport);
        }
        catch
        {
            await transport.DisposeAsync();
            throw;
        }
    }

    /// <summary>For one more user, who disposes of it as the others do. Only by somebody who has not done so yet.</summary>
    public PortalConnection Share()
    {
        Interlocked.Increment(ref _users);
        return this;
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            await Client.DisposeAsync();
            await _transport.DisposeAsync();
        }
    }
}
