using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AiStackDeployer.Web.Mcp.Relay;

/// <summary>
/// The portal for clients that start their server as a process: passes each message from standard input to a running portal, and
/// back. It is no portal itself: no settings, no database, no port.
/// </summary>
internal sealed class StdioRelay : IAsyncDisposable
{
    public const string Command = "mcp";

    private const string InputEnded = "relay/input-ended";

    /// <summary>Beyond the longest wait that a tool allows: a lost call must not keep its client for ever.</summary>
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(WaitTool.MostSeconds + 30);

    private readonly ITransport _client;
    private readonly ITransport _portal;
    private readonly PortalTarget _target;
    private readonly TextWriter _errors;
    private readonly ConcurrentDictionary<RequestId, CancellationTokenSource> _calls = new();
    private readonly List<Task> _running = [];
    private bool _hasAnswered;
    private string? _lastError;

    private StdioRelay(ITransport client, ITransport portal, PortalTarget target, TextWriter errors)
    {
        _client = client;
        _portal = portal;
        _target = target;
        _errors = errors;
    }

    /// <summary>Until the client has closed its end and has its last answer.</summary>
    public static async Task<int> RunAsync()
    {
        // Standard output belongs to the protocol; whatever else is written, by whomever, goes to standard error.
        await using var output = Console.OpenStandardOutput();
        Console.SetOut(Console.Error);
        await ServeAsync(Console.OpenStandardInput(), output, PortalTarget.Read(Environment.GetEnvironmentVariable), Console.Error);
        return 0;
    }

    internal static async Task ServeAsync(Stream input, Stream output, PortalTarget target, TextWriter errors)
    {
        var lines = new Pipe();
        var copying = CopyAsync(input, lines.Writer);
        await using var client = new StreamServerTransport(lines.Reader.AsStream(), output);
        await using var http = CreateTransport(target);
        await using var relay = new StdioRelay(client, await http.ConnectAsync(), target, errors);
        await relay.PassOnAsync();
        await copying;
    }

    public ValueTask DisposeAsync() => _portal.DisposeAsync();

    /// <summary>
    /// The SDK's transport sends nothing any more once its input has ended, but a script pipes its lines and is gone. So the end is a
    /// message, behind which the input stays open until all is answered.
    /// </summary>
    private static async Task CopyAsync(Stream input, PipeWriter lines)
    {
        try
        {
            await input.CopyToAsync(lines);
        }
        catch (IOException)
        {
            // A client that broke off is gone as one that closed its end.
        }
        await lines.WriteAsync(Encoding.UTF8.GetBytes($"\n{{\"jsonrpc\":\"2.0\",\"method\":\"{InputEnded}\"}}\n"));
    }

    private static HttpClientTransport CreateTransport(PortalTarget target)
    {
        // A redirect would carry the token to wherever it points.
        var http = new HttpClient(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(5), AllowAutoRedirect = false, UseCookies = false })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        return new HttpClientTransport(
            new HttpClientTransportOptions
            {
                Endpoint = target.Endpoint ?? PortalTarget.Usual,
                TransportMode = HttpTransportMode.StreamableHttp,
                EnableStandaloneGetStream = false,
                AdditionalHeaders = target.Token is { } token ? new Dictionary<string, string> { ["Authorization"] = $"Bearer {token}" } : null,
            },
            http,
            loggerFactory: null,
            ownsHttpClient: true);
    }

    private async Task PassOnAsync()
    {
        var answering = PassAnswersAsync();
        await foreach (var message in _client.MessageReader.ReadAllAsync())
        {
            if (message is JsonRpcNotification { Method: InputEnded })
            {
                break;
            }
            if (message is JsonRpcNotification { Method: NotificationMethods.CancelledNotification, Params: { } cancelled })
            {
                // The portal keeps no session: it hears of it by the end of the call's own connection.
                Cancel(cancelled);
                continue;
            }
            var sending = SendAsync(message);
            if (message is JsonRpcRequest { Method: RequestMethods.Initialize })
            {
                // What follows carries the version that this agrees on.
                await sending;
            }
            _running.RemoveAll(task => task.IsCompleted);
            _running.Add(sending);
        }
        await Task.WhenAll(_running);
        await _portal.DisposeAsync();
        await answering;
    }

    private async Task PassAnswersAsync()
    {
        try
        {
            await foreach (var message in _portal.MessageReader.ReadAllAsync())
            {
                _hasAnswered = true;
                await _client.SendMessageAsync(message);
            }
        }
        catch (ClientTransportClosedException)
        {
            // By us, when all is answered.
        }
    }

    private async Task SendAsync(JsonRpcMessage message)
    {
        using var call = new CancellationTokenSource(CallTimeout);
        var request = message as JsonRpcRequest;
        var isCancellable = request is not null && _calls.TryAdd(request.Id, call);
        try
        {
            if (_target.Fault is { } fault)
            {
                await RefuseAsync(request, fault);
                return;
            }
            await _portal.SendMessageAsync(message, call.Token);
        }
        catch (OperationCanceledException) when (isCancellable && !_calls.ContainsKey(request!.Id))
        {
            // By its client, who expects no answer.
        }
        catch (McpProtocolException e)
        {
            await RefuseAsync(request, e.Message, e.ErrorCode);
        }
        catch (Exception e)
        {
            await RefuseAsync(request, RelayFault.Explain(e, _target.Shown, _hasAnswered));
        }
        finally
        {
            if (isCancellable)
            {
                _calls.TryRemove(new(request!.Id, call));
            }
        }
    }

    private void Cancel(JsonNode cancelled)
    {
        try
        {
            if (cancelled.Deserialize<CancelledNotificationParams>(McpJsonUtilities.DefaultOptions) is { } which
                && _calls.TryRemove(which.RequestId, out var call))
            {
                call.Cancel();
            }
        }
        catch (Exception e) when (e is JsonException or ObjectDisposedException)
        {
            // It names no request, or one that has its answer by now.
        }
    }

    private async Task RefuseAsync(JsonRpcRequest? request, string sentence, McpErrorCode code = McpErrorCode.InternalError)
    {
        if (Interlocked.Exchange(ref _lastError, sentence) != sentence)
        {
            await _errors.WriteLineAsync(sentence);
        }
        if (request is not null)
        {
            await _client.SendMessageAsync(
                new JsonRpcError { Id = request.Id, Error = new JsonRpcErrorDetail { Code = (int)code, Message = sentence } });
        }
    }
}
