using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Dokploy;
using AiStackDeployer.Core.Provisioning.Steps;

namespace AiStackDeployer.Core.Provisioning;

/// <content>One step, with its retries, and what an outage of Dokploy means for it.</content>
internal sealed partial class DeploymentWorkflow
{
    /// <summary>The time that one more call and the pause before it may take while Dokploy is away.</summary>
    private static readonly TimeSpan OneMoreTry = TimeSpan.FromSeconds(45);

    /// <summary>An outage shorter than this is a restart of Dokploy, and not worth a line of its own.</summary>
    private static readonly TimeSpan WorthTelling = TimeSpan.FromSeconds(20);

    /// <summary>Retries the step while its fault may be transient.</summary>
    private async Task<StepEnd> AttemptAsync(DeploymentRun run, IDeploymentStep step, CancellationToken stopping)
    {
        run.ReasonWhenTimeEnds = null;
        var limit = options.TimeoutOf(step.Step);
        var started = time.GetTimestamp();
        using var timeout = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stopping);
        var budget = new FaultBudget(options, health, time);
        var isOutageTold = false;
        while (true)
        {
            try
            {
                return await step.ExecuteAsync(run, either.Token);
            }
            catch (DokployException e)
            {
                try
                {
                    await CountAsync(e);
                    if (await AnswersMeanwhileAsync(run, step.Step, budget.OutageOf(e), either.Token))
                    {
                        await run.NoteAsync(LogCode.AddressAnswersMeanwhile, null, stopping);
                        return StepEnd.Done;
                    }
                    await run.PauseAsync(budget.Pause(e), either.Token);
                }
                catch (OperationCanceledException late) when (HasTimedOut())
                {
                    throw TimedOut(late);
                }
            }
            catch (OperationCanceledException e) when (HasTimedOut())
            {
                throw TimedOut(e);
            }
        }

        async Task CountAsync(DokployException e)
        {
            run.Doubt();
            run.MayShowLate |= e.MayHaveHappened;
            if (budget.IsExhausted(e))
            {
                throw StepFailedException.From(budget.Cause(e));
            }
            // An older reason no longer applies; whether this fault still does is decided when the step times out.
            run.ReasonWhenTimeEnds = null;
            if (budget.IsNews(e))
            {
                CallFailed(step.Step, e.Call, e.Kind);
                await run.NoteAsync(LogCode.Retrying, StepFailedException.From(budget.Cause(e)).At(step.Step).Code.ToWire(), stopping);
            }
            if (budget.OutageOf(e) is { } outage)
            {
                // The step's own time does not run while Dokploy is away; the budget ends an outage that lasts too long.
                var left = limit + budget.LostToOutages - time.GetElapsedTime(started);
                if (time.GetElapsedTime(started) < limit + options.OutageTimeout)
                {
                    timeout.CancelAfter(left > OneMoreTry ? left : OneMoreTry);
                }
                if (outage >= WorthTelling && !isOutageTold)
                {
                    isOutageTold = true;
                    await run.NoteAsync(LogCode.DokployAway, DeploymentRun.Text((int)Math.Ceiling(options.OutageTimeout.TotalMinutes)), stopping);
                }
            }
        }

        bool HasTimedOut() => timeout.IsCancellationRequested && !stopping.IsCancellationRequested && !run.IsCancelWished;

        StepFailedException TimedOut(Exception cause) => run.ReasonWhenTimeEnds
            ?? (budget.Lasting is { } lasting ? StepFailedException.From(lasting) : new StepFailedException(FailureCode.TimedOut, null, null, cause));
    }

    /// <summary>
    /// While Dokploy is away: whether the stack's address accepts the password that only this stack has. Then its container runs, whatever
    /// Dokploy would say. A stack that was ready before might answer with the container before.
    /// </summary>
    private async Task<bool> AnswersMeanwhileAsync(DeploymentRun run, DeploymentStep step, TimeSpan? outage, CancellationToken cancellationToken) =>
        outage > TimeSpan.Zero && step is (DeploymentStep.AwaitDokploy or DeploymentStep.AwaitContainer)
        && run.Deployment.Operation.MakesStack && run.Stack.ReadyAt is null
        && await address.AnswersAsync(run.Stack, cancellationToken);
}
