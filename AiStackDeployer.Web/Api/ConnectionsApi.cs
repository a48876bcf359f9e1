using AiStackDeployer.Core.Connections;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AiStackDeployer.Web.Api;

internal static class ConnectionsApi
{
    public static void MapConnections(this RouteGroupBuilder api) => api.MapGet("/connections", GetAsync)
        .WithName("GetConnections")
        .WithTags("Connections")
        .WithSummary("Whether everything the portal depends on is reachable and right.")
        .WithDescription(
            "Always 200: the verdict is in the body. Answers are kept for 15 seconds; with fresh=true for 3, so that no storm of probes reaches "
            + "Dokploy. Sentences come in the language of Accept-Language (en, nl).");

    /// <param name="fresh">True = look again, unless somebody did a moment ago.</param>
    private static async Task<Ok<ConnectionsAnswer>> GetAsync(
        HttpContext context, ConnectionReports reports, ConnectionMapper mapper, CancellationToken cancellationToken, bool fresh = false)
    {
        var report = await reports.GetAsync(fresh ? ConnectionReports.FreshAge : ConnectionReports.UsualAge, cancellationToken);
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(mapper.Whole(report));
    }
}
