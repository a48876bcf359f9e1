using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Web.Presentation;
using AiStackDeployer.Web.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AiStackDeployer.Web.Api;

internal static class DeploymentsApi
{
    public static void MapDeployments(this RouteGroupBuilder portal)
    {
        var api = portal.MapGroup("").WithTags("Deployments").ProducesProblems(ProblemKinds.Always);
        api.MapDeploy();
        api.MapGet("/deployments", ListAsync).WithName("listDeployments")
            .WithSummary("List deployments")
            .WithDescription("All deployments and deletions there ever were, newest first. Filters combine.")
            .ProducesProblems(ProblemKinds.ParameterInvalid, ProblemKinds.NotAllowed);
        api.MapGet("/deployments/{id}", GetAsync).WithName("getDeployment")
            .WithSummary("Read a deployment")
            .WithDescription("Its state now. The same as `/api/status/{id}` as JSON.")
            .ProducesProblems(ProblemKinds.DeploymentNotFound);
        api.MapPost("/deployments/{id}/cancel", CancelAsync).WithName("cancelDeployment")
            .WithSummary("Cancel a deployment")
            .WithDescription(
                """
                For its owner or an administrator. One that has not begun is cancelled at once (200); a running one stops at the next safe point and
                removes what it made (202): watch it to its end. Its name is free again. Sending it twice does no harm. Once the stack answers it is too late.
                """)
            .ProducesProblems(
                ProblemKinds.NotAllowed, ProblemKinds.DeploymentNotFound, ProblemKinds.DeploymentEnded, ProblemKinds.CannotBeCancelled);
        api.MapGet("/deployments/{id}/diagnosis", DiagnoseAsync).WithName("diagnoseDeployment")
            .WithSummary("Ask why a deployment is where it is")
            .WithDescription("The cause, what it rests on, and what can be done; also while all goes well or it waits. Computed by rules from the facts and the log.")
            .ProducesProblems(ProblemKinds.DeploymentNotFound);
    }

    /// <summary>Everybody's are for administrators, as on their page; one's own for anybody.</summary>
    private static async Task<Results<Ok<DeploymentListAnswer>, ProblemHttpResult>> ListAsync(
        HttpContext context, DeploymentService deployments, VisibleDeployments visible, StatusMapper mapper,
        [Description("Only names that contain this, whatever its case."), MaxLength(200)] string? name,
        [Description("Only deployments with this status. Repeat it for several.")] Choice<DeploymentStatus>[]? status,
        [Description("Only operations of this kind. Without it, all.")] OperationName? kind,
        [Description("`true`: only deployments that wait, run or clean up. `false`: only those that have ended. Without it, both.")] bool? active,
        [Description("Only deployments of this stack."), MaxLength(200)] string? stackId,
        [Description("Only deployments older than this one, whose id it is. `next` carries it."), MaxLength(200)] string? before,
        CancellationToken cancellationToken,
        [Description("`true`: only what the caller made. Otherwise everybody's, which takes an administrator.")] bool mine = false,
        [Description("How many rows to leave out from the start."), Range(0, 1_000_000_000)] int skip = 0,
        [Description("How many rows to answer with."), Range(1, 100)] int take = 25)
    {
        if (!await visible.MayAsync(context.User, null, mine ? Policies.ViewOwn : Policies.ViewAdmin))
        {
            return Problems.Of(ProblemKinds.NotAllowed);
        }
        var query = new DeploymentQuery
        {
            Search = name,
            Statuses = [.. status?.Select(s => s.Value) ?? []],
            Operation = kind?.Operation,
            Active = active,
            OwnerId = mine ? context.User.PersonId() : null,
            StackId = stackId,
            Before = before,
            Skip = skip,
            Take = take,
        };
        var page = await deployments.ListDeploymentsAsync(query, cancellationToken);
        // By the last row's id, so that what is begun meanwhile moves no row to another page; what was left out before is not left out again.
        var next = page.HasMore ? context.Request.AddressWith("before", page.Rows[^1].Id, without: "skip") : null;
        return TypedResults.Ok(new DeploymentListAnswer([.. page.Rows.Select(mapper.Whole)], page.Total, skip, take, next));
    }

    private static async Task<Results<Ok<StatusAnswer>, ProblemHttpResult>> GetAsync(
        [Description("The deployment's id.")] string id, HttpContext context, VisibleDeployments visible, StatusMapper mapper, CancellationToken cancellationToken) =>
        await visible.FindAsync(context.User, id, cancellationToken) is { } snapshot
            ? TypedResults.Ok(mapper.Whole(snapshot))
            : Problems.Of(ProblemKinds.DeploymentNotFound);

    private static async Task<Results<Ok<StatusAnswer>, Accepted<StatusAnswer>, ProblemHttpResult>> CancelAsync(
        [Description("The deployment's id.")] string id, HttpContext context, StackActs acts, DeploymentService deployments,
        StatusMapper mapper, CancellationToken cancellationToken)
    {
        var actor = Actor.Of(context);
        if (await acts.FindAsync(actor, AuditActions.Cancel, id, cancellationToken) is not { } snapshot)
        {
            return Problems.Of(ProblemKinds.DeploymentNotFound);
        }
        switch (await acts.CancelAsync(actor, snapshot))
        {
            case CancelResult.NotAllowed:
                return Problems.Of(ProblemKinds.NotAllowed);
            case CancelResult.AlreadyEnded:
                return Problems.Of(ProblemKinds.DeploymentEnded);
            case CancelResult.CannotBeCancelled:
                return Problems.Of(ProblemKinds.CannotBeCancelled);
            case CancelResult.Cancelled:
                return TypedResults.Ok(mapper.Whole(await LookAgainAsync(snapshot, deployments, cancellationToken)));
            default:
                return TypedResults.Accepted(DeployApi.StatusPathOf(context, id), mapper.Whole(await LookAgainAsync(snapshot, deployments, cancellationToken)));
        }
    }

    /// <summary>The state after a stored request; the state before it when the database cannot be read now, for the request holds all the same.</summary>
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

    private static async Task<Results<Ok<DiagnosisAnswer>, ProblemHttpResult>> DiagnoseAsync(
        [Description("The deployment's id.")] string id, HttpContext context, VisibleDeployments visible, DeploymentDiagnoses diagnoses, DiagnosisText text,
        StatusMapper mapper, CancellationToken cancellationToken)
    {
        if (await visible.FindAsync(context.User, id, cancellationToken) is not { } snapshot)
        {
            return Problems.Of(ProblemKinds.DeploymentNotFound);
        }
        var diagnosis = await diagnoses.OfAsync(snapshot, cancellationToken);
        return TypedResults.Ok(
            new DiagnosisAnswer(
                snapshot.Id,
                snapshot.Name,
                snapshot.Status,
                DiagnosisText.Code(diagnosis),
                text.Cause(diagnosis),
                text.Advice(diagnosis),
                diagnosis.NeedsAdministrator,
                text.Evidence(diagnosis),
                diagnosis.Failure?.RawLines,
                [.. diagnosis.Log.Select(mapper.Log)],
                snapshot.TraceId));
    }
}
