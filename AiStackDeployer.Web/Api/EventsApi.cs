using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Web.Limits;
using AiStackDeployer.Web.Security;
using Microsoft.AspNetCore.Mvc;

namespace AiStackDeployer.Web.Api;

/// <summary>A deployment's log: as a stream, in pages, and as text.</summary>
internal static class EventsApi
{
    private const int Page = 500;

    private const string LastEventIdText = "The id of the last event the client has; the stream begins after it. Browsers send it by themselves.";

    public static void MapEvents(this RouteGroupBuilder portal)
    {
        var api = portal.MapGroup("").WithTags("Deployments").ProducesProblems(ProblemKinds.Always).ProducesProblems(ProblemKinds.DeploymentNotFound);
        api.MapGet("/status/{id}", WatchAsync).WithName("watchDeployment")
            .WithSummary("Watch a deployment")
            .WithDescription(
                """
                Server-sent events until the deployment has ended; or its state as JSON with `Accept: application/json` (and not `text/event-stream`
                beside it). The first event is the current state, or what came after `Last-Event-ID`.

                `progress`, `complete` and `error` carry a `StatusAnswer` as data, `log` a `LogAnswer`, `heartbeat` (every 15 s of silence, without an
                id) nothing. Ids increase by one; a `progress` without one reports what is no event of its own, such as the queue position. The stream
                ends early when the portal stops: come back with `Last-Event-ID`. `complete` or `error` is the last; a client that comes back with its
                id gets 204.
                """)
            .Produces<StatusAnswer>(200, "application/json", "text/event-stream").Produces(204).ProducesProblems(ProblemKinds.TooManyStreams);
        api.MapGet("/deployments/{id}/events", GetAsync).WithName("listDeploymentEvents")
            .WithSummary("Read or follow a deployment's events")
            .WithDescription("A page of events as JSON; or, with `Accept: text/event-stream`, the stream that `/api/status/{id}` gives.")
            .Produces<EventListAnswer>(200, "application/json", "text/event-stream").Produces(204)
            .ProducesProblems(ProblemKinds.ParameterInvalid, ProblemKinds.TooManyStreams);
        api.MapGet("/deployments/{id}/log", GetLogAsync).WithName("getDeploymentLog")
            .WithSummary("Read a deployment's log")
            .WithDescription("What happened, in sentences, and what Docker said, without secrets: a time and a line each. As JSON with `Accept: application/json`.")
            .Produces<LogListAnswer>(200, "application/json", "text/plain");
    }

    private static async Task<IResult> WatchAsync(
        [Description("The deployment's id.")] string id, HttpContext context, VisibleDeployments visible, StatusMapper mapper,
        DeploymentStream stream, PortalLimits limits,
        [Description(LastEventIdText), FromHeader(Name = "Last-Event-ID")] string? lastEventId,
        CancellationToken cancellationToken)
    {
        if (await visible.FindAsync(context.User, id, cancellationToken) is not { } snapshot)
        {
            return Problems.Of(ProblemKinds.DeploymentNotFound);
        }
        return context.Request.WantsJson()
            ? TypedResults.Ok(mapper.Whole(snapshot))
            : Stream(context, snapshot, lastEventId, stream, limits, cancellationToken);
    }

    private static async Task<IResult> GetAsync(
        [Description("The deployment's id.")] string id, HttpContext context, VisibleDeployments visible, DeploymentService deployments, StatusMapper mapper,
        DeploymentStream stream, PortalLimits limits,
        [Description("Only events with a higher id. Without it, a page begins with the first event and a stream with the state now."), Range(0, 1_000_000_000)] int? after,
        [Description(LastEventIdText), FromHeader(Name = "Last-Event-ID")] string? lastEventId,
        CancellationToken cancellationToken,
        [Description("How many events to answer with."), Range(1, 500)] int take = 100)
    {
        if (await visible.FindAsync(context.User, id, cancellationToken) is not { } snapshot)
        {
            return Problems.Of(ProblemKinds.DeploymentNotFound);
        }
        if (context.Request.WantsEvents())
        {
            return Stream(context, snapshot, lastEventId ?? after?.ToString(CultureInfo.InvariantCulture), stream, limits, cancellationToken);
        }
        var events = await deployments.ReadEventsAsync(id, after ?? 0, take + 1, cancellationToken);
        // What becomes of the stack after the end is in the log; the events are the deployment's.
        var shown = events.Take(take).Where(e => !e.IsAfterEnd).ToList();
        var last = shown.Count > 0 ? shown[^1].Sequence : after ?? 0;
        return TypedResults.Ok(new EventListAnswer(
            [.. shown.Select(e => mapper.Event(e, snapshot))],
            Ended: IsEnd(shown.LastOrDefault()) || (snapshot.IsTerminal && events.Count <= take),
            Next: events.Count > take && !IsEnd(shown.LastOrDefault()) ? context.Request.AddressWith("after", last) : null));
    }

    private static async Task<IResult> GetLogAsync(
        [Description("The deployment's id.")] string id, HttpContext context, VisibleDeployments visible, DeploymentService deployments, StatusMapper mapper,
        CancellationToken cancellationToken)
    {
        if (await visible.FindAsync(context.User, id, cancellationToken) is not { } snapshot)
        {
            return Problems.Of(ProblemKinds.DeploymentNotFound);
        }
        var lines = new List<LogAnswer>();
        for (long after = 0; ;)
        {
            var events = await deployments.ReadEventsAsync(id, after, Page, cancellationToken);
            lines.AddRange(events.Where(e => IsEnd(e) || e.Kind == DeploymentEventKind.Log)
                .Select(e => IsEnd(e) ? mapper.End(e, snapshot) : mapper.Log(e)));
            if (events.Count < Page)
            {
                break;
            }
            after = events[^1].Sequence;
        }
        return context.Request.WantsJson()
            ? TypedResults.Ok(new LogListAnswer(id, lines))
            : TypedResults.Text(AsText(lines), "text/plain", Encoding.UTF8);
    }

    private static IResult Stream(
        HttpContext context, DeploymentSnapshot snapshot, string? lastEventId, DeploymentStream stream, PortalLimits limits, CancellationToken cancellationToken)
    {
        if (snapshot.IsTerminal && DeploymentStream.HasAll(snapshot, lastEventId))
        {
            // A browser's EventSource opens the stream again after its end; 204 is the standard's way to tell it to stop.
            return TypedResults.NoContent();
        }
        if (limits.Take(Hold.Stream, Caller.Of(context)) is not { } place)
        {
            return Problems.Of(ProblemKinds.TooManyStreams);
        }
        context.Response.RegisterForDispose(place);
        // nginx and its kin would otherwise collect the events and pass them on at the end.
        context.Response.Headers["X-Accel-Buffering"] = "no";
        context.Response.Headers.CacheControl = "no-cache, no-store";
        return TypedResults.ServerSentEvents(stream.FollowAsync(snapshot.Id, lastEventId, cancellationToken));
    }

    private static bool IsEnd(DeploymentEvent? e) => e?.Kind is DeploymentEventKind.Complete or DeploymentEventKind.Error;

    private static string AsText(List<LogAnswer> lines)
    {
        var text = new StringBuilder();
        foreach (var line in lines)
        {
            // One line each, whatever a container wrote.
            text.Append(CultureInfo.InvariantCulture, $"{line.At.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fff'Z'} ")
                .Append(line.Message.ReplaceLineEndings(" ")).Append('\n');
        }
        return text.ToString();
    }
}
