using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace AiStackDeployer.Core.Connections.Checks;

/// <summary>
/// Asks the portal at its own public address, so through the proxy in front of it, and compares what it says of that call with what the
/// call was. That it does not answer is no fault: it may not run yet, or its name may lead nowhere from inside.
/// </summary>
/// <param name="portal">Its base address is the public one.</param>
internal sealed class PortalAddressCheck(HttpClient portal, TimeSpan timeout, TimeProvider time) : IConnectionCheck
{
    private const int LongestAnswer = 16 * 1024;

    public IReadOnlyList<ConnectionTarget> Targets { get; } = [ConnectionTarget.PortalAddress];

    public async IAsyncEnumerable<ConnectionResult> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var (scheme, status) = await AskAsync(cancellationToken);
        var cause = scheme is null ? ConnectionCause.PortalNotReached
            : scheme == portal.BaseAddress!.Scheme ? ConnectionCause.PortalAnswers
            : ConnectionCause.PortalSeesHttp;
        yield return new ConnectionResult(ConnectionTarget.PortalAddress, cause)
        {
            Facts = new ConnectionFacts { Host = portal.BaseAddress!.GetLeftPart(UriPartial.Path).TrimEnd('/'), HttpStatus = (int?)status },
            Latency = status is null ? null : time.GetElapsedTime(started),
        };
    }

    /// <summary>The scheme as the portal saw it; null when no portal answers.</summary>
    private async Task<(string? Scheme, HttpStatusCode? Status)> AskAsync(CancellationToken cancellationToken)
    {
        using var deadline = new Deadline(timeout, time, cancellationToken);
        HttpStatusCode? status = null;
        try
        {
            using var answer = await portal.GetAsync("health/live", HttpCompletionOption.ResponseHeadersRead, deadline.Token);
            status = answer.StatusCode;
            await answer.Content.LoadIntoBufferAsync(LongestAnswer, deadline.Token);
            using var life = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(deadline.Token));
            return (life.RootElement.ValueKind == JsonValueKind.Object && life.RootElement.TryGetProperty("scheme", out var scheme) ? scheme.ToString() : null, status);
        }
        catch (Exception e) when (e is HttpRequestException or JsonException || (e is OperationCanceledException && deadline.HasPassed))
        {
            return (null, status);
        }
    }
}
