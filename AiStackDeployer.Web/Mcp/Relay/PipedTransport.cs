using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace AiStackDeployer.Web.Mcp.Relay;

/// <summary>
/// The protocol line by line on two streams. The SDK's own transport sends nothing any more once its input has ended; this one stays
/// open until every request has its answer: a script pipes its lines and is gone.
/// </summary>
internal sealed class PipedTransport : ITransport
{
    private static readonly JsonSerializerOptions Json = McpJsonUtilities.DefaultOptions;

    private readonly Stream _output;
    private readonly Channel<JsonRpcMessage> _messages = Channel.CreateUnbounded<JsonRpcMessage>();
    private readonly SemaphoreSlim _turn = new(1);
    private readonly Lock _lock = new();
    private readonly HashSet<RequestId> _unanswered = [];
    private readonly TaskCompletionSource _inputEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _hasEnded;

    /// <param name="input">Read until its end, which nothing here brings about: standard input can be left behind only with the process.</param>
    public PipedTransport(Stream input, Stream output)
    {
        _output = output;
        _ = Task.Run(() => ReadAsync(input));
    }

    public string? SessionId => null;

    /// <summary>Ends when the input has ended and nothing is unanswered.</summary>
    public ChannelReader<JsonRpcMessage> MessageReader => _messages.Reader;

    /// <summary>Completes when the client has closed its end.</summary>
    public Task InputEnded => _inputEnded.Task;

    public async Task SendMessageAsync(JsonRpcMessage message, CancellationToken cancellationToken = default)
    {
        byte[] line = [.. JsonSerializer.SerializeToUtf8Bytes(message, Json.GetTypeInfo(typeof(JsonRpcMessage))), (byte)'\n'];
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await _output.WriteAsync(line, cancellationToken);
            await _output.FlushAsync(cancellationToken);
        }
        finally
        {
            _turn.Release();
            if (message is JsonRpcResponse or JsonRpcError)
            {
                Settle(((JsonRpcMessageWithId)message).Id);
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        _messages.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }

    private async Task ReadAsync(Stream input)
    {
        using var reader = new StreamReader(input, Encoding.UTF8);
        try
        {
            while (await reader.ReadLineAsync() is { } line)
            {
                if (Parse(line) is { } message)
                {
                    Take(message);
                }
            }
        }
        catch (IOException)
        {
            // A client that broke off is gone as one that closed its end.
        }
        finally
        {
            lock (_lock)
            {
                _hasEnded = true;
                CompleteIfDone();
            }
            _inputEnded.SetResult();
        }
    }

    /// <summary>Null for what is no message; nobody could be answered.</summary>
    private static JsonRpcMessage? Parse(string line)
    {
        try
        {
            return (JsonRpcMessage?)JsonSerializer.Deserialize(line, Json.GetTypeInfo(typeof(JsonRpcMessage)));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Null when it names none.</summary>
    private static RequestId? RequestOf(JsonNode cancelled)
    {
        try
        {
            return cancelled.Deserialize<CancelledNotificationParams>(Json)?.RequestId;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private void Take(JsonRpcMessage message)
    {
        if (message is JsonRpcRequest request)
        {
            lock (_lock)
            {
                _unanswered.Add(request.Id);
            }
        }
        else if (message is JsonRpcNotification { Method: NotificationMethods.CancelledNotification, Params: { } cancelled }
            && RequestOf(cancelled) is { } calledOff)
        {
            // What was called off gets no answer.
            Settle(calledOff);
        }
        _messages.Writer.TryWrite(message);
    }

    private void Settle(RequestId id)
    {
        lock (_lock)
        {
            _unanswered.Remove(id);
            CompleteIfDone();
        }
    }

    private void CompleteIfDone()
    {
        if (_hasEnded && _unanswered.Count == 0)
        {
            _messages.Writer.TryComplete();
        }
    }
}
