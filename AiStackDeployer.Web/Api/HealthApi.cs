using System.Reflection;
using AiStackDeployer.Core.Deployments;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AiStackDeployer.Web.Api;

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
}
