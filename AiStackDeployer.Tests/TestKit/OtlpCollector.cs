using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AiStackDeployer.Tests.TestKit;

/// <summary>
/// Takes whatever is sent over OTLP/HTTP and keeps the bytes. In protobuf every text stands as it is, so that a search of the bytes
/// misses none, wherever a library may have put it.
/// </summary>
internal sealed class OtlpCollector : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<(string Path, byte[] Body)> _received = new();
    private readonly ConcurrentQueue<string> _keys = new();

    private OtlpCollector(WebApplication app) => _app = app;

    public Uri Address { get; private set; } = new("http://unset.invalid");

    /// <summary>The key that came with each batch.</summary>
    public IReadOnlyCollection<string> Keys => _keys;

    public static async Task<OtlpCollector> StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var collector = new OtlpCollector(app);
        app.MapPost("/v1/{signal}", (Delegate)collector.TakeAsync);
        await app.StartAsync(cancellationToken);
        collector.Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        return collector;
    }

    /// <summary>All that was sent of a kind (<c>traces</c>, <c>metrics</c>, <c>logs</c>), one byte a character.</summary>
    public string Of(string signal) => string.Concat(_received.Where(r => r.Path == $"/v1/{signal}").Select(r => Encoding.Latin1.GetString(r.Body)));

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task<IResult> TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        _received.Enqueue((context.Request.Path, body.ToArray()));
        _keys.Enqueue(context.Request.Headers["x-collector-key"].ToString());
        return Results.Bytes([], "application/x-protobuf");
    }
}
