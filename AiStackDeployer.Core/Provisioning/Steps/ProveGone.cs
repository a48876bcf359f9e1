using AiStackDeployer.Core.Deployments;

namespace AiStackDeployer.Core.Provisioning.Steps;

/// <summary>
/// Until nothing of the stack can be found in Dokploy and the swarm, and its address no longer answers as this stack. Only then its
/// name is let go: the next owner of it must not meet what is left of this one.
/// </summary>
internal sealed class ProveGone(Removal removal, StackAddress address, ProvisioningOptions options) : IDeploymentStep
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    public DeploymentStep Step => DeploymentStep.ProveGone;

    public async Task<StepEnd> ExecuteAsync(DeploymentRun run, CancellationToken cancellationToken)
    {
        var since = run.Time.GetTimestamp();
        while (true)
        {
            var remains = await removal.FindRemainsAsync(run, cancellationToken);
            if (remains.IsJobAtWork)
            {
                return StepEnd.Later;
            }
            List<string> left = [.. remains.Rows, .. remains.Services];
            if (await address.AnswersAsync(run.Stack, cancellationToken))
            {
                left.Add(run.Stack.Url);
            }
            if (left.Count == 0)
            {
                return StepEnd.DoneWith((deployment, now) => deployment.Note(run.Number, LogCode.ProvenGone, null, now));
            }
            if (run.Time.GetElapsedTime(since) >= options.GoneTimeout)
            {
                await Removal.LogOutcomeAsync(run, left, cancellationToken);
                throw new StepFailedException(FailureCode.StillThere, left[0]) { LeftBehind = left };
            }
            await run.PauseAsync(Look, cancellationToken);
        }
    }
}
