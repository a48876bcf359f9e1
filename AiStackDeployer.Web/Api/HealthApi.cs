using System.Reflection;
using AiStackDeployer.Core.Deployments;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AiStackDeployer.Web.Api;

/// <summary>For whoever routes traffic or restarts containers: says whether, never why in detail.</summary>
internal static class HealthApi
{
    public static readonly string Version =
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

    /// <summary>The process serves requests, whatever its database does; a restart would cure nothing else.</summary>
    public static Ok<ProbeAnswer> GetLife(HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new ProbeAnswer("alive", new Dictionary<string, string>()));
    }

    /// <summary>Database and engine work; 503 while starting and while draining before a stop.</summary>
    public static async Task<Results<Ok<ProbeAnswer>, JsonHttpResult<ProbeAnswer>>> GetReadinessAsync(
        HttpContext context, HealthCheckService health, CancellationToken cancellationToken)
    {
        var report = await health.CheckHealthAsync(cancellationToken);
        var answer = new ProbeAnswer(Word(report.Status), report.Entries.ToDictionary(e => e.Key, e => Word(e.Value.Status)));
        context.Response.Headers.CacheControl = "no-store";
        return report.Status == HealthStatus.Healthy
            ? TypedResults.Ok(answer)
            : TypedResults.Json(answer, ApiJsonContext.Default.ProbeAnswer, statusCode: StatusCodes.Status503ServiceUnavailable);
    }

    // An engine that waits for the application's start is "degraded" to its own check; to a load balancer it is not there yet.
    private static string Word(HealthStatus status) => status == HealthStatus.Healthy ? "ready" : "not-ready";
}
