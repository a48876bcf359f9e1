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
            return Problems.Of(context, ProblemKinds.DeploymentNotFound);
        }
        if (Wanted.IsJson(context.Request))
        {
            return TypedResults.Ok(mapper.Whole(snapshot));
        }
        return Stream(context, snapshot, LastEventId(context), stream, cancellationToken);
    }

    /// <summary>What a client of a stream says it has already.</summary>
    public static string? LastEventId(HttpContext context) => context.Request.Headers["Last-Event-ID"];

    public static IResult Stream(
        HttpContext context, DeploymentSnapshot snapshot, string? lastEventId, DeploymentStream stream, CancellationToken cancellationToken)
    {
        if (snapshot.IsTerminal && DeploymentStream.HasAll(snapshot, lastEventId))
        {
            // A browser's EventSource opens the stream again after its end; 204 is the standard's way to tell it to stop.
            return TypedResults.NoContent();
        }
        // nginx and its kin would else collect the events and hand them over at the end.
        context.Response.Headers["X-Accel-Buffering"] = "no";
        context.Response.Headers.CacheControl = "no-cache, no-store";
        return TypedResults.ServerSentEvents(stream.FollowAsync(snapshot.Id, lastEventId, cancellationToken));
    }
}
