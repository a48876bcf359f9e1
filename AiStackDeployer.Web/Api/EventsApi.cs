using System.Globalization;
using System.Text;
using AiStackDeployer.Core.Deployments;

namespace AiStackDeployer.Web.Api;

/// <summary>A deployment's log: as a stream, in pages, and as text.</summary>
internal static class EventsApi
{
    private const int Page = 500;

    /// <summary>A stream for who asks for one, else a page as JSON.</summary>
    public static async Task<IResult> GetAsync(
        string id, HttpContext context, DeploymentService deployments, StatusMapper mapper, DeploymentStream stream, CancellationToken cancellationToken)
    {
        var query = new QueryReader(context.Request.Query);
        var after = query.Read(ApiParameters.After);
        var take = (int)query.Read(ApiParameters.TakeEvents);
        if (query.Fault is { } fault)
        {
            return Problems.Of(context, fault);
        }
        if (await deployments.FindAsync(id, cancellationToken) is not { } snapshot)
        {
            return Problems.Of(context, ProblemKinds.DeploymentNotFound);
        }
        if (Wanted.IsEvents(context.Request))
        {
            var has = StatusApi.LastEventId(context)
                ?? (context.Request.Query.ContainsKey(ApiParameters.After.Name) ? after.ToString(CultureInfo.InvariantCulture) : null);
            return StatusApi.Stream(context, snapshot, has, stream, cancellationToken);
        }
        var events = await deployments.ReadEventsAsync(id, after, take + 1, cancellationToken);
        var shown = events.Take(take).ToList();
        var last = shown.Count > 0 ? shown[^1].Sequence : after;
        return TypedResults.Ok(new EventListAnswer(
            [.. shown.Select(e => mapper.Event(e, snapshot))],
            Ended: IsEnd(shown.LastOrDefault()) || (snapshot.IsTerminal && last >= snapshot.LastSequence),
            Next: events.Count > take ? Paging.With(context.Request, ApiParameters.After.Name, last) : null));
    }

    /// <summary>All lines, and how it ended: as text, a line each, or as JSON for who asks for that.</summary>
    public static async Task<IResult> GetLogAsync(
        string id, HttpContext context, DeploymentService deployments, StatusMapper mapper, CancellationToken cancellationToken)
    {
        if (await deployments.FindAsync(id, cancellationToken) is not { } snapshot)
        {
            return Problems.Of(context, ProblemKinds.DeploymentNotFound);
        }
        var lines = new List<LogAnswer>();
        for (long after = 0; ;)
        {
            var events = await deployments.ReadEventsAsync(id, after, Page, cancellationToken);
            lines.AddRange(events.Where(e => e.Kind == DeploymentEventKind.Log).Select(mapper.Log));
            lines.AddRange(events.Where(IsEnd).Select(e => mapper.End(e, snapshot)));
            if (events.Count < Page)
            {
                break;
            }
            after = events[^1].Sequence;
        }
        return Wanted.IsJson(context.Request)
            ? TypedResults.Ok(new LogListAnswer(id, lines))
            : TypedResults.Text(AsText(lines), "text/plain", Encoding.UTF8);
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
