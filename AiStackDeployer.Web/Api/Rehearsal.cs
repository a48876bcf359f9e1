using AiStackDeployer.Core.Connections;
using AiStackDeployer.Core.Deployments;

namespace AiStackDeployer.Web.Api;

/// <summary>What a deployment would do, together with the state of what it would depend on.</summary>
internal sealed class Rehearsal(DeploymentService deployments, StatusMapper mapper, ConnectionReports connections, ConnectionMapper checks)
{
    /// <summary>The plan, or why there is none.</summary>
    public async Task<(PlanAnswer? Plan, BeginResult.Refusal? Refusal)> TryAsync(StartRequest wish, CancellationToken cancellationToken)
    {
        switch (await deployments.PlanAsync(wish, cancellationToken))
        {
            case PlanResult.Planned planned:
                var report = await connections.GetAsync(ConnectionReports.UsualAge, cancellationToken);
                return (mapper.Plan(planned.Forecast, checks.Whole(report)), null);
            case PlanResult.Refused refused:
                return (null, refused.Reason);
            case var other:
                throw new InvalidOperationException($"Unknown result {other.GetType().Name}.");
        }
    }
}
