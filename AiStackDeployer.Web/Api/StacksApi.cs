using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
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

internal static class StacksApi
{
    public static void MapStacks(this RouteGroupBuilder portal)
    {
        var api = portal.MapGroup("/stacks").WithTags("Stacks").ProducesProblems(ProblemKinds.Always);
        api.MapGet("", ListAsync).WithName("listStacks")
            .WithSummary("List stacks")
            .WithDescription("The stacks that have their name now. Filters combine. `next` counts rows: while stacks come and go, one may be on two pages or none.")
            .ProducesProblems(ProblemKinds.ParameterInvalid, ProblemKinds.NotAllowed);
        api.MapGet("/{name}", GetAsync).WithName("getStack")
            .WithSummary("Read a stack")
            .WithDescription("The stack that has this name now.")
            .ProducesProblems(ProblemKinds.StackNotFound);
        api.MapDelete("/{name}", DeleteAsync).WithName("deleteStack")
            .WithSummary("Delete a stack")
            .WithDescription(
                """
                For its owner or an administrator. Removes the application, its address and its project, proves them gone and frees the name. It is
                an operation of its own: watched, listed and retried like a deployment, but never cancelled. It ends by naming what Dokploy cannot remove
                (named volumes). Asked again while it goes on, the answer is the same deletion; after its end there is no such stack. The same call with
                the same Idempotency-Key is the same deletion also after its end, even when another stack has the name by then.
                """)
            .ProducesProblems(
                ProblemKinds.ConfirmationDiffers, ProblemKinds.ParameterInvalid, ProblemKinds.IdempotencyKeyInvalid, ProblemKinds.NotAllowed,
                ProblemKinds.StackNotFound, ProblemKinds.StackBusy, ProblemKinds.StackDiffers, ProblemKinds.IdempotencyKeyReused, ProblemKinds.UnderMaintenance);
        api.MapPost("/{name}/operations/{operation}", OperateAsync).WithName("operateStack")
            .WithSummary("Begin an operation on a stack")
            .WithDescription(
                """
                For the stack's owner or an administrator. Watched, listed and retried like a deployment. `stop` keeps files, password and name, `start`
                brings it back; `restart` does both. `redeploy` deploys it again with the image that new stacks get, and makes again what is missing of it in
                Dokploy. `rotate-password` ends all its sessions; a failure keeps the old password. `schedule-deletion` stops it and deletes it after a
                time (24 hours, unless the operator chose another) in which `start` brings it back.
                """)
            .ProducesProblems(
                ProblemKinds.ParameterInvalid, ProblemKinds.IdempotencyKeyInvalid, ProblemKinds.NotAllowed, ProblemKinds.StackNotFound, ProblemKinds.StackBusy,
                ProblemKinds.StackDiffers, ProblemKinds.IdempotencyKeyReused, ProblemKinds.UnderMaintenance);
        api.MapPost("/{name}/keep", KeepAsync).WithName("keepStack")
            .WithSummary("Keep a stack running")
            .WithDescription("For the stack's owner or an administrator: until then it is not stopped for being unused.")
            .ProducesProblems(ProblemKinds.ParameterInvalid, ProblemKinds.NotAllowed, ProblemKinds.StackNotFound, ProblemKinds.StackBusy);
        api.MapGet("/{name}/credentials", GetCredentialsAsync).WithName("getStackCredentials")
            .WithSummary("Read how to sign in to a stack")
            .WithDescription("For its owner alone; an administrator is not the owner. A token needs the scope `credentials`.")
            .ProducesProblems(ProblemKinds.NotOwner, ProblemKinds.StackNotFound, ProblemKinds.CredentialsUnreadable);
        api.MapPost("/{name}/open", OpenAsync).WithName("openStack")
            .WithSummary("Get a way into a stack")
            .WithDescription(
                """
                For its owner alone, to open in a browser: an address with a ticket that is good once and for a minute. Whoever opens it is signed in to
                the stack for hours, so it is as secret as the password. A token needs the scope `credentials`.
                """)
            .ProducesProblems(ProblemKinds.ParameterInvalid, ProblemKinds.NotOwner, ProblemKinds.StackNotFound, ProblemKinds.CredentialsUnreadable);
    }

    private static async Task<Results<Ok<OpenStackAnswer>, ProblemHttpResult>> OpenAsync(
        [Description("The stack's name.")] string name, HttpContext context, StackActs acts, CancellationToken cancellationToken,
        [Description("`true`: straight to its web terminal, where it has one.")] bool terminal = false)
    {
        var actor = Actor.Of(context);
        if (await acts.FindStackAsync(actor, AuditActions.OpenStack, name, cancellationToken) is not var (_, snapshot))
        {
            return Problems.Of(ProblemKinds.StackNotFound);
        }
        try
        {
            return await acts.OpenAsync(actor, snapshot, terminal, cancellationToken) is { } entry
                ? TypedResults.Ok(new OpenStackAnswer(entry.Url, entry.ExpiresAt))
                : Problems.Of(ProblemKinds.NotOwner);
        }
        catch (SecretUnreadableException)
        {
            return Problems.Of(ProblemKinds.CredentialsUnreadable);
        }
    }

