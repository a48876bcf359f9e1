using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization;
using AiStackDeployer.Contract;
using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Core.Provisioning;

/// <summary>Asks gates with the portal's own tickets, by the same way as the readiness probe, and remembers in memory what they told.</summary>
internal sealed class StackGates(ProvisioningOptions options, ISecretProtector secrets, ActivitySamples samples, Ids ids, TimeProvider time) : IStackGates, IDisposable
{
    /// <summary>Somebody waits for it, and a stack that needs longer is in trouble anyway.</summary>
    internal static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    /// <summary>Nobody waits for it, and OpenCode may have to load a folder first.</summary>
    private static readonly TimeSpan CountTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Stacks that are gone are never asked again; before they are too many, all are forgotten and asked again.</summary>
    private const int MostKnown = 50_000;

    private readonly HttpMessageInvoker _http = StackHttp.Create(options.Readiness.ConnectAddress);
    private readonly ConcurrentDictionary<string, StackActivity?> _known = new();

    public async Task<bool> HasGateAsync(Stack stack, CancellationToken cancellationToken) =>
        LastTold(stack.Id) is not null || await AskAsync(stack, cancellationToken) is not null;

    public Task<StackActivity?> AskAsync(Stack stack, CancellationToken cancellationToken) => AskAsync(stack, "/.stack/activity", Timeout, cancellationToken);

    public async Task<int?> CountSessionsAsync(Stack stack, CancellationToken cancellationToken) =>
        (await AskAsync(stack, "/.stack/activity?sessions=true", CountTimeout, cancellationToken))?.SessionsStored;

    private async Task<StackActivity?> AskAsync(Stack stack, string path, TimeSpan longest, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var ticket = StackTickets.Issue(secrets.Unprotect(stack.ProtectedPassword), stack.Url, TicketUse.Portal, "portal", ids.NewTicketId(), now);
        using var timeout = new CancellationTokenSource(longest, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Get, stack.Url + path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", ticket);
        request.Headers.Accept.ParseAdd("application/json");
        try
        {
            using var response = await _http.SendAsync(request, either.Token);
            if ((int)response.StatusCode >= 500)
            {
                // A proxy in front of nothing, or a gate in trouble: what was known stays.
                return null;
            }
            var told = response.IsSuccessStatusCode ? await ReadAsync(response, either.Token) : null;
            return Remember(stack.Id, told is null ? null : told with { ToldAt = now });
        }
        catch (Exception e) when (e is HttpRequestException or IOException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }

    public StackActivity? LastTold(string stackId) => _known.GetValueOrDefault(stackId);

    public bool IsKnownWithout(string stackId) => _known.TryGetValue(stackId, out var told) && told is null;

    public void Dispose() => _http.Dispose();

    private StackActivity? Remember(string stackId, StackActivity? told)
    {
        if (_known.Count >= MostKnown)
        {
            _known.Clear();
        }
        if (told is not null)
        {
            samples.Add(stackId, told);
        }
        return _known[stackId] = told;
    }

    private static async Task<StackActivity?> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using var json = await StackHttp.ReadJsonAsync(response, cancellationToken);
        try
        {
            return json?.Deserialize(ActivityJsonContext.Default.StackActivity) is { Gate.Length: > 0 } told ? told : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(StackActivity))]
internal sealed partial class ActivityJsonContext : JsonSerializerContext;
