using System.Text;
using AiStackDeployer.Tests.TestKit;
using AiStackDeployer.Web.Mcp;
using Microsoft.AspNetCore.Http;

namespace AiStackDeployer.Tests.Mcp;

/// <summary>An answer that is long in coming, as a proxy between portal and client sees it.</summary>
public sealed class ClientFormsTests : IDisposable
{
    private readonly WatchedTime _time = new(DateTimeOffset.UnixEpoch);
    private readonly MemoryStream _sent = new();
    private readonly TaskCompletionSource _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Dispose() => _sent.Dispose();

    [Theory]
    [InlineData("application/json, text/event-stream", ":\n\n:\n\ndata: {\"id\":1}\n\n")]
    [InlineData("application/json", "  {\"id\":1}")]
    public async Task Something_is_sent_every_15_seconds_and_the_answer_is_whole_all_the_same(string accept, string sent)
    {
        var call = new ClientForms(_time).AnswerAsync(Context(accept, "{}"), AnswerAsync);
        for (var beat = 0; beat < 2; beat++)
        {
            await _time.WaitsForAsync(ClientForms.Heartbeat);
            _time.Advance(ClientForms.Heartbeat);
        }
        await _time.WaitsForAsync(ClientForms.Heartbeat);
        _answer.SetResult();
        await call;

        Assert.Equal(sent, Encoding.UTF8.GetString(_sent.ToArray()));
    }

    [Fact]
    public async Task An_answer_in_time_has_nothing_before_it()
    {
        _answer.SetResult();
        await new ClientForms(_time).AnswerAsync(Context("application/json", "{}"), AnswerAsync);

        Assert.Equal("{\"id\":1}", Encoding.UTF8.GetString(_sent.ToArray()));
    }

    private async Task AnswerAsync(HttpContext context)
    {
        await _answer.Task;
        context.Response.ContentType = "text/event-stream";
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes("data: {\"id\":1}\n\n"), TestContext.Current.CancellationToken);
        await context.Response.Body.FlushAsync(TestContext.Current.CancellationToken);
    }

    private DefaultHttpContext Context(string accept, string body) => new()
    {
        Request = { Method = "POST", Body = new MemoryStream(Encoding.UTF8.GetBytes(body)), Headers = { Accept = accept } },
        Response = { Body = _sent },
    };
}
