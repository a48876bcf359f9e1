using System.Net;
using AiStackDeployer.LogIngest.Settings;

namespace AiStackDeployer.LogIngest.Loki;

/// <summary>What Loki made of a push.</summary>
internal enum PushResult
{
    Stored,

    /// <summary>Some line of it, or all: the good ones may be stored already.</summary>
    Rejected,

    TooLarge,

    RateLimited,

    /// <summary>No answer, or 5xx: Loki starts, stops, or is away.</summary>
    Unavailable,

    /// <summary>Another 2xx than 200 and 204: 260 says that ingestion is blocked by the operator.</summary>
    Blocked,

    /// <summary>The address, the tenant or a sign-in in front of it is wrong.</summary>
    Refused,
}

/// <param name="Said">What it answered, for the log.</param>
internal sealed record PushAnswer(PushResult Result, string Said = "", TimeSpan? RetryAfter = null);

/// <summary>Loki's HTTP API: one attempt at a time, without retries.</summary>
internal sealed class LokiClient(HttpClient http, IngestSettings settings)
{
    private const int MostSaid = 300;

    public async Task<PushAnswer> PushAsync(IEnumerable<LogEntry> entries, CancellationToken cancellationToken)
    {
        try
        {
            using var request = Request(HttpMethod.Post, "loki/api/v1/push");
            request.Content = LokiPush.Of(entries);
            using var response = await http.SendAsync(request, cancellationToken);
            var result = response.StatusCode switch
            {
                HttpStatusCode.NoContent or HttpStatusCode.OK => PushResult.Stored,
                HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity => PushResult.Rejected,
                HttpStatusCode.RequestEntityTooLarge => PushResult.TooLarge,
                HttpStatusCode.TooManyRequests => PushResult.RateLimited,
                HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError => PushResult.Unavailable,
                < HttpStatusCode.Ambiguous => PushResult.Blocked,
                _ => PushResult.Refused,
            };
            return result == PushResult.Stored
                ? new PushAnswer(result)
                : new PushAnswer(result, $"{(int)response.StatusCode} {await SaidAsync(response, cancellationToken)}", response.Headers.RetryAfter?.Delta);
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return new PushAnswer(PushResult.Unavailable, e is OperationCanceledException ? "no answer in time" : e.Message);
        }
    }

    /// <exception cref="BackendException">It does not answer, or not with entries.</exception>
    public async Task<byte[]> QueryRangeAsync(string query, CancellationToken cancellationToken)
    {
        try
        {
            using var request = Request(HttpMethod.Get, "loki/api/v1/query_range?" + query);
            using var response = await http.SendAsync(request, cancellationToken);
            return response.IsSuccessStatusCode
                ? await response.Content.ReadAsByteArrayAsync(cancellationToken)
                : throw new BackendException($"Loki answered {(int)response.StatusCode}: {await SaidAsync(response, cancellationToken)}");
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new BackendException("Loki does not answer.", e);
        }
    }

    private HttpRequestMessage Request(HttpMethod method, string path)
    {
        var request = new HttpRequestMessage(method, new Uri(settings.LokiUrl!, path));
        if (settings.LokiTenant is not null)
        {
            request.Headers.Add("X-Scope-OrgID", settings.LokiTenant);
        }
        return request;
    }

    private static async Task<string> SaidAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var said = (await response.Content.ReadAsStringAsync(cancellationToken)).ReplaceLineEndings(" ").Trim();
        return said.Length > MostSaid ? said[..MostSaid] : said;
    }
}
