using AiStackDeployer.Core;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Naming;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.Web.Presentation;
using AiStackDeployer.Web.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AiStackDeployer.Web.Api;

internal static class DeployApi
{
    /// <summary>
    /// Starts a deployment: 202 with its id. With an <c>Idempotency-Key</c> the same call again gives the same deployment, also
    /// to a script that keeps no cookies; the password comes with a repeated answer only to who proves to have made the first.
    /// </summary>
    [NeedsPerson]
    public static async Task<Results<Accepted<DeployAnswer>, ProblemHttpResult>> StartAsync(
        DeployRequest request,
        HttpContext context,
        DeploymentService deployments,
        Ids ids,
        NameText text,
        CancellationToken cancellationToken)
    {
        var key = IdempotencyKey.Of(context);
        if (!IdempotencyKey.IsValid(context))
        {
            return Problems.Of(context, ProblemKinds.IdempotencyKeyInvalid);
        }
        var wish = new StartRequest
        {
            Name = request.Name, OwnerId = context.User.PersonId(), RequestId = key.Length > 0 ? RequestKey.OfStart(key) : ids.NewRequestId(),
        };
        return await deployments.StartAsync(wish, cancellationToken) switch
        {
            StartResult.Started started => await AcceptAsync(started, key, context, deployments, cancellationToken),
            StartResult.Refusal refusal => Refuse(refusal, context, text),
            var other => throw new InvalidOperationException($"Unknown result {other.GetType().Name}."),
        };
    }

    /// <summary>A GET would be caught by the framework's own endpoints for pages and answered with 404.</summary>
    public static StatusCodeHttpResult RefuseGet(HttpContext context)
    {
        context.Response.Headers.Allow = HttpMethods.Post;
        return TypedResults.StatusCode(StatusCodes.Status405MethodNotAllowed);
    }

    /// <summary>Why nothing was begun.</summary>
    public static ProblemHttpResult Refuse(StartResult.Refusal reason, HttpContext context, NameText text) => reason switch
    {
        StartResult.NameRefused refused => Problems.Of(
            context,
            ProblemKinds.Of(refused.Verdict.Faults[0]),
            text.Sentence(refused.Verdict),
            refused.Verdict.LegalForm is { } legal ? Suggest([legal]) : null),
        StartResult.NameYours yours => Problems.Of(
            context, ProblemKinds.NameTakenByYou, new Dictionary<string, object?> { ["deploymentId"] = yours.DeploymentId }),
        StartResult.NameTaken { BeingChosen: var chosen } taken => Problems.Of(
            context, chosen ? ProblemKinds.NameBeingChosen : ProblemKinds.NameTaken, Suggest(taken.Suggestions)),
        StartResult.RequestIdReused => Problems.Of(context, ProblemKinds.IdempotencyKeyReused),
        StartResult.StorageUnavailable => Problems.Of(context, ProblemKinds.StorageUnavailable),
        _ => throw new InvalidOperationException($"Unknown refusal {reason.GetType().Name}."),
    };

    private static async Task<Accepted<DeployAnswer>> AcceptAsync(
        StartResult.Started started, string key, HttpContext context, DeploymentService deployments, CancellationToken cancellationToken)
    {
        var proven = !started.Existing || Newcomer.IsProven(context.User, key);
        if (proven)
        {
            await Newcomer.RememberAsync(context);
        }
        var credentials = proven ? await deployments.FindCredentialsAsync(started.Deployment.StackId, context.User, cancellationToken) : null;
        return Accept(started.Deployment, credentials);
    }

    public static Accepted<DeployAnswer> Accept(DeploymentSnapshot deployment, StackCredentials? credentials)
    {
        var status = StatusPathOf(deployment.Id);
        return TypedResults.Accepted(
            status,
            new DeployAnswer(
                deployment.Id, deployment.Url, status, credentials is null ? null : new CredentialsAnswer(credentials.UserName, credentials.Password)));
    }

    public static string StatusPathOf(string deploymentId) => $"/api/status/{deploymentId}";

    private static Dictionary<string, object?> Suggest(IReadOnlyList<StackName> names) =>
        new() { ["suggestions"] = names.Select(n => n.Value).ToArray() };
}