    /// <summary>Everybody's are for administrators, as on their page; one's own for anybody.</summary>
    private static async Task<Results<Ok<StackListAnswer>, ProblemHttpResult>> ListAsync(
        HttpContext context, DeploymentService deployments, IHealthChecks checks, VisibleDeployments visible, StatusMapper mapper,
        [Description("Only names that contain this, whatever its case."), MaxLength(200)] string? name,
        [Description("Only stacks in this state. Repeat it for several.")] Choice<StackState>[]? state,
        [Description("Only ready stacks of this health. Repeat it for several.")] Choice<HealthState>[]? health,
        [Description("What to sort by. Without it, `created`.")] Choice<StackOrder>? sort,
        [Description("Without it, `desc` by `created` and `asc` by anything else.")] Choice<SortDirection>? order,
        CancellationToken cancellationToken,
        [Description("`true`: only what the caller made. Otherwise everybody's, which takes an administrator.")] bool mine = false,
        [Description("How many rows to leave out from the start."), Range(0, 1_000_000_000)] int skip = 0,
        [Description("How many rows to answer with."), Range(1, 100)] int take = 25)
    {
        if (!await visible.MayAsync(context.User, null, mine ? Policies.ViewOwn : Policies.ViewAdmin))
        {
            return Problems.Of(ProblemKinds.NotAllowed);
        }
        var column = sort?.Value ?? StackOrder.Created;
        var query = new StackQuery
        {
            Search = name,
            States = [.. state?.Select(s => s.Value) ?? []],
            Healths = [.. health?.Select(h => h.Value) ?? []],
            OwnerId = mine ? context.User.PersonId() : null,
            Sort = Enum.Parse<StackSort>(column.ToString()),
            Descending = order is { Value: var direction } ? direction == SortDirection.Desc : column == StackOrder.Created,
            Skip = skip,
            Take = take,
        };
        var page = await deployments.ListStacksAsync(query, cancellationToken);
        checks.CheckSoon(page.Rows.Select(row => row.Stack.Id));
        var shown = page.Rows.Count;
        var next = shown > 0 && skip + shown < page.Total ? context.Request.AddressWith("skip", skip + shown) : null;
        return TypedResults.Ok(new StackListAnswer([.. page.Rows.Select(row => mapper.Stack(row, context.User.PersonIdOrNull()))], page.Total, skip, take, next));
    }

    private static async Task<Results<Ok<StackAnswer>, ProblemHttpResult>> GetAsync(
        [Description("The stack's name.")] string name, HttpContext context, VisibleDeployments visible, IHealthChecks checks,
        StatusMapper mapper, CancellationToken cancellationToken)
    {
        if (await visible.FindStackAsync(context.User, name, cancellationToken) is not var (row, _))
        {
            return Problems.Of(ProblemKinds.StackNotFound);
        }
        checks.CheckSoon([row.Stack.Id]);
        return TypedResults.Ok(mapper.Stack(row, context.User.PersonIdOrNull()));
    }

    private static async Task<Results<Ok<StackCredentialsAnswer>, ProblemHttpResult>> GetCredentialsAsync(
        [Description("The stack's name.")] string name, HttpContext context, StackActs acts, CancellationToken cancellationToken)
    {
        var actor = Actor.Of(context);
        if (await acts.FindStackAsync(actor, AuditActions.ShowCredentials, name, cancellationToken) is not var (row, snapshot))
        {
            return Problems.Of(ProblemKinds.StackNotFound);
        }
        try
        {
            return await acts.ShowCredentialsAsync(actor, snapshot, cancellationToken) is { } credentials
                ? TypedResults.Ok(new StackCredentialsAnswer(row.Stack.Name, row.Stack.Url, StatusMapper.TerminalOf(row), credentials.UserName, credentials.Password))
                : Problems.Of(ProblemKinds.NotOwner);
        }
        catch (SecretUnreadableException)
        {
            return Problems.Of(ProblemKinds.CredentialsUnreadable);
        }
    }

    private static Task<Results<Accepted<OperationAnswer>, ProblemHttpResult>> OperateAsync(
        [Description("The stack's name.")] string name, [Description("What to do.")] StackOperationName operation, HttpContext context,
        DeploymentService deployments, StackActs acts, Allowances allowances, ProblemText problems, Ids ids,
        [Description("The id of the stack that is meant. If its name now belongs to another stack, nothing is begun."), MaxLength(200)] string? stackId,
        [Description(IdempotencyKey.Description), FromHeader(Name = IdempotencyKey.Header)] IdempotencyKey? idempotencyKey,
        CancellationToken cancellationToken) =>
        BeginAsync(operation.Operation, name, null, stackId, idempotencyKey, context, deployments, acts, allowances, problems, ids, cancellationToken);

