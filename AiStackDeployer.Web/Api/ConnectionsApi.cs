using AiStackDeployer.Core.Connections;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AiStackDeployer.Web.Api;

internal static class ConnectionsApi
{
    /// <summary>Always 200: the verdict is in the body. A report is kept a while, so that no storm of probes reaches Dokploy.</summary>
    public static async Task<Results<Ok<ConnectionsAnswer>, ProblemHttpResult>> GetAsync(
        HttpContext context, ConnectionReports reports, ConnectionMapper mapper, CancellationToken cancellationToken)
    {
        var query = new QueryReader(context.Request.Query);
        var isFresh = query.Read(ApiParameters.Fresh) ?? false;
        if (query.Fault is { } fault)
        {
            return Problems.Of(context, fault);
        }
        var report = await reports.GetAsync(isFresh ? ConnectionReports.FreshAge : ConnectionReports.UsualAge, cancellationToken);
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(mapper.Whole(report));
    }
}
