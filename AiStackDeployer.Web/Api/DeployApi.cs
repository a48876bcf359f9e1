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
    private const int LongestKey = 200;

    /// <summary>
    /// Starts a deployment: 202 with its id. With an <c>Idempotency-Key</c> the same call again gives the same deployment, also
    /// to a script that keeps no cookies; the password comes with a repeated answer only to who proves to have made the first.
    /// </summary>
    [NeedsPerson]
    public static async Task<IResult> StartAsync(
        DeployRequest request,
        HttpContext context,
        DeploymentService deployments,
        Ids ids,
        NameText text,
        CancellationToken cancellationToken)
    {
        var key = context.Request.Headers["Idempotency-Key"].ToString();
        if (key.Length > LongestKey || key.Any(c => c is < ' ' or > '~'))
        {
            return Problems.Of(
                StatusCodes.Status400BadRequest, "idempotency-key-invalid", $"An Idempotency-Key has at most {LongestKey} visible characters.");
        }
        var owner = context.User.PersonId();
        var result = await deployments.StartAsync(
            new StartRequest { Name = request.Name, OwnerId = owner, RequestId = key.Length > 0 ? "key:" + key : ids.NewRequestId() },
            cancellationToken);
        return result switch
        {
            StartResult.Started started => await AcceptedAsync(started, key, context, deployments, cancellationToken),
            StartResult.NameRefused refused => Problems.Of(
                StatusCodes.Status400BadRequest,
                refused.Verdict.Faults[0].ToCode(),
                text.Sentence(refused.Verdict),
                refused.Verdict.LegalForm is { } legal ? Suggest([legal]) : null),
            StartResult.NameYours yours => Problems.Of(
                StatusCodes.Status409Conflict, "name-taken-by-you", text.TakenByYou, new Dictionary<string, object?> { ["deploymentId"] = yours.DeploymentId }),
            StartResult.NameTaken { BeingChosen: var chosen } taken => Problems.Of(
                StatusCodes.Status409Conflict,
                chosen ? "name-being-chosen" : "name-taken",
                chosen ? text.BeingChosen : text.TakenByOther,
                Suggest(taken.Suggestions)),
            StartResult.RequestIdReused => Problems.Of(
                StatusCodes.Status422UnprocessableEntity, "idempotency-key-reused", "This Idempotency-Key was used for another name."),
            StartResult.StorageUnavailable => Problems.StorageUnavailable(context),
            _ => throw new InvalidOperationException($"Unknown result {result.GetType().Name}."),
        };
    }

    public static StatusCodeHttpResult RefuseGet(HttpContext context)
    {
        context.Response.Headers.Allow = HttpMethods.Post;
        return TypedResults.StatusCode(StatusCodes.Status405MethodNotAllowed);
    }

    private static async Task<IResult> AcceptedAsync(
        StartResult.Started started, string key, HttpContext context, DeploymentService deployments, CancellationToken cancellationToken)
    {
        var proven = !started.Existing || Newcomer.IsProven(context.User, key);
        if (proven)
        {
            await Newcomer.RememberAsync(context);
        }
        var credentials = proven ? await ReadCredentialsAsync(started, context, deployments, cancellationToken) : null;
        var status = $"/api/status/{started.Deployment.Id}";
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Accepted(
            status,
            new DeployAnswer(
                started.Deployment.Id,
                started.Deployment.Url,
                status,
                credentials is null ? null : new CredentialsAnswer(credentials.UserName, credentials.Password)));
    }

    private static async Task<StackCredentials?> ReadCredentialsAsync(
        StartResult.Started started, HttpContext context, DeploymentService deployments, CancellationToken cancellationToken)
    {
        try
        {
            return await deployments.GetCredentialsAsync(started.Deployment.StackId, context.User.PersonId(), cancellationToken);
        }
        catch (Exception e) when (e is StorageUnavailableException or SecretUnreadableException)
        {
            // The deployment goes on all the same: "nothing was begun" would be untrue. The ready page shows them later.
            return null;
        }
    }

    private static Dictionary<string, object?> Suggest(IReadOnlyList<StackName> names) =>
        new() { ["suggestions"] = names.Select(n => n.Value).ToArray() };
}
