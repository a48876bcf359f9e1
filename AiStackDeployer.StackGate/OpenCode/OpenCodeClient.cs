using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using AiStackDeployer.StackGate.Supervision;

namespace AiStackDeployer.StackGate.OpenCode;

/// <param name="Directory">The folder that was asked about; null = all of OpenCode.</param>
/// <param name="AtWork">The sessions that are busy, or try again.</param>
/// <param name="Asked">The requests that wait for a person, and whose they are.</param>
internal sealed record SessionsState(string? Directory, IReadOnlySet<string> AtWork, IReadOnlyDictionary<string, string> Asked);

/// <summary>What the gate asks OpenCode, on loopback and with OpenCode's own password.</summary>
internal sealed class OpenCodeClient
{
    private const int MostSessions = 50;
    private const int MostCounted = 10_000;
    private const int MostPages = 100;

    private readonly HttpClient _http;

    /// <param name="http">Without a timeout, because a stream has no end.</param>
    public OpenCodeClient(HttpClient http, OpenCodeEndpoint endpoint)
    {
        _http = http;
        _http.BaseAddress = endpoint.Address;
        // The list of permissions holds whole files.
        _http.MaxResponseContentBufferSize = 8 * 1024 * 1024;
        _http.DefaultRequestHeaders.Authorization =
            new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{endpoint.User}:{endpoint.Password}")));
    }

    /// <summary>All events from now on, of all folders.</summary>
    public async Task<HttpResponseMessage> OpenEventsAsync(int generation, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, generation == 1 ? "/global/event" : "/api/event");
        request.Headers.Accept.ParseAdd("text/event-stream");
        var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (response.IsSuccessStatusCode && response.Content.Headers.ContentType?.MediaType == "text/event-stream")
        {
            return response;
        }
        using (response)
        {
            throw new HttpRequestException($"OpenCode's event stream answered {(int)response.StatusCode} {response.Content.Headers.ContentType?.MediaType}.");
        }
    }

    /// <summary>V1: what is at work and what waits in one folder. It is loaded by that when it is not, so only ask about one in which something has happened.</summary>
    public async Task<SessionsState> ReadFolderAsync(string directory, CancellationToken cancellationToken)
    {
        var query = $"?directory={Uri.EscapeDataString(directory)}";
        using var status = await GetAsync("/session/status" + query, cancellationToken);
        var atWork = new HashSet<string>();
        if (status.RootElement.ValueKind == JsonValueKind.Object)
        {
            atWork.UnionWith(status.RootElement.EnumerateObject().Where(s => s.Value.Name("type") is "busy" or "retry").Select(s => s.Name));
        }
        var asked = new Dictionary<string, string>();
        using var permissions = await GetAsync("/permission" + query, cancellationToken);
        AddRequests(asked, permissions.RootElement);
        using var questions = await GetAsync("/question" + query, cancellationToken);
        AddRequests(asked, questions.RootElement);
        return new SessionsState(directory, atWork, asked);
    }

    /// <summary>V2: what is at work and what waits.</summary>
    public async Task<SessionsState> ReadAllAsync(CancellationToken cancellationToken)
    {
        using var active = await GetAsync("/api/session/active", cancellationToken);
        var atWork = active.RootElement.Get("data") is { ValueKind: JsonValueKind.Object } sessions
            ? sessions.EnumerateObject().Select(s => s.Name).ToHashSet()
            : [];
        var asked = new Dictionary<string, string>();
        foreach (var session in atWork.Take(MostSessions))
        {
            foreach (var kind in (string[])["permission", "question", "form"])
            {
                await AddRequestsAsync(asked, $"/api/session/{Uri.EscapeDataString(session)}/{kind}", cancellationToken);
            }
        }
        return new SessionsState(null, atWork, asked);
    }

    /// <summary>How many sessions there are, of all folders; null = more than can be counted, or it is not told like that.</summary>
    public async Task<int?> CountSessionsAsync(int generation, CancellationToken cancellationToken)
    {
        var path = generation == 1 ? $"/experimental/session?limit={MostCounted}" : "/api/session";
        var count = 0;
        for (var page = 1; page <= MostPages; page++)
        {
            using var answer = await GetAsync(path, cancellationToken);
            var list = answer.RootElement.ValueKind == JsonValueKind.Array ? answer.RootElement : answer.RootElement.Get("data") ?? answer.RootElement.Get("items") ?? default;
            if (list.ValueKind != JsonValueKind.Array)
            {
                return null;
            }
            count += list.GetArrayLength();
            if (generation == 1 || answer.RootElement.Get("cursor")?.Text("next", 1_000) is not { Length: > 0 } next)
            {
                return count < MostCounted ? count : null;
            }
            path = $"/api/session?cursor={Uri.EscapeDataString(next)}";
        }
        return null;
    }

    /// <summary>V2 has had questions under two names.</summary>
    private async Task AddRequestsAsync(Dictionary<string, string> asked, string path, CancellationToken cancellationToken)
    {
        try
        {
            using var requests = await GetAsync(path, cancellationToken);
            AddRequests(asked, requests.RootElement.Get("data") ?? default);
        }
        catch (Exception e) when (e is JsonException or HttpRequestException { StatusCode: not null })
        {
            // Another version.
        }
    }

    private static void AddRequests(Dictionary<string, string> asked, JsonElement list)
    {
        if (list.ValueKind != JsonValueKind.Array)
        {
            return;
        }
        foreach (var request in list.EnumerateArray())
        {
            if (request.Id("id") is { } id && request.Id("sessionID") is { } session)
            {
                asked[id] = session;
            }
        }
    }

    private async Task<JsonDocument> GetAsync(string path, CancellationToken cancellationToken)
    {
        using var response = await _http.GetAsync(path, cancellationToken);
        response.EnsureSuccessStatusCode();
        return JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken));
    }
}
