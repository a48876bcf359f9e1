using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization;
using AiStackDeployer.Core.Http;

namespace AiStackDeployer.Core.Logs;

/// <summary>Reads the lines of one stack from the log ingest. Throws <see cref="LogIngestException"/> and nothing else, apart from cancellation.</summary>
internal sealed class LogIngestClient(HttpClient http, LogIngestOptions options)
{
    /// <param name="since">Nothing older: the name may have been another stack's before.</param>
    public async Task<LogIngestPage> QueryAsync(string stack, DateTimeOffset since, StackLogQuery query, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, AddressOf(stack, since, query));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", options.Key);
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            return response.StatusCode == HttpStatusCode.OK
                ? JsonSerializer.Deserialize(body, LogIngestJsonContext.Default.LogIngestPage) ?? throw new LogIngestException(LogIngestFault.Unreadable)
                : throw new LogIngestException(KindOf(response.StatusCode), (int)response.StatusCode);
        }
        catch (JsonException)
        {
            // The cause is left out: its text may quote what was read.
            throw new LogIngestException(LogIngestFault.Unreadable);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && CallFailure.Of(e) is { } failure)
        {
            throw new LogIngestException(
                failure.Kind switch
                {
                    CallFailureKind.TimedOut => LogIngestFault.TimedOut,
                    CallFailureKind.TooLarge => LogIngestFault.Unreadable,
                    _ => LogIngestFault.Unreachable,
                },
                cause: e);
        }
    }

    private static string AddressOf(string stack, DateTimeOffset since, StackLogQuery query)
    {
        IEnumerable<(string Name, string? Value)> parameters =
        [
            ("stack", stack), ("since", since.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)), ("q", query.Search), .. query.Levels.Select(level => ("level", (string?)Word(level))),
            .. query.Sources.Where(source => source != LogSource.Container).Select(source => ("source", (string?)Word(source))),
            ("type", query.Type), ("before", query.Before), ("after", query.After), ("limit", query.Limit.ToString(CultureInfo.InvariantCulture)),
        ];
        return "query?" + string.Join('&', parameters.Where(p => p.Value is not null).Select(p => $"{p.Name}={Uri.EscapeDataString(p.Value!)}"));
    }

    private static string Word<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();

    private static LogIngestFault KindOf(HttpStatusCode status) => status switch
    {
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => LogIngestFault.KeyRefused,
        HttpStatusCode.BadRequest => LogIngestFault.Invalid,
        HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError => LogIngestFault.ServerError,
        _ => LogIngestFault.Unreadable,
    };
}

internal sealed record LogIngestPage
{
    public IReadOnlyList<LogIngestEntry> Entries { get => field ?? []; init; }

    public bool More { get; init; }
}

/// <summary>As the ingest tells it; an entry without a place or a time is none.</summary>
internal sealed record LogIngestEntry
{
    public string? Cursor { get; init; }

    public DateTimeOffset? Ts { get; init; }

    public string? Stack { get; init; }

    public string? Source { get; init; }

    public string? Type { get; init; }

    public string? Level { get; init; }

    public string? SessionId { get; init; }

    public string? Message { get; init; }

    public IReadOnlyDictionary<string, JsonElement> Attrs { get => field ?? new Dictionary<string, JsonElement>(); init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(LogIngestPage))]
internal sealed partial class LogIngestJsonContext : JsonSerializerContext;
