using System.ComponentModel;
using AiStackDeployer.Core;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.Web.Limits;
using AiStackDeployer.Web.Presentation;
using AiStackDeployer.Web.Security;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace AiStackDeployer.Web.Api;

/// <summary>What a person sets on their stack: what it is called, and its variables.</summary>
internal static class StackDetailsApi
{
    public static void MapStackDetails(this RouteGroupBuilder portal)
    {
        var api = portal.MapGroup("/stacks/{name}").WithTags("Stacks").ProducesProblems(ProblemKinds.Always);
        api.MapPatch("", DescribeAsync).WithName("describeStack")
            .WithSummary("Label a stack")
            .WithDescription("For the stack's owner or an administrator. What is left out, or blank, is removed. Name and address stay.")
            .ProducesProblems(
                ProblemKinds.MalformedRequest, ProblemKinds.ParameterInvalid, ProblemKinds.NotAllowed, ProblemKinds.StackNotFound, ProblemKinds.TooLarge,
                ProblemKinds.UnsupportedMediaType);
        api.MapGet("/environment", ListVariablesAsync).WithName("listStackVariables")
            .WithSummary("List a stack's own variables")
            .WithDescription("Their names, for whoever may change them. Nobody is told the values, not even who set them.")
            .ProducesProblems(ProblemKinds.NotAllowed, ProblemKinds.StackNotFound, ProblemKinds.CredentialsUnreadable);
        api.MapPatch("/environment", ChangeVariablesAsync).WithName("changeStackVariables")
            .WithSummary("Change a stack's own variables")
            .WithDescription(
                """
                For the stack's owner or an administrator. Begins an operation that replaces the container, so an agent that is at work is interrupted.
                Variables that are not named stay as they are; a failure keeps those from before.
                """)
            .ProducesProblems(
                ProblemKinds.MalformedRequest, ProblemKinds.VariableRefused, ProblemKinds.IdempotencyKeyInvalid, ProblemKinds.NotAllowed, ProblemKinds.StackNotFound,
                ProblemKinds.StackBusy, ProblemKinds.IdempotencyKeyReused, ProblemKinds.TooLarge, ProblemKinds.UnsupportedMediaType, ProblemKinds.UnderMaintenance);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> DescribeAsync(
        [Description("The stack's name.")] string name, StackDescription body, HttpContext context, StackActs acts, CancellationToken cancellationToken)
    {
        var actor = Actor.Of(context);
        if (await acts.FindStackAsync(actor, AuditActions.Describe, name, cancellationToken) is not var (_, last))
        {
            return Problems.Of(ProblemKinds.StackNotFound);
        }
        return await acts.DescribeAsync(actor, last, body.Label, body.Description) switch
        {
            DescribeResult.Done => TypedResults.NoContent(),
            DescribeResult.TooLong => Problems.Of(ProblemKinds.ParameterInvalid),
            DescribeResult.NotAllowed => Problems.Of(ProblemKinds.NotAllowed),
            // Gone since it was found by its name.
            DescribeResult.NotFound => Problems.Of(ProblemKinds.StackNotFound),
            var other => throw new InvalidOperationException($"Unknown result {other}."),
        };
    }

    private static async Task<Results<Ok<StackVariablesAnswer>, ProblemHttpResult>> ListVariablesAsync(
        [Description("The stack's name.")] string name, HttpContext context, VisibleDeployments visible, StackActs acts, CancellationToken cancellationToken)
    {
        try
        {
            if (await visible.FindStackAsync(context.User, name, cancellationToken) is not var (_, last))
            {
                return Problems.Of(ProblemKinds.StackNotFound);
            }
            return await acts.ListVariablesAsync(Actor.Of(context), last, cancellationToken) is { } names
                ? TypedResults.Ok(new StackVariablesAnswer(names))
                : Problems.Of(ProblemKinds.NotAllowed);
        }
        catch (SecretUnreadableException)
        {
            return Problems.Of(ProblemKinds.CredentialsUnreadable);
        }
    }

    private static async Task<Results<Accepted<OperationAnswer>, ProblemHttpResult>> ChangeVariablesAsync(
        [Description("The stack's name.")] string name, StackVariablesChange body, HttpContext context, DeploymentService deployments, StackActs acts, Allowances allowances, ProblemText problems, Ids ids,
        [Description(IdempotencyKey.Description), FromHeader(Name = IdempotencyKey.Header)] IdempotencyKey? idempotencyKey,
        CancellationToken cancellationToken)
    {
        var operation = OperationCatalog.ChangeEnvironment;
        var actor = Actor.Of(context);
        var requestId = idempotencyKey is { Value: var key } ? RequestKey.OfOperation(operation, context.User.PersonId(), key) : ids.NewRequestId();
        if (await deployments.FindBegunAsync(operation, name, null, requestId, cancellationToken) is { } before)
        {
            return StacksApi.Answer(before, context, problems);
        }
        if (await acts.FindStackAsync(actor, AuditActions.Begin(operation), name, cancellationToken) is not var (row, last))
        {
            return Problems.Of(ProblemKinds.StackNotFound);
        }
        var request = new OperationRequest
        {
            Operation = operation, StackId = row.Stack.Id, RequestId = requestId, Allowance = allowances.Of(context),
            EnvironmentChange = new EnvironmentChange(body.Set ?? new Dictionary<string, string>(), body.Remove ?? []),
        };
        return StacksApi.Answer(await acts.BeginAsync(actor, last, request, cancellationToken), context, problems);
    }
}

/// <summary>What a stack is called and said to be for.</summary>
/// <param name="Label">At most 80 characters.</param>
/// <param name="Description">At most 500 characters.</param>
public sealed record StackDescription(string? Label, string? Description);

/// <summary>A stack's own variables.</summary>
/// <param name="Names">In order.</param>
public sealed record StackVariablesAnswer(IReadOnlyList<string> Names);

/// <summary>A change of a stack's own variables.</summary>
/// <param name="Set">New ones by name, and new values of old ones.</param>
/// <param name="Remove">The names of those that go.</param>
public sealed record StackVariablesChange(IReadOnlyDictionary<string, string>? Set, IReadOnlyList<string>? Remove)
{
    /// <summary>Without the values: a record's own text would print them.</summary>
    public override string ToString() => nameof(StackVariablesChange);
}