    private static async Task<Results<NoContent, ProblemHttpResult>> KeepAsync(
        [Description("The stack's name.")] string name, HttpContext context, StackActs acts, TimeProvider time,
        [Description("For how many hours from now."), Range(1, 720)] int hours, CancellationToken cancellationToken)
    {
        var actor = Actor.Of(context);
        if (await acts.FindStackAsync(actor, AuditActions.KeepRunning, name, cancellationToken) is not var (_, last))
        {
            return Problems.Of(ProblemKinds.StackNotFound);
        }
        return await acts.KeepRunningAsync(actor, last, time.GetUtcNow().AddHours(hours), cancellationToken) switch
        {
            true => TypedResults.NoContent(),
            false => Problems.Of(ProblemKinds.StackBusy, deploymentId: last.Id),
            null => Problems.Of(ProblemKinds.NotAllowed),
        };
    }

    private static Task<Results<Accepted<OperationAnswer>, ProblemHttpResult>> DeleteAsync(
        [Description("The stack's name.")] string name, HttpContext context, DeploymentService deployments, StackActs acts,
        Allowances allowances, ProblemText problems, Ids ids,
        [Description("The stack's name once more: deleting cannot be undone."), MaxLength(200)] string? confirm,
        [Description("The id of the stack that is meant. If its name now belongs to another stack, nothing is deleted."), MaxLength(200)] string? stackId,
        [Description(IdempotencyKey.Description), FromHeader(Name = IdempotencyKey.Header)] IdempotencyKey? idempotencyKey,
        CancellationToken cancellationToken) =>
        BeginAsync(OperationCatalog.Delete, name, confirm, stackId, idempotencyKey, context, deployments, acts, allowances, problems, ids, cancellationToken);

    private static async Task<Results<Accepted<OperationAnswer>, ProblemHttpResult>> BeginAsync(
        Operation operation, string name, string? confirm, string? stackId, IdempotencyKey? idempotencyKey, HttpContext context,
        DeploymentService deployments, StackActs acts, Allowances allowances, ProblemText problems, Ids ids, CancellationToken cancellationToken)
    {
        var actor = Actor.Of(context);
        var requestId = idempotencyKey is { Value: var key } ? RequestKey.OfOperation(operation, context.User.PersonId(), key) : ids.NewRequestId();
        if (await deployments.FindBegunAsync(operation, name, confirm, requestId, cancellationToken) is { } before)
        {
            return Answer(before, context, problems);
        }
        if (await acts.FindStackAsync(actor, AuditActions.Begin(operation), name, cancellationToken) is not var (row, last))
        {
            return Problems.Of(ProblemKinds.StackNotFound);
        }
        if (stackId is not null && stackId != row.Stack.Id)
        {
            return Problems.Of(ProblemKinds.StackDiffers);
        }
        var request = new OperationRequest
        {
            Operation = operation, StackId = row.Stack.Id, ConfirmName = confirm, RequestId = requestId, Allowance = allowances.Of(context),
        };
        return Answer(await acts.BeginAsync(actor, last, request, cancellationToken), context, problems);
    }

    internal static Results<Accepted<OperationAnswer>, ProblemHttpResult> Answer(BeginResult result, HttpContext context, ProblemText problems) => result switch
    {
        BeginResult.Started { Deployment: var begun } => TypedResults.Accepted(
            DeployApi.StatusPathOf(context, begun.Id), new OperationAnswer(begun.Id, begun.Name, DeployApi.StatusPathOf(context, begun.Id))),
        BeginResult.ConfirmationDiffers => Problems.Of(ProblemKinds.ConfirmationDiffers),
        BeginResult.NotNow busy => Problems.Of(ProblemKinds.StackBusy, deploymentId: busy.DeploymentId),
        BeginResult.RequestIdReused => Problems.Of(ProblemKinds.IdempotencyKeyReused),
        // Gone since it was found by its name.
        BeginResult.NotFound => Problems.Of(ProblemKinds.StackNotFound),
        BeginResult.TooMany { Wait: var wait } => Problems.Of(LimitAnswers.TooMany(wait), problems.TooMany(wait)),
        BeginResult.VariablesRefused { Reason: var reason } => Problems.Of(ProblemKinds.VariableRefused, problems.VariableRefused(reason)),
        BeginResult.UnderMaintenance held => Problems.Of(held, problems),
        BeginResult.NotAllowed => Problems.Of(ProblemKinds.NotAllowed),
        BeginResult.StorageUnavailable => Problems.Of(ProblemKinds.StorageUnavailable),
        _ => throw new InvalidOperationException($"Unknown result {result.GetType().Name}."),
    };

    /// <summary>The columns of Core's <see cref="StackSort"/>, by the same names, but for the owner: owners are not told.</summary>
    private enum StackOrder
    {
        Created,
        Name,
        State,
        Image,
    }

    private enum SortDirection
    {
        Asc,
        Desc,
    }
}
