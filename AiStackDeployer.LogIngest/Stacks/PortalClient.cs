using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using AiStackDeployer.LogIngest.Settings;

namespace AiStackDeployer.LogIngest.Stacks;

/// <summary>Asks the portal which stacks there are.</summary>
internal sealed class PortalClient(HttpClient http, IngestSettings settings)
{
    /// <returns>The list and its ETag; null when it is still the one of <paramref name="etag"/>.</returns>
    /// <exception cref="PortalException">The portal does not answer, refuses the key, or answers something else.</exception>
    public async Task<(IReadOnlyList<KnownStack> Stacks, string? Etag)?> ListAsync(string? etag, CancellationToken cancellationToken)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(settings.PortalUrl, "api/ingest/stacks"));
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", settings.Key);
            if (EntityTagHeaderValue.TryParse(etag, out var tag))
            {
                request.Headers.IfNoneMatch.Add(tag);
            }
            using var response = await http.SendAsync(request, cancellationToken);
            if (response.StatusCode == HttpStatusCode.NotModified)
            {
                return null;
            }
            if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
            {
                throw new PortalException("The portal refuses LOG_INGEST_KEY; both must have the same one.");
            }
            if (response.StatusCode != HttpStatusCode.OK)
            {
                throw new PortalException($"The portal answered {(int)response.StatusCode}.");
            }
            var answer = await response.Content.ReadFromJsonAsync(StackListJson.Default.StackListAnswer, cancellationToken);
            return answer is { Stacks: { } stacks } && stacks.All(s => s is { Name.Length: > 0, TokenHash.Length: 64 })
                ? (stacks, response.Headers.ETag?.ToString())
                : throw new PortalException("The portal's answer is no list of stacks.");
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or IOException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new PortalException($"The portal cannot be reached: {e.Message}", e);
        }
    }
}

internal sealed class PortalException(string message, Exception? inner = null) : Exception(message, inner);
