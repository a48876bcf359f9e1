using System.Diagnostics;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Core.Diagnostics;
using AiStackDeployer.Core.Dokploy;
using AiStackDeployer.Core.Provisioning.Steps;
using Microsoft.Extensions.Logging;

namespace AiStackDeployer.Core.Provisioning;

/// <summary>
/// Takes one operation through its plan, from wherever the run before it ended. The one place in which a fault becomes the
/// reason of a failure.
/// </summary>
internal sealed partial class DeploymentWorkflow(
    IDeploymentStore store,
    DeploymentSignals signals,
    IEnumerable<IDeploymentStep> steps,
    CleanUp cleanUp,
    PutBack putBack,
    Doubles doubles,
    ContainerLog containerLog,
    StackAddress address,
    DokployHealth health,
    ProvisioningOptions options,
    TimeProvider time,
    ILogger<DeploymentWorkflow> logger)
{
    /// <summary>After this many consecutive clean-up passes with the same refusal, waiting any longer is pointless.</summary>
    private const int MaxRefusals = 8;

    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan MaxRetryDelay = TimeSpan.FromMinutes(1);

    private readonly Dictionary<DeploymentStep, IDeploymentStep> _steps = steps.ToDictionary(s => s.Step);

    /// <summary>
    /// Runs until the deployment is terminal (null), or until it has to be looked at again after the returned time.
    /// </summary>
    public async Task<TimeSpan?> RunAsync(string deploymentId, CancellationToken stopping)
    {
        using var wish = signals.WatchForCancel(deploymentId);
        var begun = await store.ChangeAsync(
            deploymentId, d => (Number: d.BeginRun(time.GetUtcNow()), Deployment: d), stopping);
        if (begun.Deployment is null || begun.Number is not { } number)
        {
            return null;
        }
        var run = new DeploymentRun(begun.Deployment, number, store, time, wish.Token);
        using var span = DeploymentTraces.StartRun(run.Deployment, number);
        run.Span = span?.SpanId.ToHexString();
        using var scope = logger.BeginScope(new Dictionary<string, object>
        {
            ["DeploymentId"] = deploymentId, ["StackName"] = run.Deployment.Name.Value, ["CorrelationId"] = run.Deployment.TraceId, ["Run"] = number,
            ["Step"] = run.Deployment.CurrentStep,
        });
        RunBegins(number, run.Deployment.CurrentStep);
        var started = time.GetTimestamp();
        try
        {
            if (run.Deployment.Phase == DeploymentPhase.Running && await GoForwardAsync(run, stopping) is { } later)
            {
                return later;
            }
            return run.Deployment.Phase == DeploymentPhase.Unwinding ? await UnwindAsync(run, stopping) : null;
        }
        catch (StaleRunException)
        {
            // A newer run owns the deployment; this one was paused or its process was presumed dead.
            RunIsStale(number);
            return null;
        }
        finally
        {
            DeploymentTraces.EndRun(span, run.Deployment);
            if (run.Deployment.Phase.IsTerminal())
            {
                var reason = run.Deployment.Failure?.Code.ToWire() ?? Label.None;
                var took = (long)time.GetElapsedTime(started).TotalMilliseconds;
                RunEnds(number, run.Deployment.Phase, reason, took);
            }
        }
    }

    /// <summary>Null when the operation has ended or has to be unwound.</summary>
    private async Task<TimeSpan?> GoForwardAsync(DeploymentRun run, CancellationToken stopping)
    {
        var first = true;
        while (run.Deployment.NextIndex is { } index)
        {
            var step = run.Deployment.Operation.Plan[index].Step;
            if (first)
            {
                first = false;
                await run.WriteAsync((deployment, now) => deployment.BeginStep(run.Number, step, now), stopping);
            }
            using var scope = EnterStep(step);
            using var span = DeploymentTraces.StartStep(run.Deployment, step);
            try
            {
                if (run.IsCancelWished)
                {
                    throw new OperationCanceledException();
                }
                var end = await AttemptAsync(run, _steps[step], stopping);
                if (end == StepEnd.Later)
                {
                    return await PauseAsync(run, step, stopping);
                }
                if (run.MayShowLate && run.Deployment.Operation.MakesStack && index == run.Deployment.Operation.Plan.Count - 1)
                {
                    await RemoveDoublesAsync(run, stopping);
                }
                await EndAsync(run, step, end, stopping);
            }
            catch (StepFailedException e)
            {
                StepFailed(e, step, e.Message);
                var failure = e.At(step);
                if (step == DeploymentStep.AwaitReadiness && failure.RawLines is null)
                {
                    // The clean-up takes the container's log with it.
                    failure = failure with { RawLines = await containerLog.ReadAsync(run.Stack, stopping) };
                }
                await run.WriteAsync((deployment, now) => deployment.Fail(run.Number, failure, now), stopping);
            }
            catch (OperationCanceledException) when (run.IsCancelWished && !stopping.IsCancellationRequested)
            {
                await AcceptCancelAsync(run, stopping);
            }
            catch (Exception e) when (e is not (OperationCanceledException or StaleRunException or StorageUnavailableException))
            {
                // A bug of ours: fail the deployment visibly instead of retrying it for ever.
                StepFailedUnexpectedly(e, step);
                await run.WriteAsync(
                    (deployment, now) => deployment.Fail(run.Number, new DeploymentFailure(FailureCode.Internal, step), now), stopping);
            }
            EndStep(span, run.Deployment, step);
            if (run.Deployment.Phase != DeploymentPhase.Running)
            {
                return null;
            }
        }
        return null;
    }

    private async Task RemoveDoublesAsync(DeploymentRun run, CancellationToken stopping)
    {
        try
        {
            await doubles.RemoveAsync(run, stopping);
        }
        catch (DokployException e)
        {
            // The stack works, and a deletion of it will find what is doubled.
            DoublesNotSought(e.Call, e.Kind);
        }
    }

    // Every log line written within the step carries it.
    private IDisposable? EnterStep(DeploymentStep step) => logger.BeginScope(new Dictionary<string, object> { ["Step"] = step });

    /// <summary>One transaction: what was found or made, the end of this step, the begin of the next, or the end of all.</summary>
    private static async Task EndAsync(DeploymentRun run, DeploymentStep step, StepEnd end, CancellationToken stopping)
    {
        await run.WriteAsync(
            (deployment, now) =>
            {
                end.Record?.Invoke(deployment, now);
                deployment.EndStep(run.Number, step, now, end.Outcome);
                if (deployment.NextIndex is { } next)
                {
                    deployment.BeginStep(run.Number, deployment.Operation.Plan[next].Step, now);
                }
                else if (!deployment.Complete(run.Number, now))
                {
                    deployment.AcceptCancel(run.Number, now);
                }
            },
            stopping);
    }

    private static Task AcceptCancelAsync(DeploymentRun run, CancellationToken stopping) =>
        run.WriteAsync((deployment, now) => deployment.AcceptCancel(run.Number, now), stopping);

    private async Task<TimeSpan?> UnwindAsync(DeploymentRun run, CancellationToken stopping)
    {
        await run.WriteAsync((deployment, now) => deployment.BeginStep(run.Number, DeploymentStep.CleanUp, now), stopping);
        using var scope = EnterStep(DeploymentStep.CleanUp);
        using var span = DeploymentTraces.StartStep(run.Deployment, DeploymentStep.CleanUp);
        var removesAll = run.Deployment.Operation.Undo == Undo.RemoveAllMade;
        IReadOnlyList<string>? left;
        try
        {
            left = removesAll ? await cleanUp.RemoveAsync(run, stopping) : await putBack.RunAsync(run, stopping) ? [] : null;
        }
        catch (DokployException e)
        {
            CleanUpWaits(e.Call, e.Kind);
            left = await AfterFaultAsync(run, StepFailedException.From(e).At(DeploymentStep.CleanUp).Code, e.IsTransient, stopping);
        }
        catch (Exception e) when (e is not (OperationCanceledException or StaleRunException or StorageUnavailableException))
        {
            StepFailedUnexpectedly(e, DeploymentStep.CleanUp);
            left = await AfterFaultAsync(run, FailureCode.Internal, mayPass: false, stopping);
        }
        if (left is null)
        {
            // The clean-up ends only with proof. Until Dokploy can be asked, it is paused without holding a worker.
            return await PauseAsync(run, DeploymentStep.CleanUp, stopping);
        }
        await run.WriteAsync(
            (deployment, now) =>
            {
                deployment.EndStep(run.Number, DeploymentStep.CleanUp, now);
                if (removesAll && left.Count == 0)
                {
                    deployment.Stack.ForgetUpstream();
                }
                deployment.FinishUnwinding(run.Number, left, now);
            },
            stopping);
        EndStep(span, run.Deployment, DeploymentStep.CleanUp);
        return null;
    }

    /// <summary>
    /// Null = retry on the next pass. A permanent fault that every recent pass has met ends the clean-up; everything recorded then
    /// counts as left behind. The passes are counted in the log, so the count survives a restart.
    /// </summary>
    private async Task<IReadOnlyList<string>?> AfterFaultAsync(
        DeploymentRun run, FailureCode code, bool mayPass, CancellationToken stopping)
    {
        var wire = code.ToWire();
        var before = await store.ReadLastLogAsync(run.Deployment.Id, MaxRefusals - 1, stopping);
        if (!mayPass && before.Count == MaxRefusals - 1 && before.All(IsTheSame))
        {
            if (run.Deployment.Operation.Undo == Undo.PutBack)
            {
                // Nothing is left behind that was not there before.
                return [];
            }
            var known = Removal.Recorded(run);
            await Removal.LogOutcomeAsync(run, known, stopping);
            return known;
        }
        if (!mayPass || before.Count == 0 || !IsTheSame(before[^1]))
        {
            await run.NoteAsync(LogCode.Retrying, wire, stopping);
        }
        return null;

        bool IsTheSame(DeploymentEvent line) => line.Log == LogCode.Retrying && line.Detail == wire;
    }

    private void EndStep(Activity? span, Deployment deployment, DeploymentStep step)
    {
        DeploymentTraces.EndStep(span, deployment, step);
        var record = deployment.Steps.Where(s => s.Step == step).MaxBy(s => s.Index)!;
        var took = (long)((record.EndedAt ?? time.GetUtcNow()) - record.StartedAt).TotalMilliseconds;
        StepEnds(step, record.Outcome, took);
    }

    private async Task<TimeSpan> PauseAsync(DeploymentRun run, DeploymentStep step, CancellationToken stopping)
    {
        await run.WriteAsync((deployment, _) => deployment.Pause(run.Number), stopping);
        var pause = RetryDelay * Math.Pow(2, Math.Min(run.Deployment.OpenStep!.Attempts - 1, 6));
        pause = pause < MaxRetryDelay ? pause : MaxRetryDelay;
        RunPauses(run.Number, step, (int)pause.TotalSeconds);
        return pause;
    }
}
