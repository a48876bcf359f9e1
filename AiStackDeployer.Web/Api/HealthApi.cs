using System.Reflection;
using AiStackDeployer.Core.Deployments;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AiStackDeployer.Web.Api;

/// <summary>For whoever routes traffic or restarts containers: says whether, never why in detail.</summary>
internal static class HealthApi
{
    private static readonly string Version =
        typeof(HealthApi).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>200 when the portal and its database work; 503 with status <c>unhealthy</c> when the database does not.</summary>
    public static async Task<Results<Ok<HealthAnswer>, JsonHttpResult<HealthAnswer>>> GetAsync(
        DeploymentService deployments, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            return TypedResults.Ok(Answer("healthy", await deployments.CountActiveAsync(cancellationToken)));
        }
        catch (StorageUnavailableException)
        {
            return TypedResults.Json(
                Answer("unhealthy", 0), ApiJsonContext.Default.HealthAnswer, statusCode: StatusCodes.Status503ServiceUnavailable);
        }

        HealthAnswer Answer(string status, int active) => new(status, time.GetUtcNow(), Version, "ai-stack-deployer", active);
    }

    /// <summary>
    /// <c>/health/live</c>: the process serves requests, whatever its database does; a restart would cure nothing else.
    /// <c>/health/ready</c>: database and engine work; 503 while starting and while draining before a stop.
    /// </summary>
    public static void MapProbes(IEndpointRouteBuilder routes)
    {
        routes.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false, ResponseWriter = WriteAsync });
        routes.MapHealthChecks("/health/ready", new HealthCheckOptions
        {
            ResponseWriter = WriteAsync,
            ResultStatusCodes = { [HealthStatus.Degraded] = StatusCodes.Status503ServiceUnavailable },
        });
    }

    private static Task WriteAsync(HttpContext context, HealthReport report) => context.Response.WriteAsJsonAsync(
        new ProbeAnswer(Word(report.Status), report.Entries.ToDictionary(e => e.Key, e => Word(e.Value.Status))),
        ApiJsonContext.Default.ProbeAnswer,
        contentType: null,
        context.RequestAborted);

    // An engine that waits for the application's start is "degraded" to its own check; to a load balancer it is not there yet.
    private static string Word(HealthStatus status) => status == HealthStatus.Healthy ? "ready" : "not-ready";
}
