using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Dokploy;
using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Core.Provisioning.Steps;

/// <summary>
/// Until nothing of the stack can be found in Dokploy and the swarm, and its address no longer answers as this stack. Only then its
/// name is let go: the next owner of it must not meet what is left of this one.
/// </summary>
internal sealed class ProveGone(
    DokployClient dokploy, Removal removal, ReadinessProbe probe, ProvisioningOptions options, ISecretProtector secrets) : IDeploymentStep
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    public DeploymentStep Step => DeploymentStep.ProveGone;

    public async Task<StepEnd> ExecuteAsync(DeploymentRun run, CancellationToken cancellationToken)
    {
        var since = run.Time.GetTimestamp();
        while (true)
        {
            var left = await FindAsync(run, cancellationToken);
            if (left.Count == 0)
            {
                return StepEnd.DoneWith((deployment, now) => deployment.Note(run.Number, LogCode.ProvenGone, null, now));
            }
            if (run.Time.GetElapsedTime(since) >= options.GonePatience)
            {
                await Removal.TellAsync(run, left, cancellationToken);
                throw new StepFailedException(FailureCode.StillThere, left[0]) { LeftBehind = left };
            }
            await run.PauseAsync(Look, cancellationToken);
        }
    }

    private async Task<IReadOnlyList<string>> FindAsync(DeploymentRun run, CancellationToken cancellationToken)
    {
        var left = new List<string>();
        foreach (var project in await removal.FindProjectsAsync(run, cancellationToken))
        {
            left.Add(project.Name);
        }
        // By its id and not by the marker: that somebody changed the description is no proof that it is gone.
        if (run.Stack.ApplicationId is { } id && await dokploy.GetApplicationAsync(id, cancellationToken) is { } application)
        {
            left.Add(application.AppName);
        }
        else if (run.Stack.AppName is { } appName && !await removal.IsServiceGoneAsync(appName, cancellationToken))
        {
            left.Add(appName);
        }
        if (await AnswersAsync(run.Stack, cancellationToken))
        {
            left.Add(run.Stack.Url);
        }
        return left;
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
            return (await probe.ProbeAsync(stack.Url, credentials, cancellationToken)).Layer == ProbeLayer.Answers;
        }
        catch (SecretUnreadableException)
        {
            // Lost keys must not keep a stack from being deleted; what Dokploy and the swarm say has to do.
            return false;
        }
    }
}
