using AiStackDeployer.Core;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Web.Presentation;
using AiStackDeployer.Web.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AiStackDeployer.Web.Api;

internal static class DeploymentsApi
{
    /// <summary>Everybody's are for administrators, as on their page; one's own for anybody.</summary>
    [NeedsPerson]
    public static async Task<Results<Ok<DeploymentListAnswer>, ProblemHttpResult>> ListAsync(
        HttpContext context, DeploymentService deployments, IAuthorizationService authorization, StatusMapper mapper, CancellationToken cancellationToken)
    {
        var query = new QueryReader(context.Request.Query);
        var isMine = query.Read(ApiParameters.Mine) ?? false;
        var wanted = new DeploymentQuery
        {
            Search = query.Read(ApiParameters.Name),
            Statuses = query.Read<DeploymentStatus>(ApiParameters.Status),
            Operation = query.ReadWord(ApiParameters.Kind) is { } kind ? OperationCatalog.Find(kind) : null,
            Active = query.Read(ApiParameters.Active),
            OwnerId = isMine ? context.User.PersonId() : null,
            StackId = query.Read(ApiParameters.StackId),
            Before = query.Read(ApiParameters.Before),
            Skip = (int)query.Read(ApiParameters.Skip),
            Take = (int)query.Read(ApiParameters.Take),
        };
        if (query.Fault is { } fault)
        {
            return Problems.Of(context, fault);
        }
        if (!isMine && !await authorization.AllowsAsync(context.User, null, Policies.ViewAdmin))
        {
            return Problems.Of(context, ProblemKinds.NotAllowed);
        }
        var page = await deployments.ListDeploymentsAsync(wanted, cancellationToken);
        return TypedResults.Ok(new DeploymentListAnswer(
            [.. page.Rows.Select(mapper.Whole)], page.Total, wanted.Skip, wanted.Take,
            page.HasMore ? Paging.Before(context.Request, page.Rows[^1].Id) : null));
    }

    public static async Task<Results<Ok<StatusAnswer>, ProblemHttpResult>> GetAsync(
        string id, HttpContext context, DeploymentService deployments, StatusMapper mapper, CancellationToken cancellationToken)
    {
        if (await deployments.FindAsync(id, cancellationToken) is not { } snapshot)
        {
            return Problems.Of(context, ProblemKinds.DeploymentNotFound);
        }
        return TypedResults.Ok(mapper.Whole(snapshot));
    }

    /// <summary>The owner's right, or an administrator's, as each has a button for it on a page.</summary>
    [NeedsPerson]
    public static async Task<Results<Ok<StatusAnswer>, Accepted<StatusAnswer>, ProblemHttpResult>> CancelAsync(
        string id, HttpContext context, DeploymentService deployments, IAuthorizationService authorization, StatusMapper mapper,
        CancellationToken cancellationToken)
    {
        if (await deployments.FindAsync(id, cancellationToken) is not { } snapshot)
        {
            return Problems.Of(context, ProblemKinds.DeploymentNotFound);
        }
        if (!await authorization.AllowsAsync(context.User, snapshot, Policies.CancelDeployment, Policies.AdministerDeployments))
        {
            return Problems.Of(context, ProblemKinds.NotAllowed);
        }
        // Who goes away after asking has asked all the same.
        var result = await deployments.CancelAsync(id, CancellationToken.None);
        if (result == CancelResult.AlreadyEnded)
        {
            return Problems.Of(context, ProblemKinds.DeploymentEnded);
        }
        if (result == CancelResult.CannotBeCancelled)
        {
            return Problems.Of(context, ProblemKinds.CannotBeCancelled);
        }
        var now = mapper.Whole(await LookAgainAsync(snapshot, deployments, cancellationToken));
        return result == CancelResult.Cancelled ? TypedResults.Ok(now) : TypedResults.Accepted(DeployApi.StatusPathOf(id), now);
    }

    /// <summary>How it is after a wish that was stored: should nobody be able to tell now, as it was before, for the wish holds all the same.</summary>
    private static async Task<DeploymentSnapshot> LookAgainAsync(
        DeploymentSnapshot before, DeploymentService deployments, CancellationToken cancellationToken)
    {
        try
        {
            return await deployments.FindAsync(before.Id, cancellationToken) ?? before;
        }
        catch (StorageUnavailableException)
        {
            return before;
        }
    }

    /// <summary>The new deployment belongs to the owner of the old one, whoever asks; nobody is told the password again.</summary>
    [NeedsPerson]
    public static async Task<Results<Accepted<DeployAnswer>, ProblemHttpResult>> RetryAsync(
        string id, HttpContext context, DeploymentService deployments, IAuthorizationService authorization, Ids ids, NameText text, ProblemText problems,
        CancellationToken cancellationToken)
    {
        var key = IdempotencyKey.Of(context);
        if (!IdempotencyKey.IsValid(context))
        {
            return Problems.Of(context, ProblemKinds.IdempotencyKeyInvalid);
        }
        if (await deployments.FindAsync(id, cancellationToken) is not { } snapshot)
        {
            return Problems.Of(context, ProblemKinds.DeploymentNotFound);
        }
        if (!await authorization.AllowsAsync(context.User, snapshot, Policies.For(snapshot.Operation), Policies.AdministerDeployments))
        {
            return Problems.Of(context, ProblemKinds.NotAllowed);
        }
        var request = key.Length > 0 ? RequestKey.OfRetry(id, key) : ids.NewRequestId();
        return await deployments.RetryAsync(id, request, cancellationToken) switch
        {
            null => Problems.Of(context, ProblemKinds.DeploymentNotFound),
            BeginResult.Started started => DeployApi.Accept(started.Deployment, credentials: null),
            BeginResult.NameYours there => Problems.Of(
                context, ProblemKinds.RetryNotNeeded, new Dictionary<string, object?> { ["deploymentId"] = there.DeploymentId }),
            BeginResult.NotNow gone => Problems.Of(
                context, ProblemKinds.CannotBeRetried, problems.Overtaken(gone.State), new Dictionary<string, object?> { ["deploymentId"] = gone.DeploymentId }),
            BeginResult.Refusal refusal => DeployApi.Refuse(refusal, context, text),
            var other => throw new InvalidOperationException($"Unknown result {other.GetType().Name}."),
        };
    }
}
