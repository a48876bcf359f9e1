using AiStackDeployer.Core.Deployments;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AiStackDeployer.Core.Persistence;

/// <summary>Whether the database can be read now. Cheap enough for a probe every second: one count over an index.</summary>
internal sealed class DatabaseHealth(IDeploymentStore store) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await store.CountActiveAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (StorageUnavailableException e)
        {
            return HealthCheckResult.Unhealthy(e.Message);
        }
    }
}
