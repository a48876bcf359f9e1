using System.ComponentModel;
using AiStackDeployer.Core;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Naming;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.Web.Limits;
using AiStackDeployer.Web.Presentation;
using AiStackDeployer.Web.Security;
using AiStackDeployer.Web.Security.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace AiStackDeployer.Web.Api;

/// <summary>What begins a deployment: the first one of a stack, and another attempt.</summary>
internal static class DeployApi
{
    public static void MapDeploy(this RouteGroupBuilder api)
    {
        api.MapPost("/deploy", StartAsync).WithName("startDeployment")
            .WithSummary("Make a stack")
            .WithDescription(
                """
                Claims the name and begins a deployment, which goes on whether or not the caller stays. The answer comes at once; watch `statusEndpoint`
                for what happens. It holds the password, as otherwise only the stack's own credentials do; not for a token without the scope `credentials`.
                The same call with the same Idempotency-Key gives the same deployment.
                """)
            .ProducesProblems(ProblemKinds.NameRules)
            .ProducesProblems(
                ProblemKinds.MalformedRequest, ProblemKinds.ParameterInvalid, ProblemKinds.IdempotencyKeyInvalid, ProblemKinds.NameTaken,
                ProblemKinds.NameTakenByYou, ProblemKinds.NameBeingChosen, ProblemKinds.QuotaReached, ProblemKinds.TooLarge, ProblemKinds.UnsupportedMediaType, ProblemKinds.IdempotencyKeyReused,
                ProblemKinds.UnderMaintenance);
        // Otherwise the endpoints of the pages would answer this GET with 404.
        api.MapGet("/deploy", RefuseGet).ExcludeFromDescription();
        api.MapPost("/deployments/{id}/retry", RetryAsync).WithName("retryDeployment")
            .WithSummary("Try again")
            .WithDescription(
                """
                Begins a new deployment of a failed or cancelled one's name, for the same owner, whoever asks. After a failure it goes on with the
                same stack and password; the answer does not hold it. The same call with the same Idempotency-Key gives the same deployment.
                """)
            .ProducesProblems(
                ProblemKinds.IdempotencyKeyInvalid, ProblemKinds.Of(NameFault.Reserved), ProblemKinds.NotAllowed,
                ProblemKinds.DeploymentNotFound, ProblemKinds.NameTaken, ProblemKinds.NameBeingChosen, ProblemKinds.CannotBeRetried, ProblemKinds.RetryNotNeeded,
                ProblemKinds.QuotaReached, ProblemKinds.UnderMaintenance);
    }

    private static async Task<Results<Accepted<DeployAnswer>, ProblemHttpResult>> StartAsync(
        DeployRequest request, HttpContext context, StackActs acts, Allowances allowances, Ids ids, NameText text, ProblemText problems,
        [Description(IdempotencyKey.Description), FromHeader(Name = IdempotencyKey.Header)] IdempotencyKey? idempotencyKey,
        CancellationToken cancellationToken)
    {
        if (context.Request.Query.ContainsKey("dryRun"))
        {
            // A script that asked an earlier release for a plan must not get a stack instead.
            return Problems.Of(ProblemKinds.ParameterInvalid, text.NoDryRun, parameter: "dryRun");
        }
        var key = idempotencyKey?.Value;
        var start = new StartRequest
        {
            Name = request.Name, OwnerId = context.User.PersonId(), RequestId = key is null ? ids.NewRequestId() : RequestKey.OfStart(key),
            Allowance = allowances.Of(context),
        };
        var actor = Actor.Of(context);
        return await acts.StartAsync(actor, start, cancellationToken) switch
        {
            BeginResult.Started started => await AcceptAsync(started, actor, context, acts, cancellationToken),
            BeginResult.Refusal refusal => Refuse(refusal, text, problems),
            var other => throw new InvalidOperationException($"Unknown result {other.GetType().Name}."),
        };
    }

    private static StatusCodeHttpResult RefuseGet(HttpContext context)
    {
        context.Response.Headers.Allow = HttpMethods.Post;
        return TypedResults.StatusCode(StatusCodes.Status405MethodNotAllowed);
    }

