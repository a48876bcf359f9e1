using System.IO.Compression;
using System.Net;
using System.Text.Json;
using System.Threading.Channels;
using AiStackDeployer.Contract;

namespace AiStackDeployer.Tests.Contract;

/// <summary>An ingest that the test plays: each request waits until the test answers it.</summary>
internal sealed class HandledRequests : HttpMessageHandler
{
    private readonly Channel<Handled> _requests = Channel.CreateUnbounded<Handled>();

    public ValueTask<Handled> NextAsync() => _requests.Reader.ReadAsync(TestContext.Current.CancellationToken);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Assert.Equal("gzip", Assert.Single(request.Content!.Headers.ContentEncoding));
        await using var body = new GZipStream(await request.Content.ReadAsStreamAsync(cancellationToken), CompressionMode.Decompress);
        var batch = (await JsonSerializer.DeserializeAsync(body, LogJsonContext.Default.LogBatch, cancellationToken))!;
        var handled = new Handled(request.Headers.Authorization?.ToString(), [.. batch.Events.Select(e => e.Id)]);
        _requests.Writer.TryWrite(handled);
        return await handled.AnswerAsync(cancellationToken);
    }
}

internal sealed class Handled(string? authorization, IReadOnlyList<string> ids)
{
    private readonly TaskCompletionSource<HttpResponseMessage> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string? Authorization => authorization;

    public IReadOnlyList<string> Ids => ids;

    public void Answer(HttpStatusCode status, string? body = null, int? retryAfter = null)
    {
        var response = new HttpResponseMessage(status) { Content = new StringContent(body ?? """{"accepted":1,"rejected":[]}""") };
        if (retryAfter is { } seconds)
        {
            response.Headers.RetryAfter = new(TimeSpan.FromSeconds(seconds));
        }
        _answer.SetResult(response);
    }

    public void Accept() => Answer(HttpStatusCode.Accepted);

    public void Break() => _answer.SetException(new HttpRequestException("no route to host"));

    public Task<HttpResponseMessage> AnswerAsync(CancellationToken cancellationToken) => _answer.Task.WaitAsync(cancellationToken);
}
