using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Dokploy;
using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Core.Provisioning.Steps;

/// <summary>
/// Until the stack's own address answers, several times in a row: what a person's browser would meet. Meanwhile the container is
/// watched, so that one that dies late still ends this in seconds.
/// </summary>
internal sealed class AwaitReadiness(
    DokployClient dokploy, ReadinessProbe probe, ProvisioningOptions options, StackDefaults defaults, ISecretProtector secrets,
    ContainerLog log) : IDeploymentStep
{
    private const int TerminalTries = 3;
    private static readonly TimeSpan WatchEvery = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan BetweenGood = TimeSpan.FromMilliseconds(150);

    public DeploymentStep Step => DeploymentStep.AwaitReadiness;

    public async Task<StepEnd> ExecuteAsync(DeploymentRun run, CancellationToken cancellationToken)
    {
        var credentials = new StackCredentials(run.Stack.UserName, secrets.Unprotect(run.Deployment.ProtectedPassword));
        var answer = await UntilItAnswersAsync(run, credentials, cancellationToken);
        if (run.Stack.TerminalPath is not { } path)
        {
            return StepEnd.DoneWith((deployment, _) => Remember(deployment.Stack, answer));
        }
        var terminal = await AskTerminalAsync(run, path, credentials, cancellationToken);
        if (!terminal && options.Readiness.TerminalRequired)
        {
            throw new StepFailedException(FailureCode.AddressHttp, path);
        }
        return StepEnd.DoneWith((deployment, now) =>
        {
            Remember(deployment.Stack, answer);
            deployment.Stack.TerminalAnswers = terminal;
            deployment.Note(run.Number, terminal ? LogCode.TerminalAnswers : LogCode.TerminalSilent, path, now);
        });
    }

    private static void Remember(Stack stack, ProbeResult answer) => (stack.HealthPath, stack.OpenCodeVersion) = (answer.Path, answer.Version);

    private async Task<ProbeResult> UntilItAnswersAsync(DeploymentRun run, StackCredentials credentials, CancellationToken cancellationToken)
    {
        var backoff = new Backoff(run.Time);
        var watch = new ContainerWatch(dokploy, options, log, run, loggedBefore: nameof(SwarmTaskState.Running));
        var watched = run.Time.GetTimestamp();
        var good = 0;
        ProbeResult? told = null;
        (AddressLayer Layer, long Since)? stubborn = null;
        var path = run.Stack.HealthPath;
        while (true)
        {
            var result = await probe.ProbeAsync(run.Stack.Url, credentials, path, cancellationToken);
            path = result.Path ?? path;
            if (result.Layer is null)
            {
                stubborn = null;
                if (++good >= options.Readiness.Times)
                {
                    return result;
                }
            }
            else
            {
                good = 0;
                stubborn = StillStubborn(stubborn, result, run.Time);
                if (stubborn is { } since && run.Time.GetElapsedTime(since.Since) >= options.Readiness.StubbornAfter)
                {
                    throw Failure(result);
                }
                if (run.Time.GetElapsedTime(watched) >= WatchEvery)
                {
                    watched = run.Time.GetTimestamp();
                    await WatchAsync(watch, cancellationToken);
                }
                if (told != result)
                {
                    told = result;
                    run.ReasonWhenTimeEnds = Failure(result);
                    await run.NoteAsync(LogCode.AddressNotYet, result.ToString(), cancellationToken);
                }
            }
            await run.PauseAsync(good > 0 ? BetweenGood : backoff.Next, cancellationToken);
        }
    }

    private static async Task WatchAsync(ContainerWatch watch, CancellationToken cancellationToken)
    {
        try
        {
            await watch.CheckAsync(cancellationToken);
        }
        catch (DokployException)
        {
            // Dokploy is not needed for the address to answer; its troubles alone end nothing here.
        }
    }

    private static (AddressLayer Layer, long Since)? StillStubborn((AddressLayer Layer, long Since)? before, ProbeResult result, TimeProvider time) =>
        result.Layer is not (AddressLayer.WrongProgram or AddressLayer.Password) ? null
        : before is { } known && known.Layer == result.Layer ? known
        : (result.Layer.Value, time.GetTimestamp());

    private async Task<bool> AskTerminalAsync(
        DeploymentRun run, string path, StackCredentials credentials, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            if (await probe.ProbeTerminalAsync(run.Stack.Url, path, credentials, cancellationToken))
            {
                return true;
            }
            if (tries == TerminalTries)
            {
                return false;
            }
            await run.PauseAsync(BetweenGood, cancellationToken);
        }
    }

    // A proxy's 502 says that it found the container and nothing listens at the port; while a program starts that is usual.
    private StepFailedException Failure(ProbeResult result) => result is { Layer: AddressLayer.Http, Status: 502 }
        ? new StepFailedException(FailureCode.AddressPortSilent, DeploymentRun.Text(defaults.Port))
        : new StepFailedException(CodeOf(result.Layer), result.Status is { } status ? DeploymentRun.Text(status) : null);

    internal static FailureCode CodeOf(AddressLayer? layer) => layer switch
    {
        AddressLayer.Dns => FailureCode.AddressDns,
        AddressLayer.Tcp => FailureCode.AddressUnreachable,
        AddressLayer.Tls => FailureCode.AddressTls,
        AddressLayer.Http => FailureCode.AddressHttp,
        AddressLayer.Password => FailureCode.AddressPasswordRefused,
        AddressLayer.WrongProgram => FailureCode.AddressWrongProgram,
        _ => throw new ArgumentOutOfRangeException(nameof(layer), layer, null),
    };
}
