using System.Diagnostics.Metrics;
using System.Net.Sockets;
using System.Text.Json;
using AiStackDeployer.Core.Http;

namespace AiStackDeployer.Core.Provisioning;

/// <summary>
/// The portal's way to stacks' own addresses. Every call is a new connection: a kept one would say nothing about name, route and
/// certificate. What answers there is not trusted: no redirect is followed, and no answer is read without end.
/// </summary>
internal static class StackHttp
{
    private const int LargestAnswer = 64 * 1024;

    private static readonly HttpRequestOptionsKey<bool> Connected = new("connected");

    /// <param name="connectAddress">Where to connect instead of where the name leads; null = where it leads.</param>
    public static HttpMessageInvoker Create(string? connectAddress) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        PooledConnectionLifetime = TimeSpan.Zero,
        ConnectCallback = (context, cancellationToken) => ConnectAsync(connectAddress, context, cancellationToken),
        // Ten probes a second at times, each with a stack's name in its address: the run's notes tell what they met, and
        // neither a span for each nor a series for each name would tell more. Nor does a stack need our trace's id.
        ActivityHeadersPropagator = null,
        MeterFactory = new UnheardMeters(),
    });

    public static bool IsConnected(HttpRequestMessage request) => request.Options.TryGetValue(Connected, out var connected) && connected;

    /// <summary>Null when the answer is not one JSON object.</summary>
    public static async Task<JsonDocument?> ReadJsonAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentType?.MediaType != "application/json")
        {
            return null;
        }
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[LargestAnswer];
        var length = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        try
        {
            var json = JsonDocument.Parse(buffer.AsMemory(0, length));
            if (json.RootElement.ValueKind == JsonValueKind.Object)
            {
                return json;
            }
            json.Dispose();
        }
        catch (JsonException)
        {
        }
        return null;
    }

    private static async ValueTask<Stream> ConnectAsync(string? connectAddress, SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var target = ConnectAddress.Instead(connectAddress, context.DnsEndPoint);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(target, cancellationToken);
            context.InitialRequestMessage.Options.Set(Connected, true);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Gives the handler's meter a name that nobody exports.</summary>
    private sealed class UnheardMeters : IMeterFactory
    {
        public Meter Create(MeterOptions options) => new("StackHttp." + options.Name);

        public void Dispose()
        {
        }
    }
}
