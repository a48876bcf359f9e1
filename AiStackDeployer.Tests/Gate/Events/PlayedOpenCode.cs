using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Threading.Channels;

namespace AiStackDeployer.Tests.Gate.Events;

/// <summary>An OpenCode that the test plays: it opens event streams, writes their frames, and answers what is asked beside them.</summary>
internal sealed class PlayedOpenCode : HttpMessageHandler
{
    private readonly Channel<PlayedStream> _streams = Channel.CreateUnbounded<PlayedStream>();
    private readonly Channel<string> _questions = Channel.CreateUnbounded<string>();

    /// <summary>By path and query; what is not here is answered with 404.</summary>
    public Dictionary<string, string> Answers { get; } = [];

    /// <summary>Each attempt to open the stream fails with it; null = it opens.</summary>
    public HttpStatusCode? Refusal { get; set; }

    public string? LastAuthorization { get; private set; }

    public ValueTask<PlayedStream> NextStreamAsync() => _streams.Reader.ReadAsync(TestContext.Current.CancellationToken);

    /// <summary>The next question beside the stream, after it was answered.</summary>
    public ValueTask<string> NextQuestionAsync() => _questions.Reader.ReadAsync(TestContext.Current.CancellationToken);

    public bool HasQuestion => _questions.Reader.TryPeek(out _);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        LastAuthorization = request.Headers.Authorization?.ToString();
        var path = request.RequestUri!.PathAndQuery;
        if (path is "/global/event" or "/api/event")
        {
            var stream = new PlayedStream(path);
            _streams.Writer.TryWrite(stream);
            return Task.FromResult(Refusal is { } refusal
                ? new HttpResponseMessage(refusal)
                : new HttpResponseMessage(HttpStatusCode.OK)
                {
                    Content = new StreamContent(stream) { Headers = { ContentType = new MediaTypeHeaderValue("text/event-stream") } },
                });
        }
        _questions.Writer.TryWrite(path);
        return Task.FromResult(Answers.TryGetValue(path, out var answer)
            ? new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(answer) }
            : new HttpResponseMessage(HttpStatusCode.NotFound));
    }
}

/// <summary>An event stream that the test writes, and that tells when all of it has been read and dealt with.</summary>
internal sealed class PlayedStream(string path) : Stream
{
    private readonly Lock _lock = new();
    private readonly Channel<byte[]> _written = Channel.CreateUnbounded<byte[]>();
    private TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ReadOnlyMemory<byte> _rest;
    private int _pieces;

    public string Path => path;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public Task SendAsync(string json) => WriteAsync($"data: {json}\n\n");

    /// <summary>Completes when the reader asks for more.</summary>
    public async Task WriteAsync(string text)
    {
        Task drained;
        lock (_lock)
        {
            if (_drained.Task.IsCompleted)
            {
                _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }
            drained = _drained.Task;
            _pieces++;
            _written.Writer.TryWrite(Encoding.UTF8.GetBytes(text));
        }
        await drained.WaitAsync(TestContext.Current.CancellationToken);
    }

    public void End(Exception? fault = null) => _written.Writer.Complete(fault);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_rest.IsEmpty)
        {
            lock (_lock)
            {
                if (_pieces == 0)
                {
                    _drained.TrySetResult();
                }
            }
            if (!await _written.Reader.WaitToReadAsync(cancellationToken))
            {
                return 0;
            }
            lock (_lock)
            {
                _written.Reader.TryRead(out var next);
                _rest = next;
                _pieces--;
            }
        }
        var read = Math.Min(buffer.Length, _rest.Length);
        _rest[..read].CopyTo(buffer);
        _rest = _rest[read..];
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }
}
