using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Web.Presentation;

/// <summary>Brings together what a diagnosis rests on: the deployment, its log, and what is known of Dokploy.</summary>
public sealed class DeploymentDiagnoses(DeploymentService deployments, IHealthChecks checks, IDokployState dokploy, TimeProvider time)
{
    /// <summary>Null when no deployment has this id.</summary>
    public async Task<(DeploymentSnapshot Snapshot, DeploymentDiagnosis Diagnosis)?> FindAsync(
        string deploymentId, CancellationToken cancellationToken)
    {
        if (await deployments.FindAsync(deploymentId, cancellationToken) is not { } snapshot)
        {
            return null;
        }
        checks.CheckSoon([snapshot.StackId]);
        var log = await deployments.ReadLastLogAsync(deploymentId, DeploymentDiagnosis.LogLines, cancellationToken);
        bool? answers = dokploy.Current switch
        {
            DokployState.Answers => true,
            DokployState.Silent => false,
            DokployState.Unknown => null,
            var other => throw new InvalidOperationException($"Unknown state {other}."),
        };
        return (snapshot, DeploymentDiagnosis.Of(snapshot, log, answers, time.GetUtcNow()));
    }
}
