using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;

namespace AiStackDeployer.Web.Api;

/// <summary>RFC 9457 problem details with a stable <c>type</c> and <c>code</c>; the sentence never quotes what came in.</summary>
internal static class Problems
{
    private const string Storage = "storage-unavailable";
    private const string NothingBegun = "The portal cannot write to its database now. Nothing was begun; try again in a moment.";
    private const string RetryAfter = "5";
    private const string MediaType = "application/problem+json";

    /// <summary>The paths whose errors are for programs; all others answer with pages.</summary>
    public static bool IsApi(PathString path) =>
        path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase)
        || path.StartsWithSegments("/mcp", StringComparison.OrdinalIgnoreCase)
        || path.StartsWithSegments("/health", StringComparison.OrdinalIgnoreCase);

    public static ProblemHttpResult Of(int status, string code, string detail, IReadOnlyDictionary<string, object?>? more = null)
    {
        var extensions = new Dictionary<string, object?>(more ?? new Dictionary<string, object?>()) { ["code"] = code };
        return TypedResults.Problem(
            statusCode: status, type: TypeOf(code), title: ReasonPhrases.GetReasonPhrase(status), detail: detail, extensions: extensions);
    }

    public static ProblemHttpResult StorageUnavailable(HttpContext context)
    {
        context.Response.Headers.RetryAfter = RetryAfter;
        return Of(StatusCodes.Status503ServiceUnavailable, Storage, NothingBegun);
    }

    /// <summary>
    /// The problem of a status that no endpoint explained (404, 405, 413, 415, malformed JSON, a fault of ours), as JSON whatever
    /// the caller accepts: an event stream's client would else get none.
    /// </summary>
    public static Task WriteAsync(HttpContext context, int status)
    {
        var (code, detail) = status switch
        {
            400 => ("malformed-request", "The request could not be read. Send JSON such as {\"name\": \"my-stack\"}."),
            401 or 403 => ("not-allowed", "You may not do this."),
            404 => ("not-found", "There is nothing at this address."),
            405 => ("method-not-allowed", "This address does not know that method."),
            408 => ("too-slow", "The request did not arrive in time."),
            413 => ("too-large", "The request is too large."),
            415 => ("unsupported-media-type", "Send the request as application/json."),
            503 => (Storage, NothingBegun),
            >= 400 and < 500 => ("refused", "The request cannot be served."),
            _ => ("internal-error", "Something went wrong in the portal. The operator's log has the cause."),
        };
        if (status == StatusCodes.Status503ServiceUnavailable)
        {
            context.Response.Headers.RetryAfter = RetryAfter;
        }
        context.Response.StatusCode = status;
        var problem = new ProblemDetails { Status = status, Type = TypeOf(code), Title = ReasonPhrases.GetReasonPhrase(status), Detail = detail };
        problem.Extensions["code"] = code;
        return context.Response.WriteAsJsonAsync(problem, options: null, MediaType, context.RequestAborted);
    }

    private static string TypeOf(string code) => $"urn:ai-stack-deployer:problem:{code}";
}
