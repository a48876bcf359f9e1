using AiStackDeployer.Core.Deployments;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace AiStackDeployer.Web.Api;

/// <summary>RFC 9457 problem details with a stable <c>type</c> and <c>code</c>; the sentence never quotes what came in.</summary>
internal static class Problems
{
    public static ProblemHttpResult Of(int status, string code, string detail, IDictionary<string, object?>? more = null)
    {
        var extensions = new Dictionary<string, object?>(more ?? new Dictionary<string, object?>()) { ["code"] = code };
        return TypedResults.Problem(
            statusCode: status, type: TypeOf(code), title: TitleOf(status), detail: detail, extensions: extensions);
    }

    /// <summary>Gives every problem the framework makes by itself (404, 405, 413, 415, malformed JSON) a code too.</summary>
    public static void Complete(ProblemDetailsContext context)
    {
        var problem = context.ProblemDetails;
        if (problem.Extensions.ContainsKey("code"))
        {
            return;
        }
        var (code, detail) = problem.Status switch
        {
            400 => ("malformed-request", "The request could not be read. Send JSON such as {\"name\": \"my-stack\"}."),
            401 or 403 => ("not-allowed", "You may not do this."),
            404 => ("not-found", "There is nothing at this address."),
            405 => ("method-not-allowed", "This address does not know that method."),
            413 => ("too-large", "The request is too large."),
            415 => ("unsupported-media-type", "Send the request as application/json."),
            503 => ("storage-unavailable", "The portal cannot write to its database now. Nothing was begun; try again in a moment."),
            _ => ("internal-error", "Something went wrong in the portal. The operator's log has the cause."),
        };
        problem.Type = TypeOf(code);
        problem.Title = TitleOf(problem.Status ?? 500);
        problem.Detail = detail;
        problem.Extensions["code"] = code;
        problem.Extensions.Remove("exception");
    }

    private static string TypeOf(string code) => $"urn:ai-stack-deployer:problem:{code}";

    private static string TitleOf(int status) => Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status);
}

/// <summary>Turns the database's troubles into 503 and requests that cannot be read into their own status; the rest stays 500.</summary>
internal sealed class ProblemExceptionHandler(IProblemDetailsService problems) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is OperationCanceledException && httpContext.RequestAborted.IsCancellationRequested)
        {
            return true;
        }
        httpContext.Response.StatusCode = exception switch
        {
            BadHttpRequestException bad => bad.StatusCode,
            StorageUnavailableException => StatusCodes.Status503ServiceUnavailable,
            _ => StatusCodes.Status500InternalServerError,
        };
        return httpContext.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase)
            && await problems.TryWriteAsync(new ProblemDetailsContext
            {
                HttpContext = httpContext,
                ProblemDetails = new ProblemDetails { Status = httpContext.Response.StatusCode },
            });
    }
}
