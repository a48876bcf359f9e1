using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiStackDeployer.Core;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AiStackDeployer.Web.Mcp.Relay;

/// <summary>The way to the portal. It is looked for when something is asked, so a portal may come and go meanwhile.</summary>
internal sealed partial class PortalLink(PortalTarget target, TimeProvider time, ILoggerFactory logs) : IAsyncDisposable
{
    /// <summary>A person waits behind each call; a portal that is there answers in far less.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>No portal works longer on an answer, but for a wait; a way that swallows calls must not hold the client for ever.</summary>
    internal static readonly TimeSpan AnswerTakesAtMost = TimeSpan.FromSeconds(30);

    /// <summary>What the SDK's client puts before a message of the portal's.</summary>
    private const string RemoteMark = "Request failed (remote): ";

    private readonly Ids _ids = new(time);
    private readonly ILogger _logger = logs.CreateLogger<PortalLink>();
    private readonly SemaphoreSlim _turn = new(1);
    private readonly ConcurrentDictionary<ProgressToken, ProgressRelay> _progress = new();
    private readonly CancellationTokenSource _noMoreWaits = new();
    private PortalConnection? _connection;

    /// <summary>What the portal answers; the protocol's own error when it cannot be asked.</summary>
    public async ValueTask<T> AskAsync<T>(Func<McpClient, CancellationToken, ValueTask<T>> ask, CancellationToken cancellationToken)
    {
        try
        {
            return await TryAskAsync(ask, call: null, cancellationToken);
        }
        catch (PortalTrouble trouble)
        {
            throw new McpProtocolException($"{trouble.Refusal.Message} {trouble.Refusal.Next}", McpErrorCode.InternalError);
        }
    }

    /// <summary>What the portal answers, or what can be said without it.</summary>
    public async ValueTask<T> AskElseAsync<T>(
        Func<McpClient, CancellationToken, ValueTask<T>> ask, Func<T> otherwise, CancellationToken cancellationToken)
    {
        try
        {
            return await TryAskAsync(ask, call: null, cancellationToken);
        }
        catch (PortalTrouble)
        {
            return otherwise();
        }
    }

    /// <summary>Passes a call on, and back what the portal tells while it works on it.</summary>
    public async ValueTask<CallToolResult> CallToolAsync(RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken)
    {
        var call = RelayedCall.Of(request.Params, _ids);
        ProgressRelay? progress = null;
        if (request.Params.ProgressToken is { } token)
        {
            // The client's own token goes all the way: it is the only client here, and must not use one twice at a time.
            call.Parameters.Meta = new JsonObject { ["progressToken"] = JsonSerializer.SerializeToNode(token, McpJsonUtilities.DefaultOptions) };
            progress = _progress[token] = new ProgressRelay(request.Server, token);
        }
        try
        {
            return await TryAskAsync((client, ct) => client.CallToolAsync(call.Parameters, ct), call, cancellationToken);
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

    /// <summary>Answers every wait as one whose time is over; all other calls end by themselves.</summary>
    public void EndWaits() => _noMoreWaits.Cancel();

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null)
        {
            await _connection.DisposeAsync();
        }
        _turn.Dispose();
        _noMoreWaits.Dispose();
    }

    /// <param name="call">Null for what is no tool's call.</param>
    private async Task<T> TryAskAsync<T>(
        Func<McpClient, CancellationToken, ValueTask<T>> ask, RelayedCall? call, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(call?.Patience ?? AnswerTakesAtMost, time);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(
            patience.Token, call?.IsWait == true ? _noMoreWaits.Token : CancellationToken.None, cancellationToken);
        PortalConnection? connection = null;
        try
        {
            connection = await ConnectAsync(enough.Token);
            return await ask(connection.Client, enough.Token);
        }
        catch (McpProtocolException e) when (connection is not null && e.Message.StartsWith(RemoteMark, StringComparison.Ordinal))
        {
            // The portal's own answer, in its own words. What answers before it has greeted us may be anybody.
            throw new McpProtocolException(e.Message[RemoteMark.Length..], e.ErrorCode);
        }
        catch (Exception e) when (e is not PortalTrouble && (e is not McpProtocolException || connection is null) && !cancellationToken.IsCancellationRequested)
        {
            if (connection is not null && PortalTrouble.IsOfTheWay(e))
            {
                await ForgetAsync(connection);
            }
            var trouble = PortalTrouble.Of(e, target, isAsked: connection is not null, call);
            CouldNotAsk(trouble.Message);
            throw trouble;
        }
        finally
        {
            if (connection is not null)
            {
                await connection.DisposeAsync();
            }
        }
    }

    /// <summary>The connection that there is, or a new one; to be disposed of after the call.</summary>
    private async Task<PortalConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        if (target.Endpoint is null)
        {
            throw PortalTrouble.NoAddress();
        }
        if (target.WouldShowToken)
        {
            throw PortalTrouble.TokenInClear(target);
        }
        await _turn.WaitAsync(cancellationToken);
        try
        {
            _connection ??= await PortalConnection.OpenAsync(
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
            return _connection.Share();
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
            // A call may wait for minutes; each has a limit of its own.
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

    /// <summary>The next call begins anew: whatever answers then may be another portal. Calls that are under way go on.</summary>
    private async Task ForgetAsync(PortalConnection broken)
    {
        // Without the caller's token: the connection must not stay because somebody had no time. The turn may be taken by one who
        // connects, for as long as a client's greeting may take.
        await _turn.WaitAsync(CancellationToken.None);
        var mine = _connection == broken;
        _connection = mine ? null : _connection;
        _turn.Release();
        if (mine)
        {
            await broken.DisposeAsync();
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Reason}")]
    private partial void CouldNotAsk(string reason);
}
