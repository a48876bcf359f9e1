using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Serialization;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Web.Presentation;
using AiStackDeployer.Web.Security;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Localization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;

namespace AiStackDeployer.Web.Api;

/// <summary>Problem details (RFC 9457) with a stable code. No member quotes what came in.</summary>
public sealed class Problem : ProblemDetails
{
    /// <summary>Names that can be had instead.</summary>
    public IReadOnlyList<string>? Suggestions { get; init; }

    /// <summary>The deployment that stands in the way.</summary>
    public string? DeploymentId { get; init; }

    /// <summary>The parameter that is wrong.</summary>
    public string? Parameter { get; init; }

    /// <summary>Whether what was asked for may have been done all the same.</summary>
    public bool? MayHaveHappened { get; init; }

    /// <summary>Stable, to be switched on.</summary>
    public string Code { get; init; } = "";

    /// <summary>This call's id, which the portal's log of a fault (500, 503) holds.</summary>
    public string? TraceId { get; set; }

    [JsonIgnore]
    internal int? RetryAfterSeconds { get; init; }
}

internal static class Problems
{
    public const string MediaType = "application/problem+json";

    /// <summary>The paths that are for programs.</summary>
    public static bool IsApi(PathString path) =>
        Gate.IsApi(path) || path.StartsWithSegments("/health", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// Whose errors are told in JSON: programs ask at other addresses too, for example whether there is a way to sign in. A browser that
    /// goes to a page says that it takes HTML.
    /// </summary>
    public static bool IsForProgram(HttpContext context) =>
        // The exception handler has put the error page's path into the request already.
        IsApi(context.Features.Get<IExceptionHandlerPathFeature>() is { Path: var failed } ? new PathString(failed) : context.Request.Path)
        || !HttpMethods.IsGet(context.Request.Method)
        || !context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    /// <param name="detail">Instead of the kind's own sentence, where another one says more.</param>
    public static ProblemHttpResult Of(
        ProblemKind kind, string? detail = null, string? deploymentId = null, string? parameter = null, IReadOnlyList<string>? suggestions = null,
        bool? mayHaveHappened = null) => TypedResults.Problem(new Problem
        {
            Status = kind.Status,
            Code = kind.Code,
            Detail = detail,
            DeploymentId = deploymentId,
            Parameter = parameter,
            Suggestions = suggestions,
            MayHaveHappened = mayHaveHappened,
            RetryAfterSeconds = kind.RetryAfterSeconds,
        });

    public static ProblemHttpResult Of(BeginResult.UnderMaintenance held, ProblemText text) =>
        Of(ProblemKinds.UnderMaintenance with { RetryAfterSeconds = text.SecondsUntil(held.Until) }, text.UnderMaintenance(held));

    public static string TraceIdOf(HttpContext context) => Activity.Current?.Id ?? context.TraceIdentifier;

    /// <summary>Says in the OpenAPI document which problems a route, or all routes of a group, may answer with.</summary>
    public static TBuilder ProducesProblems<TBuilder>(this TBuilder builder, params ProblemKind[] kinds) where TBuilder : IEndpointConventionBuilder
    {
        foreach (var status in kinds.Select(k => k.Status).Distinct())
        {
            builder.WithMetadata(new ProducesResponseTypeMetadata(status, typeof(Problem), [MediaType]));
        }
        return builder.WithMetadata([.. kinds]);
    }
}

/// <summary>
/// Writes every problem of the API, whoever found it: a handler, the framework's validation or routing, or the exception handler. As
/// JSON whatever the caller accepts: the framework's own writer leaves the client of an event stream without an answer.
/// </summary>
internal sealed class ProblemWriter(ProblemText text) : IProblemDetailsWriter
{
    public bool CanWrite(ProblemDetailsContext context) => Problems.IsForProgram(context.HttpContext);

    public async ValueTask WriteAsync(ProblemDetailsContext context)
    {
        var http = context.HttpContext;
        // This may be written outside of the middleware that sets the culture.
        CultureInfo.CurrentUICulture = http.Features.Get<IRequestCultureFeature>()?.RequestCulture.UICulture ?? CultureInfo.CurrentUICulture;
        var problem = context.ProblemDetails as Problem
            ?? ParameterProblems.Find(context, text)
            ?? (Problem)Problems.Of(ProblemKinds.OfStatus(http.Response.StatusCode)).ProblemDetails;
        var status = problem.Status!.Value;
        problem.Type = $"urn:ai-stack-deployer:problem:{problem.Code}";
        problem.Title = ReasonPhrases.GetReasonPhrase(status);
        problem.Detail ??= text.Sentence(problem.Code);
        problem.TraceId = Problems.TraceIdOf(http);
        http.Response.StatusCode = status;
        if (problem.RetryAfterSeconds is { } seconds)
        {
            http.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }
        await http.Response.WriteAsJsonAsync(problem, options: null, Problems.MediaType, http.RequestAborted);
    }
}
