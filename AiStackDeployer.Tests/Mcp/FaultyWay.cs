using System.Collections.Concurrent;
using System.Threading.Channels;
using AiStackDeployer.Web.Mcp;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AiStackDeployer.Tests.Mcp;

/// <summary>What becomes of a call on its way to a portal and back.</summary>
internal enum Fate
{
    Passes,

    /// <summary>The portal does as it is asked, and the connection breaks before its answer.</summary>
    AnswerIsCutOff,

    /// <summary>The portal does as it is asked, and something before it answers 502.</summary>
    AnswerIsAnError,

    /// <summary>The portal does as it is asked; the test lets its answer go.</summary>
    AnswerIsLate,

    /// <summary>Nothing comes back, for as long as the caller waits.</summary>
    IsSwallowed,
}

/// <summary>A server before a portal, as a proxy is one, that does to each call what a test says.</summary>
internal sealed class FaultyWay : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly HttpClient _portal;
    private readonly Channel<string> _swallowed = Channel.CreateUnbounded<string>();
    private readonly TaskCompletionSource _late = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentDictionary<string, Task> _connections = new();

    private FaultyWay(WebApplication server, Uri portal)
    {
        _server = server;
        _portal = new HttpClient { BaseAddress = portal, Timeout = Timeout.InfiniteTimeSpan };
        server.Run(ServeAsync);
    }

    /// <summary>Given a call's body; what speaks no tool's name passes.</summary>
    public Func<string, Fate> FateOf { get; set; } = _ => Fate.Passes;

    public Uri Root => new(_server.Urls.Single());

    /// <summary>Completes when every connection that was made to it is closed.</summary>
    public Task AllClosedAsync() => Task.WhenAll(_connections.Values).WaitAsync(TestContext.Current.CancellationToken);

    public static async Task<FaultyWay> OpenAsync(Uri portal)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var way = new FaultyWay(builder.Build(), portal);
        await way._server.StartAsync(TestContext.Current.CancellationToken);
        return way;
    }

    /// <summary>Lets all late answers go.</summary>
    public void LetGo() => _late.TrySetResult();

    /// <summary>The next call that was swallowed, or whose answer is late.</summary>
    public async Task<string> SwallowedAsync() => await _swallowed.Reader.ReadAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _portal.Dispose();
    }

    private async Task ServeAsync(HttpContext context)
    {
        _ = _connections.GetOrAdd(context.Connection.Id, _ =>
        {
            var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            context.Features.Get<IConnectionLifetimeFeature>()!.ConnectionClosed.Register(closed.SetResult);
            return closed.Task;
        });
        var gone = context.RequestAborted;
        var body = await new StreamReader(context.Request.Body).ReadToEndAsync(gone);
        var fate = FateOf(body);
        if (fate == Fate.IsSwallowed)
        {
            _swallowed.Writer.TryWrite(body);
            await new TaskCompletionSource().Task.WaitAsync(gone).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return;
        }
        using var request = new HttpRequestMessage(HttpMethod.Post, PortalMcp.Path.TrimStart('/')) { Content = new StringContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        foreach (var (name, values) in context.Request.Headers.Where(h => h.Key.StartsWith("Mcp-", StringComparison.OrdinalIgnoreCase) || h.Key == "Accept"))
        {
            request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
        }
        using var answer = await _portal.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, gone);
        if (fate == Fate.AnswerIsLate)
        {
            await answer.Content.LoadIntoBufferAsync(gone);
            _swallowed.Writer.TryWrite(body);
            await _late.Task.WaitAsync(gone);
        }
        if (fate is Fate.Passes or Fate.AnswerIsLate)
        {
            context.Response.StatusCode = (int)answer.StatusCode;
            context.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
            await answer.Content.CopyToAsync(context.Response.Body, gone);
            return;
        }
        await answer.Content.ReadAsByteArrayAsync(gone);
        if (fate == Fate.AnswerIsCutOff)
        {
            context.Abort();
        }
        context.Response.StatusCode = StatusCodes.Status502BadGateway;
    }
}
