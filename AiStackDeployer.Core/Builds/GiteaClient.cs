using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using AiStackDeployer.Core.Http;

namespace AiStackDeployer.Core.Builds;

/// <summary>
/// The runs of a repository's workflows (Gitea's API, <c>listWorkflowRuns</c>, since 1.25). Read tolerantly: a run that lacks something is
/// shown without it. Throws <see cref="GiteaException"/> and nothing else, apart from cancellation.
/// </summary>
internal sealed class GiteaClient(HttpClient http, GiteaOptions options)
{
    /// <summary>Of all workflows; those of the configured one are chosen from them.</summary>
    private const int Asked = 50;

    private const int LongestText = 200;

    /// <summary>Newest first.</summary>
    public async Task<IReadOnlyList<BuildRun>> ListRunsAsync(CancellationToken cancellationToken)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"api/v1/repos/{options.Repository}/actions/runs?limit={Asked}");
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("token", options.ApiToken);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            return response.StatusCode == HttpStatusCode.OK
                ? Read(body)
                : throw new GiteaException(KindOf(response.StatusCode), (int)response.StatusCode) { RetryAfter = response.Headers.RetryAfter?.Delta };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The cause is left out: its text may quote what was read.
            throw new GiteaException(GiteaFault.Unreadable);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && CallFailure.Of(e) is { } failure)
        {
            throw new GiteaException(
                failure.Kind switch
                {
                    CallFailureKind.TimedOut => GiteaFault.TimedOut,
                    CallFailureKind.TooLarge => GiteaFault.Unreadable,
                    _ => GiteaFault.Unreachable,
                },
                cause: e);
        }
    }

    private List<BuildRun> Read(byte[] body)
    {
        using var document = JsonDocument.Parse(body);
        if (ErrorJson.Member(document.RootElement, "workflow_runs") is not { ValueKind: JsonValueKind.Array } runs)
        {
            throw new GiteaException(GiteaFault.Unreadable, 200);
        }
        return
        [
            .. runs.EnumerateArray().Where(run => run.ValueKind == JsonValueKind.Object).Select(RunOf)
                .Where(run => options.Workflow is null || run.Workflow == options.Workflow)
                .OrderByDescending(run => run.Number),
        ];
    }

    private static BuildRun RunOf(JsonElement run) => new(
        ErrorJson.Member(run, "run_number") is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var n) ? n : 0,
        Text(run, "display_title") ?? "",
        // As "image.yaml@refs/heads/main".
        Text(run, "path")?.Split('@')[0].Split('/')[^1],
        Text(run, "head_sha")?.ToLowerInvariant(),
        Text(run, "head_branch"),
        StateOf(Text(run, "status"), Text(run, "conclusion")),
        Time(run, "started_at"),
        Time(run, "completed_at"),
        // It becomes a link.
        Uri.TryCreate(Text(run, "html_url"), UriKind.Absolute, out var url) && url.Scheme is "http" or "https" ? url : null);

    private static BuildState StateOf(string? status, string? conclusion) => (status == "completed" ? conclusion : status) switch
    {
        "queued" or "waiting" or "pending" or "blocked" or "requested" => BuildState.Queued,
        "in_progress" or "running" => BuildState.Running,
        "success" => BuildState.Succeeded,
        "failure" or "timed_out" => BuildState.Failed,
        "cancelled" => BuildState.Cancelled,
        "skipped" => BuildState.Skipped,
        _ => BuildState.Unknown,
    };

    private static string? Text(JsonElement run, string name) =>
        ErrorJson.Text(run, name) is { Length: > 0 } text ? text[..Math.Min(text.Length, LongestText)] : null;

    /// <summary>What has not happened is told as a time of the year 1, or of 1970.</summary>
    private static DateTimeOffset? Time(JsonElement run, string name) =>
        DateTimeOffset.TryParse(ErrorJson.Text(run, name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) && time.Year > 1970 ? time : null;

    private static GiteaFault KindOf(HttpStatusCode status) => status switch
    {
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => GiteaFault.TokenRefused,
        HttpStatusCode.NotFound => GiteaFault.NotFound,
        HttpStatusCode.TooManyRequests => GiteaFault.RateLimited,
        >= HttpStatusCode.InternalServerError => GiteaFault.ServerError,
        _ => GiteaFault.Unreadable,
    };
}
