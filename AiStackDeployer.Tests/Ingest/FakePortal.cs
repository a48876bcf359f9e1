using AiStackDeployer.Contract;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace AiStackDeployer.Tests.Ingest;

/// <summary>The one address of the portal that the ingest asks, with an ETag as the portal's.</summary>
internal sealed class FakePortal : IAsyncDisposable
{
    private readonly WebApplication _app;
    private volatile string[] _stacks = [];
    private int _asked;
    private int _full;

    private FakePortal()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    public Uri Url => new(_app.Urls.Single());

    /// <summary>Another answer than the list.</summary>
    public int? Status { get; set; }

    /// <summary>All questions, and those that were answered with the whole list.</summary>
    public (int All, int Full) Asked => (Volatile.Read(ref _asked), Volatile.Read(ref _full));

    public string? Authorization { get; private set; }

    public static async Task<FakePortal> StartAsync(params string[] stacks)
    {
        var portal = new FakePortal { _stacks = stacks };
        await portal._app.StartAsync(TestContext.Current.CancellationToken);
        return portal;
    }

    public static string TokenOf(string stack) => StackKeys.IngestToken("the password of " + stack);

    public void Set(params string[] stacks) => _stacks = stacks;

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private Task AnswerAsync(HttpContext context)
    {
        Interlocked.Increment(ref _asked);
        Authorization = context.Request.Headers.Authorization;
        var stacks = _stacks;
        var etag = $"W/\"{string.Join('+', stacks)}\"";
        if (Status is { } status)
        {
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        }
        if (context.Request.Path != "/api/ingest/stacks")
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }
        context.Response.Headers.ETag = etag;
        if (context.Request.Headers.IfNoneMatch == etag)
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }
        Interlocked.Increment(ref _full);
        return context.Response.WriteAsJsonAsync(new { stacks = stacks.Select(s => new { name = s, token_hash = StackKeys.HashOf(TokenOf(s)) }) });
    }
}
