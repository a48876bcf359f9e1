using System.Diagnostics.Metrics;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using System.Text.Json;
using AiStackDeployer.Core.Http;
using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Core.Provisioning;

/// <summary>How far a probe came: the first layer that does not answer, or all of them.</summary>
public enum ProbeLayer
{
    /// <summary>The name does not resolve.</summary>
    Dns,

    /// <summary>Nobody accepts the connection.</summary>
    Tcp,

    /// <summary>The certificate is not good for the name.</summary>
    Tls,

    /// <summary>An HTTP error, as from a proxy in front of nothing.</summary>
    Http,

    /// <summary>The program refuses the stack's own password.</summary>
    Password,

    /// <summary>Something answers, but not this program.</summary>
    WrongProgram,

    /// <summary>Right.</summary>
    Answers,
}

/// <param name="Status">The HTTP status, where one was received.</param>
public sealed record ProbeResult(ProbeLayer Layer, int? Status = null)
{
    /// <summary>For the log: the layer, and the status where there is one, e.g. <c>http 502</c>.</summary>
    public override string ToString() =>
        Status is { } status && Layer != ProbeLayer.Answers ? $"{Layer.ToString().ToLowerInvariant()} {status}" : Layer.ToString().ToLowerInvariant();
}

/// <summary>
/// Asks a stack's own address what a browser would meet there. Every probe is a new connection: a kept one would say nothing
/// about name, route and certificate.
/// </summary>
public sealed class ReadinessProbe : IDisposable
{
    private const int LargestAnswer = 64 * 1024;

    private static readonly HttpRequestOptionsKey<bool> Connected = new("connected");

    private readonly ReadinessOptions _options;
    private readonly TimeProvider _time;
    private readonly HttpMessageInvoker _http;

    public ReadinessProbe(ReadinessOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
        _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            PooledConnectionLifetime = TimeSpan.Zero,
            ConnectCallback = ConnectAsync,
            // Ten probes a second at times, each with a stack's name in its address: the run's notes tell what they met, and
            // neither a span for each nor a series for each name would tell more. Nor does a stack need our trace's id.
            ActivityHeadersPropagator = null,
            MeterFactory = new UnheardMeters(),
        });
    }

    /// <summary>OpenCode's health behind the stack's password.</summary>
    public Task<ProbeResult> ProbeAsync(string stackUrl, StackCredentials credentials, CancellationToken cancellationToken) =>
        AskAsync(stackUrl + _options.Path, credentials, JudgeHealthAsync, cancellationToken);

    /// <summary>Whether the web terminal's page is there.</summary>
    public async Task<bool> ProbeTerminalAsync(string terminalUrl, StackCredentials credentials, CancellationToken cancellationToken) =>
        (await AskAsync(terminalUrl, credentials, JudgePageAsync, cancellationToken)).Layer == ProbeLayer.Answers;

    public void Dispose() => _http.Dispose();

    private async Task<ProbeResult> AskAsync(
        string url,
        StackCredentials credentials,
        Func<HttpResponseMessage, CancellationToken, Task<ProbeResult>> judge,
        CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(_options.ProbeTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        try
        {
            request.Headers.Authorization = new AuthenticationHeaderValue(
                "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{credentials.UserName}:{credentials.Password}")));
            request.Headers.Accept.ParseAdd("application/json, */*;q=0.1");
            using var response = await _http.SendAsync(request, either.Token);
            return (int)response.StatusCode switch
            {
                401 or 403 => new ProbeResult(ProbeLayer.Password, (int)response.StatusCode),
                >= 200 and < 300 => await judge(response, either.Token),
                var status => new ProbeResult(ProbeLayer.Http, status),
            };
        }
        catch (Exception e) when (e is HttpRequestException or IOException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return new ProbeResult(LayerOf(e, IsConnected(request)));
        }
    }

    private static ProbeLayer LayerOf(Exception failure, bool connected)
    {
        for (var e = failure; e is not null; e = e.InnerException)
        {
            switch (e)
            {
                case AuthenticationException:
                    return ProbeLayer.Tls;
                case SocketException socket when DnsTrouble.Is(socket):
                    return ProbeLayer.Dns;
            }
        }
        // A connection that was accepted and then cut off or left unanswered: a proxy, or a program that is just coming up.
        return connected ? ProbeLayer.Http : ProbeLayer.Tcp;
    }

    private static bool IsConnected(HttpRequestMessage request) => request.Options.TryGetValue(Connected, out var connected) && connected;

    private async Task<ProbeResult> JudgeHealthAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        if (_options.ExpectedTrueMember is not { } member)
        {
            return new ProbeResult(ProbeLayer.Answers, status);
        }
        // OpenCode answers every unknown path with its page and 200: only the right JSON counts.
        if (response.Content.Headers.ContentType?.MediaType != "application/json")
        {
            return new ProbeResult(ProbeLayer.WrongProgram, status);
        }
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            var buffer = new byte[LargestAnswer];
            var length = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
            using var json = JsonDocument.Parse(buffer.AsMemory(0, length));
            var healthy = json.RootElement.ValueKind == JsonValueKind.Object
                && json.RootElement.TryGetProperty(member, out var value)
                && value.ValueKind == JsonValueKind.True;
            return new ProbeResult(healthy ? ProbeLayer.Answers : ProbeLayer.WrongProgram, status);
        }
        catch (JsonException)
        {
            return new ProbeResult(ProbeLayer.WrongProgram, status);
        }
    }

    private static Task<ProbeResult> JudgePageAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
        Task.FromResult(new ProbeResult(ProbeLayer.Answers, (int)response.StatusCode));

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var target = ConnectAddress.Instead(_options.ConnectAddress, context.DnsEndPoint);
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
        public Meter Create(MeterOptions options) => new("ReadinessProbe." + options.Name);

        public void Dispose()
        {
        }
    }
}
