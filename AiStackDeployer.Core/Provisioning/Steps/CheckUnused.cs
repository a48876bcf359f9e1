using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Provisioning.Life;
using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Core.Provisioning.Steps;

/// <summary>
/// Directly before a stack is stopped for being unused: whether its gate still says so. Between the decision and this moment it may
/// have waited for its turn.
/// </summary>
internal sealed class CheckUnused(IStackGates gates) : IDeploymentStep
{
    public DeploymentStep Step => DeploymentStep.CheckUnused;

    public async Task<StepEnd> ExecuteAsync(DeploymentRun run, CancellationToken cancellationToken)
    {
        if (run.Deployment.Cause is not (OperationCause.Idle or OperationCause.Expired) || run.Deployment.StateBefore != StackState.Ready)
        {
            return StepEnd.Skipped;
        }
        if (await gates.AskAsync(run.Stack, cancellationToken) is not { } told
            || told.LastAtWorkAt > run.Deployment.CreatedAt - LifeRule.Grain)
        {
            throw new StepFailedException(FailureCode.InUse, null);
        }
        return StepEnd.Done;
    }
}
