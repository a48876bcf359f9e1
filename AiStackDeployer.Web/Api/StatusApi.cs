using AiStackDeployer.Core.Deployments;

namespace AiStackDeployer.Web.Api;

internal static class StatusApi
{
    /// <summary>A deployment: as JSON for who asks for that, else as a stream of events until its end.</summary>
    public static async Task<IResult> GetAsync(
        string id,
        HttpContext context,
        DeploymentService deployments,
        StatusMapper mapper,
        DeploymentStream stream,
        CancellationToken cancellationToken)
    {
        var snapshot = await deployments.FindAsync(id, cancellationToken);
        if (snapshot is null)
        {
            return Problems.Of(StatusCodes.Status404NotFound, "deployment-not-found", "No deployment has this id.");
        }
        if (WantsJson(context.Request))
        {
            context.Response.Headers.CacheControl = "no-store";
            return TypedResults.Json(mapper.Whole(snapshot), ApiJsonContext.Default.StatusAnswer);
        }
        string? lastEventId = context.Request.Headers["Last-Event-ID"];
        if (snapshot.IsTerminal && DeploymentStream.HasAll(snapshot, lastEventId))
        {
            // A browser's EventSource opens the stream again after its end; 204 is the standard's way to tell it to stop.
            return TypedResults.NoContent();
        }
        // nginx and its kin would else collect the events and hand them over at the end.
        context.Response.Headers["X-Accel-Buffering"] = "no";
        context.Response.Headers.CacheControl = "no-cache, no-store";
        return TypedResults.ServerSentEvents(stream.FollowAsync(id, lastEventId, cancellationToken));
    }

    private static bool WantsJson(HttpRequest request) =>
        request.GetTypedHeaders().Accept is { } accept
        && accept.Any(a => a.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase) && a.Quality is null or > 0)
        && !accept.Any(a => a.MediaType.Equals("text/event-stream", StringComparison.OrdinalIgnoreCase));
}
