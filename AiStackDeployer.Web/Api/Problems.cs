using System.Diagnostics;
using System.Globalization;
using AiStackDeployer.Web.Presentation;
using AiStackDeployer.Web.Security;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Localization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;

namespace AiStackDeployer.Web.Api;

/// <summary>
/// RFC 9457 problem details with a stable <c>type</c> and <c>code</c>, and a sentence in the caller's language that never quotes
/// what came in.
/// </summary>
internal static class Problems
{
    public const string MediaType = "application/problem+json";

    private const string TraceId = "traceId";

    /// <summary>The paths whose errors are for programs; all others answer with pages.</summary>
    public static bool IsApi(PathString path) =>
        Gate.IsApi(path) || path.StartsWithSegments("/health", StringComparison.OrdinalIgnoreCase);

    public static ProblemHttpResult Of(HttpContext context, ProblemKind kind, IReadOnlyDictionary<string, object?>? more = null) =>
        Of(context, kind, context.RequestServices.GetRequiredService<ProblemText>().Sentence(kind.Code), more);

    /// <param name="detail">Instead of the kind's own sentence, where another one says more.</param>
    public static ProblemHttpResult Of(
        HttpContext context, ProblemKind kind, string detail, IReadOnlyDictionary<string, object?>? more = null)
    {
        Announce(context, kind);
        var problem = Of(kind.Status, kind.Code, detail, more);
        // The framework's writer would add it, but writes to nobody who accepts a stream alone.
        problem.ProblemDetails.Extensions[TraceId] = TraceIdOf(context);
        return problem;
    }

    public static ProblemHttpResult Of(HttpContext context, ParameterFault fault) => Of(
        context,
        ProblemKinds.ParameterInvalid,
        context.RequestServices.GetRequiredService<ProblemText>().Sentence(fault.Rule, [fault.Parameter, .. fault.Arguments]),
        new Dictionary<string, object?> { ["parameter"] = fault.Parameter });

    public static ProblemHttpResult Of(int status, string code, string detail, IReadOnlyDictionary<string, object?>? more = null)
    {
        var extensions = new Dictionary<string, object?>(more ?? new Dictionary<string, object?>()) { ["code"] = code };
        return TypedResults.Problem(
            statusCode: status, type: TypeOf(code), title: ReasonPhrases.GetReasonPhrase(status), detail: detail, extensions: extensions);
    }

    /// <summary>
    /// The problem of a status that no endpoint explained (404, 405, 413, 415, malformed JSON, a fault of ours), as JSON whatever
    /// the caller accepts: an event stream's client would else get none.
    /// </summary>
    public static Task WriteAsync(HttpContext context, int status)
    {
        // This is written outside of the middleware that sets the culture, and so after it has been taken back.
        CultureInfo.CurrentUICulture = context.Features.Get<IRequestCultureFeature>()?.RequestCulture.UICulture ?? CultureInfo.CurrentUICulture;
        var kind = ProblemKinds.OfStatus(status);
        Announce(context, kind);
        context.Response.StatusCode = status;
        var problem = new ProblemDetails
        {
            Status = status,
            Type = TypeOf(kind.Code),
            Title = ReasonPhrases.GetReasonPhrase(status),
            Detail = context.RequestServices.GetRequiredService<ProblemText>().Sentence(kind.Code),
        };
        problem.Extensions["code"] = kind.Code;
        problem.Extensions[TraceId] = TraceIdOf(context);
        return context.Response.WriteAsJsonAsync(problem, options: null, MediaType, context.RequestAborted);
    }

    /// <summary>This request's id in the portal's log.</summary>
    public static string TraceIdOf(HttpContext context) => Activity.Current?.Id ?? context.TraceIdentifier;

    public static string TypeOf(string code) => $"urn:ai-stack-deployer:problem:{code}";

    private static void Announce(HttpContext context, ProblemKind kind)
    {
        if (kind.RetryAfterSeconds is { } seconds)
        {
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }
    }
}
