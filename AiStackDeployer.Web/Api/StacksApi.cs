using AiStackDeployer.Core;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.Web.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AiStackDeployer.Web.Api;

internal static class StacksApi
{
    /// <summary>Everybody's are for administrators, as on their page; one's own for anybody.</summary>
    [NeedsPerson]
    public static async Task<Results<Ok<StackListAnswer>, ProblemHttpResult>> ListAsync(
        HttpContext context, DeploymentService deployments, IAuthorizationService authorization, StatusMapper mapper, CancellationToken cancellationToken)
    {
        var query = new QueryReader(context.Request.Query);
        var isMine = query.Read(ApiParameters.Mine) ?? false;
        var sort = query.Read<StackOrder>(ApiParameters.Sort).SingleOrDefault();
        var order = query.Read<SortDirection>(ApiParameters.Order) is [var asked] ? asked : sort == StackOrder.Created ? SortDirection.Desc : SortDirection.Asc;
        var wanted = new StackQuery
        {
            Search = query.Read(ApiParameters.Name),
            States = query.Read<StackState>(ApiParameters.State),
            OwnerId = isMine ? context.User.PersonId() : null,
            Sort = ColumnOf(sort),
            Descending = order == SortDirection.Desc,
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
        var page = await deployments.ListStacksAsync(wanted, cancellationToken);
        return TypedResults.Ok(new StackListAnswer(
            [.. page.Rows.Select(row => mapper.Stack(row, context.CallerId()))], page.Total, wanted.Skip, wanted.Take,
            Paging.Next(context.Request, wanted.Skip, page.Rows.Count, page.Total)));
    }

    public static async Task<Results<Ok<StackAnswer>, ProblemHttpResult>> GetAsync(
        string name, HttpContext context, DeploymentService deployments, StatusMapper mapper, CancellationToken cancellationToken)
    {
        if (await deployments.FindStackByNameAsync(name, cancellationToken) is not { } row)
        {
            return Problems.Of(context, ProblemKinds.StackNotFound);
        }
        return TypedResults.Ok(mapper.Stack(row, context.CallerId()));
    }

    /// <summary>For the owner alone, and an administrator is none. Known by the cookie: a key would have to be a secret for this.</summary>
    public static async Task<Results<Ok<StackCredentialsAnswer>, ProblemHttpResult>> GetCredentialsAsync(
        string name, HttpContext context, DeploymentService deployments, IAuthorizationService authorization, CancellationToken cancellationToken)
    {
        if (await deployments.FindStackByNameAsync(name, cancellationToken) is not { Stack: var stack } row)
        {
            return Problems.Of(context, ProblemKinds.StackNotFound);
        }
        if (context.CallerId() is not { } caller
            || await deployments.FindAsync(row.DeploymentId, cancellationToken) is not { } snapshot
            || !await authorization.AllowsAsync(context.User, snapshot, Policies.ViewCredentials))
        {
            return Problems.Of(context, ProblemKinds.NotOwner);
        }
        try
        {
            if (await deployments.GetCredentialsAsync(stack.Id, caller, cancellationToken) is not { } credentials)
            {
                return Problems.Of(context, ProblemKinds.NotOwner);
            }
            return TypedResults.Ok(new StackCredentialsAnswer(
                stack.Name, stack.Url, StatusMapper.TerminalOf(row), credentials.UserName, credentials.Password));
        }
        catch (SecretUnreadableException)
        {
            return Problems.Of(context, ProblemKinds.CredentialsUnreadable);
        }
    }

    /// <summary>The owner's right, or an administrator's. It begins a deletion; that goes on whether or not the caller stays.</summary>
    [NeedsPerson]
    public static async Task<Results<Accepted<DeletionAnswer>, ProblemHttpResult>> DeleteAsync(
        string name, HttpContext context, DeploymentService deployments, IAuthorizationService authorization, Ids ids, CancellationToken cancellationToken)
    {
        var query = new QueryReader(context.Request.Query);
        var confirmed = query.Read(ApiParameters.Confirm);
        var meant = query.Read(ApiParameters.MeantStack);
        if (query.Fault is { } fault)
        {
            return Problems.Of(context, fault);
        }
        var key = IdempotencyKey.Of(context);
        if (!IdempotencyKey.IsValid(context))
        {
            return Problems.Of(context, ProblemKinds.IdempotencyKeyInvalid);
        }
        var requestId = key.Length > 0 ? RequestKey.OfDelete(context.User.PersonId(), key) : ids.NewRequestId();
        if (await deployments.FindBegunAsync(OperationCatalog.Delete, name, confirmed, requestId, cancellationToken) is { } before)
        {
            return Answer(before, context);
        }
        if (await deployments.FindStackByNameAsync(name, cancellationToken) is not { Stack: var stack } row
            || await deployments.FindAsync(row.DeploymentId, cancellationToken) is not { } last)
        {
            return Problems.Of(context, ProblemKinds.StackNotFound);
        }
        if (!await authorization.AllowsAsync(context.User, last, Policies.DeleteStack, Policies.AdministerDeployments))
        {
            return Problems.Of(context, ProblemKinds.NotAllowed);
        }
        if (meant is not null && meant != stack.Id)
        {
            return Problems.Of(context, ProblemKinds.StackDiffers);
        }
        var request = new OperationRequest { Operation = OperationCatalog.Delete, StackId = stack.Id, ConfirmName = confirmed, RequestId = requestId };
        return Answer(await deployments.BeginAsync(request, cancellationToken), context);
    }

    private static Results<Accepted<DeletionAnswer>, ProblemHttpResult> Answer(BeginResult result, HttpContext context) => result switch
    {
        BeginResult.Started { Deployment: var deletion } => TypedResults.Accepted(
            DeployApi.StatusPathOf(deletion.Id), new DeletionAnswer(deletion.Id, deletion.Name, DeployApi.StatusPathOf(deletion.Id))),
        BeginResult.ConfirmationDiffers => Problems.Of(context, ProblemKinds.ConfirmationDiffers),
        BeginResult.NotNow busy => Problems.Of(
            context, ProblemKinds.StackBusy, new Dictionary<string, object?> { ["deploymentId"] = busy.DeploymentId }),
        BeginResult.RequestIdReused => Problems.Of(context, ProblemKinds.IdempotencyKeyReused),
        // Gone since it was found by its name.
        BeginResult.NotFound => Problems.Of(context, ProblemKinds.StackNotFound),
        BeginResult.StorageUnavailable => Problems.Of(context, ProblemKinds.StorageUnavailable),
        _ => throw new InvalidOperationException($"Unknown result {result.GetType().Name}."),
    };

    private static StackSort ColumnOf(StackOrder order) => order switch
    {
        StackOrder.Created => StackSort.Created,
        StackOrder.Name => StackSort.Name,
        StackOrder.State => StackSort.State,
        StackOrder.Image => StackSort.Image,
        _ => throw new ArgumentOutOfRangeException(nameof(order), order, null),
    };
}
