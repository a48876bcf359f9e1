using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using System.Text.Json;
using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Core.Provisioning;

/// <param name="Layer">The first layer that does not answer; null = the right program answers.</param>
/// <param name="Status">The HTTP status, where one was received.</param>
public sealed record ProbeResult(AddressLayer? Layer, int? Status = null)
{
    /// <summary>The health path that answered; null when none did.</summary>
    public string? Path { get; init; }

    /// <summary>What the program calls its version there; null when it does not say.</summary>
    public string? Version { get; init; }

    /// <summary>For the log: the layer, and the status where there is one, e.g. <c>http 502</c>.</summary>
    public override string ToString()
    {
        var layer = (Layer?.ToString() ?? "answers").ToLowerInvariant();
        return Layer is not null && Status is { } status ? $"{layer} {status}" : layer;
    }
}

/// <summary>Asks a stack's own address what a browser would meet there.</summary>
public sealed class ReadinessProbe : IDisposable
{
    private const int LongestVersion = 64;

    /// <summary>
    /// Where OpenCode tells its health, newest first: 2.0.4 and later, builds between, 2.0.0 to 2.0.3, version 1. Version 1 answers the
    /// third one too, without its version.
    /// </summary>
    private static readonly string[] HealthPaths = ["/api/info", "/api/status", "/api/health", "/global/health"];

    private readonly ReadinessOptions _options;
    private readonly TimeProvider _time;
    private readonly HttpMessageInvoker _http;

    public ReadinessProbe(ReadinessOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
        _http = StackHttp.Create(options.ConnectAddress);
    }

    /// <summary>One look at the stack's health, behind its password: the first layer that fails, or the path and version that answered.</summary>
    /// <param name="knownPath">The path that answered before, asked first; null = none yet.</param>
    public async Task<ProbeResult> ProbeAsync(
        string stackUrl, StackCredentials credentials, string? knownPath, CancellationToken cancellationToken)
    {
        if (_options.Path is { } only)
        {
            return (await AskAsync(stackUrl, only, credentials, JudgeHealthAsync, cancellationToken)).Result;
        }
        if (_options.ExpectedTrueMember is null)
        {
            // Another program than OpenCode, of which nothing is known but that it answers.
            return (await AskAsync(stackUrl, "/", credentials, JudgeHealthAsync, cancellationToken)).Result;
        }
        ProbeResult? unversioned = null;
        ProbeResult? absent = null;
        var known = knownPath is not null && HealthPaths.Contains(knownPath) ? knownPath : null;
        foreach (var path in HealthPaths.Where(p => p != known).Prepend(known).OfType<string>())
        {
            var (result, isElsewhere) = await AskAsync(stackUrl, path, credentials, JudgeHealthAsync, cancellationToken);
            if (result.Layer is null)
            {
                if (result.Version is not null || path == known)
                {
                    return result;
                }
                unversioned ??= result;
            }
            else if (isElsewhere)
            {
                // A page says more than a 404: some program is there.
                absent = absent is { Layer: AddressLayer.WrongProgram } ? absent : result;
            }
            else
            {
                return unversioned ?? result;
            }
        }
        return unversioned ?? absent!;
    }

    /// <summary>Whether a web terminal is there: ttyd tells its token, while OpenCode answers any path with its page.</summary>
    public async Task<bool> ProbeTerminalAsync(
        string stackUrl, string terminalPath, StackCredentials credentials, CancellationToken cancellationToken)
    {
        var (result, _) = await AskAsync(stackUrl, terminalPath.TrimEnd('/') + "/token", credentials, JudgeTerminalAsync, cancellationToken);
        return result.Layer is null;
    }

    public void Dispose() => _http.Dispose();

    private async Task<Answer> AskAsync(
        string stackUrl,
        string path,
        StackCredentials credentials,
        Func<HttpResponseMessage, CancellationToken, Task<Answer>> judge,
        CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(_options.ProbeTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Get, stackUrl + path);
        try
        {
            request.Headers.Authorization = new AuthenticationHeaderValue(
                "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{credentials.UserName}:{credentials.Password}")));
            request.Headers.Accept.ParseAdd("application/json, */*;q=0.1");
            using var response = await _http.SendAsync(request, either.Token);
            var status = (int)response.StatusCode;
            var answer = status switch
            {
                401 or 403 => new Answer(new ProbeResult(AddressLayer.Password, status)),
                >= 200 and < 300 => await judge(response, either.Token),
                _ => new Answer(new ProbeResult(AddressLayer.Http, status), IsElsewhere: status is 404 or 405),
            };
            return answer.Result.Layer is null ? answer with { Result = answer.Result with { Path = path } } : answer;
        }
        catch (Exception e) when (e is HttpRequestException or IOException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return new Answer(new ProbeResult(LayerOf(e, StackHttp.IsConnected(request))));
        }
    }

    private static AddressLayer LayerOf(Exception failure, bool connected)
    {
        for (var e = failure; e is not null; e = e.InnerException)
        {
            switch (e)
            {
                case AuthenticationException:
                    return AddressLayer.Tls;
                case SocketException socket when DnsTrouble.Is(socket):
                    return AddressLayer.Dns;
            }
        }
        // A connection that was accepted and then cut off or left unanswered: a proxy, or a program that is just coming up.
        return connected ? AddressLayer.Http : AddressLayer.Tcp;
    }

    private async Task<Answer> JudgeHealthAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        if (_options.ExpectedTrueMember is not { } member)
        {
            return new Answer(new ProbeResult(null, status));
        }
        using var json = await StackHttp.ReadJsonAsync(response, cancellationToken);
        var version = Text(json, "version");
        var isHealthy = json is not null && json.RootElement.TryGetProperty(member, out var value)
            ? value.ValueKind == JsonValueKind.True
            : version is not null && member == ReadinessOptions.OpenCodeMember;
        return isHealthy
            ? new Answer(new ProbeResult(null, status) { Version = Shown(version) })
            // OpenCode answers every unknown path with its page and 200.
            : new Answer(new ProbeResult(AddressLayer.WrongProgram, status), IsElsewhere: response.Content.Headers.ContentType?.MediaType == "text/html");
    }

    private static async Task<Answer> JudgeTerminalAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using var json = await StackHttp.ReadJsonAsync(response, cancellationToken);
        return new Answer(new ProbeResult(
            Text(json, "token") is null ? AddressLayer.WrongProgram : null, (int)response.StatusCode));
    }

    private static string? Text(JsonDocument? json, string member)
    {
        try
        {
            return json is not null && json.RootElement.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String
                ? value.GetString()
                : null;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair: valid JSON, but no text.
            return null;
        }
    }

    /// <summary>The stack's page is its agent's to write: what is no plain version is not shown.</summary>
    private static string? Shown(string? version) =>
        version is { Length: > 0 and <= LongestVersion } && version.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '+' or '_') ? version : null;

    /// <param name="IsElsewhere">Nothing is at this path, but OpenCode of another age may answer at another one.</param>
    private readonly record struct Answer(ProbeResult Result, bool IsElsewhere = false);
}
