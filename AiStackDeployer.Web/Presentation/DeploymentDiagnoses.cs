using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Diagnoses;
using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Web.Presentation;

/// <summary>Brings together what a diagnosis rests on: the deployment, its log, and what is known of Dokploy.</summary>
public sealed class DeploymentDiagnoses(DeploymentService deployments, IHealthChecks checks, IDokployState dokploy, TimeProvider time)
{
    public async Task<DeploymentDiagnosis> OfAsync(DeploymentSnapshot snapshot, CancellationToken cancellationToken)
    {
        checks.CheckSoon([snapshot.StackId]);
        var log = await deployments.ReadLastLogAsync(snapshot.Id, DeploymentDiagnosis.LogLines, cancellationToken);
        bool? answers = dokploy.Current switch
        {
            DokployState.Answers => true,
            DokployState.Silent => false,
            DokployState.Unknown => null,
            var other => throw new InvalidOperationException($"Unknown state {other}."),
        };
        return DeploymentDiagnosis.Of(snapshot, log, answers, time.GetUtcNow());
    }
}
