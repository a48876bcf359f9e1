using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.People;
using AiStackDeployer.Web.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AiStackDeployer.Web.Api;

/// <summary>People, and whose a stack is.</summary>
internal static class PeopleApi
{
    public static void MapPeople(this RouteGroupBuilder portal)
    {
        var api = portal.MapGroup("").WithTags("People").ProducesProblems(ProblemKinds.Always).ProducesProblems(ProblemKinds.NotAllowed);
        api.MapGet("/people", ListAsync).WithName("listPeople").RequireAuthorization(Policies.ManagePeople)
            .WithSummary("List people")
            .WithDescription("Everybody who has ever signed in, by name. For administrators.")
            .ProducesProblems(ProblemKinds.ParameterInvalid);
        api.MapPost("/stacks/{name}/owner", HandOverAsync).WithName("handOverStack")
            .WithSummary("Hand a stack over")
            .WithDescription(
                """
                Makes a stack another person's, with all its deployments; not while an operation waits or runs on it. For administrators. The password
                stays the same, and the former owner may know it.
                """)
            .ProducesProblems(
                ProblemKinds.MalformedRequest, ProblemKinds.StackNotFound, ProblemKinds.PersonNotFound, ProblemKinds.StackBusy, ProblemKinds.TooLarge,
                ProblemKinds.UnsupportedMediaType);
    }

    private static async Task<Ok<PeopleListAnswer>> ListAsync(
        HttpContext context, IPeople people, TimeProvider time,
        [Description("Only people whose name contains this."), MaxLength(200)] string? search,
        CancellationToken cancellationToken,
        [Description("How many rows to leave out from the start."), Range(0, 1_000_000_000)] int skip = 0,
        [Description("How many rows to answer with."), Range(1, 100)] int take = 25)
    {
        var rows = await people.ListAsync(search, time.GetUtcNow(), skip, take + 1, cancellationToken);
        return TypedResults.Ok(new PeopleListAnswer(
            [.. rows.Take(take).Select(row => new PersonAnswer(row.Person.Id, row.Person.Name, row.Person.Role, row.Stacks))],
            rows.Count > take ? context.Request.AddressWith("skip", skip + take) : null));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> HandOverAsync(
        [Description("The stack's name.")] string name, HandoverRequest request, HttpContext context, StackActs acts, CancellationToken cancellationToken)
    {
        var actor = Actor.Of(context);
        if (await acts.FindStackAsync(actor, AuditActions.HandOver, name, cancellationToken) is not var (_, last))
        {
            return Problems.Of(ProblemKinds.StackNotFound);
        }
        return await acts.HandOverAsync(actor, last, request.PersonId) switch
        {
            HandoverResult.Done => TypedResults.NoContent(),
            HandoverResult.NotAllowed => Problems.Of(ProblemKinds.NotAllowed),
            HandoverResult.PersonNotFound => Problems.Of(ProblemKinds.PersonNotFound),
            HandoverResult.Busy busy => Problems.Of(ProblemKinds.StackBusy, deploymentId: busy.DeploymentId),
            // Gone since it was found by its name.
            HandoverResult.NotFound => Problems.Of(ProblemKinds.StackNotFound),
            var other => throw new InvalidOperationException($"Unknown result {other.GetType().Name}."),
        };
    }
}

/// <summary>Somebody who has signed in.</summary>
/// <param name="Id">Their id: the owner of what they make.</param>
/// <param name="Name">As their identity provider called them last.</param>
/// <param name="Role">What they may do beside what is their own.</param>
/// <param name="Stacks">How many stacks they have now.</param>
public sealed record PersonAnswer(string Id, string Name, Role Role, int Stacks);

/// <summary>A page of people.</summary>
/// <param name="Items">The rows.</param>
/// <param name="Next">The address of the next page; absent on the last one.</param>
public sealed record PeopleListAnswer(IReadOnlyList<PersonAnswer> Items, string? Next);

/// <summary>Whose the stack is to be.</summary>
/// <param name="PersonId">The id of somebody who has signed in.</param>
public sealed record HandoverRequest(string PersonId);
