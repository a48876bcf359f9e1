using System.Net.ServerSentEvents;
using System.Text.Json.Nodes;

namespace AiStackDeployer.Tests.TestKit;

/// <summary>One event as the client sees it.</summary>
internal sealed record SeenEvent(string Type, long? Id, string Data)
{
    public JsonNode Json => JsonNode.Parse(Data)!;

    public bool IsTerminal => Type is "complete" or "error";
}

/// <summary>A client of <c>/api/status/{id}</c>.</summary>
internal sealed class EventReader : IAsyncDisposable
{
    private readonly IAsyncEnumerator<SeenEvent> _events;

    private EventReader(HttpResponseMessage answer, Stream stream)
    {
        Answer = answer;
        _events = Parse(stream).GetAsyncEnumerator(TestContext.Current.CancellationToken);
    }

    public HttpResponseMessage Answer { get; }

    public static async Task<EventReader> OpenAsync(HttpClient client, string deploymentId, long? lastEventId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"api/status/{deploymentId}");
        request.Headers.Accept.ParseAdd("text/event-stream");
        if (lastEventId is { } last)
        {
            request.Headers.Add("Last-Event-ID", last.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }
        var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        return new EventReader(answer, await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
    }

    public async Task<SeenEvent> NextAsync()
    {
        Assert.True(await _events.MoveNextAsync(), $"The stream ended: {(int)Answer.StatusCode} {Answer.Content.Headers.ContentType}.");
        return _events.Current;
    }

    /// <summary>Null = the stream ended.</summary>
    public async Task<SeenEvent?> NextOrEndAsync() => await _events.MoveNextAsync() ? _events.Current : null;

    /// <summary>All up to the stream's end.</summary>
    public async Task<List<SeenEvent>> RestAsync()
    {
        var seen = new List<SeenEvent>();
        while (await _events.MoveNextAsync())
        {
            seen.Add(_events.Current);
        }
        return seen;
    }

    public async ValueTask DisposeAsync()
    {
        await _events.DisposeAsync();
        Answer.Dispose();
    }

    private static async IAsyncEnumerable<SeenEvent> Parse(Stream stream)
    {
        var parser = SseParser.Create(stream);
        string? id = null;
        await foreach (var item in parser.EnumerateAsync(TestContext.Current.CancellationToken))
        {
            var isNew = parser.LastEventId != (id ?? "");
            id = parser.LastEventId;
            yield return new SeenEvent(
                item.EventType, isNew ? long.Parse(id, System.Globalization.CultureInfo.InvariantCulture) : null, item.Data);
        }
    }
}
