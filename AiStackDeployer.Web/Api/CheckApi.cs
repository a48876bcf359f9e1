using AiStackDeployer.Core.Naming;
using AiStackDeployer.Web.Presentation;
using AiStackDeployer.Web.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AiStackDeployer.Web.Api;

internal static class CheckApi
{
    /// <summary>
    /// Whether a name can be had; 200 for any name, and nothing is held. <c>%00</c> in a path never gets here, Kestrel answers it
    /// with a bare 400 (RFC 9110 allows no NUL there): a name with one is asked for in the query.
    /// </summary>
    public static async Task<Ok<CheckAnswer>> GetAsync(
        string? name, HttpContext context, NameAvailabilityService names, NameText text, CancellationToken cancellationToken)
    {
        var asker = context.User.Identity?.IsAuthenticated == true ? new NameHolder("api", context.User.PersonId()) : null;
        var availability = await names.CheckAsync(name, asker, cancellationToken);
        var report = NameReport.Of(name, availability, text);
        return TypedResults.Ok(new CheckAnswer(
            report.IsAvailable,
            report.IsValid,
            report.Name,
            Error: report.IsAvailable ? null : report.Sentence,
            report.Code,
            report.Suggestions.Count == 0 ? null : report.Suggestions));
    }

    /// <inheritdoc cref="GetAsync"/>
    public static async Task<Results<Ok<CheckAnswer>, ProblemHttpResult>> AskAsync(
        HttpContext context, NameAvailabilityService names, NameText text, CancellationToken cancellationToken)
    {
        var query = new QueryReader(context.Request.Query);
        var name = query.Read(ApiParameters.AskedName);
        return query.Fault is { } fault ? Problems.Of(context, fault) : await GetAsync(name, context, names, text, cancellationToken);
    }
}
