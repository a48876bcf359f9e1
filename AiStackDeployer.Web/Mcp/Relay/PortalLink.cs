using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AiStackDeployer.Web.Mcp.Relay;

/// <summary>The way to the portal. It is looked for when something is asked, so a portal may come and go meanwhile.</summary>
internal sealed partial class PortalLink(PortalTarget target, ILoggerFactory logs) : IAsyncDisposable
{
    /// <summary>A person waits behind each call; a portal that is there answers in far less.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly ILogger _logger = logs.CreateLogger<PortalLink>();
    private readonly SemaphoreSlim _turn = new(1);
    private readonly ConcurrentDictionary<ProgressToken, ProgressRelay> _progress = new();
    private McpClient? _client;

    /// <summary>What the portal answers; the protocol's own error when it cannot be asked.</summary>
    public async ValueTask<T> AskAsync<T>(Func<McpClient, ValueTask<T>> ask, CancellationToken cancellationToken)
    {
        try
        {
            return await TryAskAsync(ask, cancellationToken);
        }
        catch (PortalTrouble trouble)
        {
            throw new McpProtocolException($"{trouble.Refusal.Message} {trouble.Refusal.Next}", McpErrorCode.InternalError);
        }
    }

    /// <summary>What the portal answers, or what can be said without it.</summary>
    public async ValueTask<T> AskElseAsync<T>(Func<McpClient, ValueTask<T>> ask, Func<T> otherwise, CancellationToken cancellationToken)
    {
        try
        {
            return await TryAskAsync(ask, cancellationToken);
        }
        catch (PortalTrouble)
        {
            return otherwise();
        }
    }

    /// <summary>Passes a call on, and back what the portal tells while it works on it.</summary>
    public async ValueTask<CallToolResult> CallToolAsync(RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken)
    {
        var call = new CallToolRequestParams { Name = request.Params.Name, Arguments = request.Params.Arguments };
        ProgressRelay? progress = null;
        if (request.Params.ProgressToken is { } token)
        {
            // The client's own token goes all the way: it is the only client here, and must not use one twice at a time.
            call.Meta = new JsonObject { ["progressToken"] = JsonSerializer.SerializeToNode(token, McpJsonUtilities.DefaultOptions) };
            progress = _progress[token] = new ProgressRelay(request.Server, token);
        }
        try
        {
            return await TryAskAsync(client => client.CallToolAsync(call, cancellationToken), cancellationToken);
        }
        catch (PortalTrouble trouble)
        {
            return Reply.Refused(trouble.Refusal);
        }
        finally
        {
            if (progress is not null)
            {
                _progress.TryRemove(progress.Token, out _);
                // Nothing may be told of a call after its answer.
                await progress.FinishAsync();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_client is not null)
        {
            await _client.DisposeAsync();
        }
        _turn.Dispose();
    }

    private async Task<T> TryAskAsync<T>(Func<McpClient, ValueTask<T>> ask, CancellationToken cancellationToken)
    {
        McpClient? client = null;
        try
        {
            client = await ConnectAsync(cancellationToken);
            return await ask(client);
        }
        catch (McpProtocolException)
        {
            // The portal's own answer.
            throw;
        }
        catch (Exception e) when (e is not PortalTrouble && !cancellationToken.IsCancellationRequested)
        {
            await ForgetAsync(client);
            var trouble = PortalTrouble.Of(e, target);
            CouldNotAsk(trouble.Message);
            throw trouble;
        }
    }

    private async Task<McpClient> ConnectAsync(CancellationToken cancellationToken)
    {
        if (target.Endpoint is null)
        {
            throw PortalTrouble.NoAddress();
        }
        await _turn.WaitAsync(cancellationToken);
        try
        {
            return _client ??= await McpClient.CreateAsync(
                CreateTransport(target.Endpoint),
                new McpClientOptions
                {
                    ClientInfo = new Implementation { Name = PortalMcp.ServerInfo.Name + "-relay", Version = PortalMcp.ServerInfo.Version },
                    InitializationTimeout = Patience * 2,
                    Handlers = new McpClientHandlers
                    {
                        NotificationHandlers = [new(NotificationMethods.ProgressNotification, HearProgressAsync)],
                    },
                },
                logs,
                cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    private HttpClientTransport CreateTransport(Uri endpoint)
    {
        // A redirect would carry the token to wherever it points.
        var http = new HttpClient(new SocketsHttpHandler { ConnectTimeout = Patience, AllowAutoRedirect = false, UseCookies = false })
        {
            // A call may wait for minutes; the client's own cancellation ends it.
            Timeout = Timeout.InfiniteTimeSpan,
        };
        return new HttpClientTransport(
            new HttpClientTransportOptions
            {
                Endpoint = endpoint,
                TransportMode = HttpTransportMode.StreamableHttp,
                EnableStandaloneGetStream = false,
                AdditionalHeaders = target.Token is { } token ? new Dictionary<string, string> { ["Authorization"] = $"Bearer {token}" } : null,
            },
            http,
            logs,
            ownsHttpClient: true);
    }

    private ValueTask HearProgressAsync(JsonRpcNotification notification, CancellationToken cancellationToken)
    {
        if (notification.Params.Deserialize<ProgressNotificationParams>(McpJsonUtilities.DefaultOptions) is { } told
            && _progress.TryGetValue(told.ProgressToken, out var relay))
        {
            relay.Tell(told.Progress);
        }
        return ValueTask.CompletedTask;
    }

    /// <summary>The next call begins anew: whatever answers then may be another portal.</summary>
    private async Task ForgetAsync(McpClient? client)
    {
        if (client is not null && Interlocked.CompareExchange(ref _client, null, client) == client)
        {
            await client.DisposeAsync();
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Reason}")]
    private partial void CouldNotAsk(string reason);
}
