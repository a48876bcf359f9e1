using System.ComponentModel;
using System.Reflection;
using AiStackDeployer.Core.Connections;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Web.Security;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AiStackDeployer.Web.Api;

/// <summary>How the portal is: for load balancers and restarts, which learn whether but never why, and for administrators.</summary>
internal static class HealthApi
{
    public static readonly string Version =
        typeof(HealthApi).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        var health = app.MapGroup("/health").AllowAnonymous().WithTags("Portal");
        health.MapGet("", GetAsync).WithName("getHealth")
            .WithSummary("Ask how the portal is")
            .WithDescription("For load balancers and monitors. 503 when the database does not answer.")
            .Produces<HealthAnswer>(503).ProducesProblems(ProblemKinds.InternalError);
        health.MapGet("/live", GetLife).WithName("getLife")
            .WithSummary("Ask whether the portal lives")
            .WithDescription("For whoever restarts it: 200 while the process serves requests, whatever its database does.");
        health.MapGet("/ready", GetReadinessAsync).WithName("getReadiness")
            .WithSummary("Ask whether the portal is ready")
            .WithDescription("For whoever routes traffic to it. 503 while it starts, drains before a stop, or has no database.")
            .Produces<ProbeAnswer>(503);
    }

    public static void MapOverview(this RouteGroupBuilder portal)
    {
        var api = portal.MapGroup("").WithTags("Portal");
        api.MapGet("/figures", GetFiguresAsync).WithName("getFigures").RequireAuthorization(Policies.ViewAdmin)
            .WithSummary("Read the figures")
            .WithDescription("The figures of the administrators' page.")
            .ProducesProblems(ProblemKinds.NotAllowed).ProducesProblems(ProblemKinds.Always);
        api.MapGet("/connections", GetConnectionsAsync).WithName("getConnections").RequireAuthorization(Policies.ViewAdmin)
            .WithSummary("Ask how what the portal depends on is")
            .WithDescription(
                """
                Dokploy, its key, Hetzner, the wildcard record, the stacks' certificate and the database: each with a verdict, a cause and a remedy.
                Always 200: the verdict is in the body. A report is kept for 15 seconds.
                """)
            .ProducesProblems(ProblemKinds.ParameterInvalid, ProblemKinds.NotAllowed);
    }

    private static async Task<Results<Ok<HealthAnswer>, JsonHttpResult<HealthAnswer>>> GetAsync(
        DeploymentService deployments, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            return TypedResults.Ok(Answer("healthy", await deployments.CountActiveAsync(cancellationToken)));
        }
        catch (StorageUnavailableException)
        {
            return TypedResults.Json(Answer("unhealthy", 0), statusCode: StatusCodes.Status503ServiceUnavailable);
        }

        HealthAnswer Answer(string status, int active) => new(status, time.GetUtcNow(), Version, "ai-stack-deployer", active);
    }

    private static Ok<ProbeAnswer> GetLife(HttpRequest request) =>
        TypedResults.Ok(new ProbeAnswer("alive", new Dictionary<string, string>(), request.Scheme));

    private static async Task<Results<Ok<ProbeAnswer>, JsonHttpResult<ProbeAnswer>>> GetReadinessAsync(
        HealthCheckService health, CancellationToken cancellationToken)
    {
        var report = await health.CheckHealthAsync(cancellationToken);
        var answer = new ProbeAnswer(Word(report.Status), report.Entries.ToDictionary(e => e.Key, e => Word(e.Value.Status)));
        return report.Status == HealthStatus.Healthy
            ? TypedResults.Ok(answer)
            : TypedResults.Json(answer, statusCode: StatusCodes.Status503ServiceUnavailable);

        // An engine that waits for the application's start is "degraded" to its own check; to a load balancer it is not there yet.
        static string Word(HealthStatus status) => status == HealthStatus.Healthy ? "ready" : "not-ready";
    }

    private static async Task<Ok<FiguresAnswer>> GetFiguresAsync(DeploymentService deployments, CancellationToken cancellationToken)
    {
        var figures = await deployments.ReadFiguresAsync(cancellationToken);
        return TypedResults.Ok(new FiguresAnswer(
            figures.Ready, figures.InProgress, figures.ReadyInP95Today?.TotalSeconds, figures.SuccessSevenDays, figures.InProgress,
            figures.NotAnswering));
    }

    /// <summary>A report is kept for a while, so that no storm of probes reaches Dokploy.</summary>
    private static async Task<Ok<ConnectionsAnswer>> GetConnectionsAsync(
        ConnectionReports reports, ConnectionMapper mapper,
        CancellationToken cancellationToken,
        [Description("`true`: look again, unless somebody did in the last three seconds.")] bool fresh = false)
    {
        var report = await reports.GetAsync(fresh ? ConnectionReports.FreshAge : ConnectionReports.UsualAge, cancellationToken);
        return TypedResults.Ok(mapper.Whole(report));
    }
}
