using System.ComponentModel;
using AiStackDeployer.Core.Naming;
using AiStackDeployer.Web.Presentation;
using AiStackDeployer.Web.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AiStackDeployer.Web.Api;

internal static class NamesApi
{
    public static void MapNames(this RouteGroupBuilder portal)
    {
        var api = portal.MapGroup("/check").WithTags("Names").ProducesProblems(ProblemKinds.Always);
        api.MapGet("/{**name}", CheckAsync).WithName("checkName")
            .WithSummary("Ask whether a name can be had")
            .WithDescription("200 for any name. Nothing is held: the start of a deployment decides. With the owner's cookie, the owner's names are reported as theirs.");
        // Kestrel refuses a path with %00, and routing changes one with a slash at the end or dots alone.
        api.MapGet("", AskAsync).WithName("askName")
            .WithSummary("Ask about a name given as a parameter")
            .WithDescription("The same as `/api/check/{name}`, also for what cannot stand in a path.");
    }

    private static Task<Ok<CheckAnswer>> CheckAsync(
        [Description("The name as a person would type it, percent-encoded.")] string? name, HttpContext context, NameAvailabilityService names,
        NameText text, CancellationToken cancellationToken) => AnswerAsync(name, context, names, text, cancellationToken);

    private static Task<Ok<CheckAnswer>> AskAsync(
        [Description("The name as a person would type it.")] string? name, HttpContext context, NameAvailabilityService names, NameText text,
        CancellationToken cancellationToken) => AnswerAsync(name, context, names, text, cancellationToken);

    private static async Task<Ok<CheckAnswer>> AnswerAsync(
        string? name, HttpContext context, NameAvailabilityService names, NameText text, CancellationToken cancellationToken)
    {
        var caller = context.User.PersonIdOrNull() is { } id ? new NameHolder("api", id) : null;
        var report = NameReport.Of(await names.CheckAsync(name, caller, cancellationToken), text);
        return TypedResults.Ok(new CheckAnswer(
            report.IsAvailable,
            report.IsValid,
            report.Name,
            Error: report.IsAvailable ? null : report.Sentence,
            report.Code,
            report.Suggestions.Count == 0 ? null : report.Suggestions));
    }
}
