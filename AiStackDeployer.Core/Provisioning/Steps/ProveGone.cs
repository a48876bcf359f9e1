using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Core.Provisioning.Steps;

/// <summary>
/// Until nothing of the stack can be found in Dokploy and the swarm, and its address no longer answers as this stack. Only then its
/// name is let go: the next owner of it must not meet what is left of this one.
/// </summary>
internal sealed class ProveGone(
    Removal removal, ReadinessProbe probe, ProvisioningOptions options, ISecretProtector secrets) : IDeploymentStep
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
            if (await AnswersAsync(run.Stack, cancellationToken))
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

    private async Task<bool> AnswersAsync(Stack stack, CancellationToken cancellationToken)
    {
        if (options.Readiness.ExpectedTrueMember is null)
        {
            // Any page would do there, also that of a proxy for names it does not know: it says nothing about this stack.
            return false;
        }
        try
        {
            var credentials = new StackCredentials(stack.UserName, secrets.Unprotect(stack.ProtectedPassword));
            return (await probe.ProbeAsync(stack.Url, credentials, stack.HealthPath, cancellationToken)).Layer == ProbeLayer.Answers;
        }
        catch (SecretUnreadableException)
        {
            // Lost keys must not keep a stack from being deleted; what Dokploy and the swarm say has to do.
            return false;
        }
    }
}
