using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace AiStackDeployer.StackGate.Supervision;

internal sealed record OpenCodeAnswer(int Generation, string? Version);

/// <summary>One look at whether OpenCode answers. Its health moved with nearly each version, so what answers tells the generation.</summary>
internal sealed class OpenCodeHealth : IDisposable
{
    private const string FirstGeneration = "/global/health";

    /// <summary>Newest first. Version 1 also answers the third, without its version, and any unknown path with its page.</summary>
    private static readonly string[] Paths = ["/api/info", "/api/status", "/api/health", FirstGeneration];

    private readonly HttpClient _http;
    private readonly TimeProvider _time;

    public OpenCodeHealth(OpenCodeEndpoint openCode, TimeProvider time)
    {
        _time = time;
        // A new connection each time: a kept one would say nothing about whether it still accepts any.
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.Zero })
        {
            BaseAddress = openCode.Address,
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = 64 * 1024,
        };
        var basic = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{openCode.User}:{openCode.Password}"));
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", basic);
        _http.DefaultRequestHeaders.Accept.ParseAdd("application/json");
    }

    public static TimeSpan LookTimeout { get; } = TimeSpan.FromSeconds(12);

    /// <summary>Shorter, because OpenCode never answers a request that arrives while it starts (1.18.33, seen), and the next one at once.</summary>
    public static TimeSpan StartLookTimeout { get; } = TimeSpan.FromSeconds(1.5);

    /// <summary>Null when it does not answer in time as a healthy OpenCode does.</summary>
    public async Task<OpenCodeAnswer?> LookAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        OpenCodeAnswer? unversioned = null;
        try
        {
            foreach (var path in Paths)
            {
                var answer = await AskAsync(path, either.Token);
                if (answer?.Version is not null)
                {
                    return answer;
                }
                unversioned ??= answer;
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
        return unversioned;
    }

    public void Dispose() => _http.Dispose();

    private async Task<OpenCodeAnswer?> AskAsync(string path, CancellationToken cancellationToken)
    {
        using var response = await _http.GetAsync(path, cancellationToken);
        if (!response.IsSuccessStatusCode || response.Content.Headers.ContentType?.MediaType != "application/json")
        {
            return null;
        }
        try
        {
            using var json = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken));
            return json.RootElement.ValueKind == JsonValueKind.Object ? Judge(json.RootElement, path) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static OpenCodeAnswer? Judge(JsonElement answer, string path)
    {
        var version = answer.TryGetProperty("version", out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;
        var isHealthy = answer.TryGetProperty("healthy", out var healthy) ? healthy.ValueKind == JsonValueKind.True : version is not null;
        var major = Version.TryParse(version?.Split('-')[0], out var number) ? number.Major : 0;
        var generation = major > 0 ? Math.Min(major, 2) : path == FirstGeneration ? 1 : 2;
        return isHealthy ? new OpenCodeAnswer(generation, version) : null;
    }
}