    private static async Task<Results<Accepted<DeployAnswer>, ProblemHttpResult>> RetryAsync(
        [Description("The deployment's id.")] string id, HttpContext context, StackActs acts, Allowances allowances, Ids ids, NameText text, ProblemText problems,
        [Description(IdempotencyKey.Description), FromHeader(Name = IdempotencyKey.Header)] IdempotencyKey? idempotencyKey,
        CancellationToken cancellationToken)
    {
        var actor = Actor.Of(context);
        if (await acts.FindAsync(actor, AuditActions.Retry, id, cancellationToken) is not { } snapshot)
        {
            return Problems.Of(ProblemKinds.DeploymentNotFound);
        }
        var request = idempotencyKey is { Value: var key } ? RequestKey.OfRetry(id, key) : ids.NewRequestId();
        return await acts.RetryAsync(actor, snapshot, request, allowances.Of(context), cancellationToken) switch
        {
            BeginResult.NotFound => Problems.Of(ProblemKinds.DeploymentNotFound),
            BeginResult.Started started => Accept(context, started.Deployment, credentials: null),
            BeginResult.NameYours there => Problems.Of(ProblemKinds.RetryNotNeeded, deploymentId: there.DeploymentId),
            BeginResult.NotNow gone => Problems.Of(ProblemKinds.CannotBeRetried, problems.Overtaken(gone.State), gone.DeploymentId),
            BeginResult.Refusal refusal => Refuse(refusal, text, problems),
            var other => throw new InvalidOperationException($"Unknown result {other.GetType().Name}."),
        };
    }

    /// <summary>As the caller reaches it, also below a path.</summary>
    public static string StatusPathOf(HttpContext context, string deploymentId) => $"{context.Request.PathBase}/api/status/{deploymentId}";

    private static ProblemHttpResult Refuse(BeginResult.Refusal reason, NameText text, ProblemText problems) => reason switch
    {
        BeginResult.NameRefused { Verdict: var verdict } => Problems.Of(
            ProblemKinds.Of(verdict.Faults[0]), text.Sentence(verdict), suggestions: verdict.LegalForm is { } legal ? [legal.Value] : null),
        BeginResult.NameYours yours => Problems.Of(ProblemKinds.NameTakenByYou, deploymentId: yours.DeploymentId),
        BeginResult.NameTaken taken => Problems.Of(
            taken.BeingChosen ? ProblemKinds.NameBeingChosen : ProblemKinds.NameTaken, suggestions: [.. taken.Suggestions.Select(name => name.Value)]),
        BeginResult.RequestIdReused => Problems.Of(ProblemKinds.IdempotencyKeyReused),
        BeginResult.QuotaReached full => Problems.Of(ProblemKinds.QuotaReached, problems.QuotaReached(full.Limit)),
        BeginResult.TooMany { Wait: var wait } => Problems.Of(LimitAnswers.TooMany(wait), problems.TooMany(wait)),
        BeginResult.UnderMaintenance held => Problems.Of(held, problems),
        BeginResult.NotAllowed => Problems.Of(ProblemKinds.NotAllowed),
        BeginResult.StorageUnavailable => Problems.Of(ProblemKinds.StorageUnavailable),
        _ => throw new InvalidOperationException($"Unknown refusal {reason.GetType().Name}."),
    };

    /// <summary>With the password, for a caller who may read it.</summary>
    private static async Task<Accepted<DeployAnswer>> AcceptAsync(
        BeginResult.Started started, Actor actor, HttpContext context, StackActs acts, CancellationToken cancellationToken)
    {
        await Visitors.RememberAsync(context);
        return Accept(context, started.Deployment, await acts.FindCredentialsAsync(actor, started.Deployment, cancellationToken));
    }

    private static Accepted<DeployAnswer> Accept(HttpContext context, DeploymentSnapshot deployment, StackCredentials? credentials)
    {
        var status = StatusPathOf(context, deployment.Id);
        return TypedResults.Accepted(
            status,
            new DeployAnswer(
                deployment.Id, deployment.Url, status, credentials is null ? null : new CredentialsAnswer(credentials.UserName, credentials.Password)));
    }
}
