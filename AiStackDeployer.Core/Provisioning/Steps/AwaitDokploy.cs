using System.Globalization;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Dokploy;
using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Core.Provisioning.Steps;

/// <summary>
/// Until Dokploy's job has ended. "Done" only means that the swarm took the specification; the next steps see whether it runs.
/// </summary>
internal sealed class AwaitDokploy(DokployClient dokploy, DeployJobs jobs, ProvisioningOptions options, ISecretProtector secrets)
    : IDeploymentStep
{
    private const int LogLines = 40;

    /// <summary>Of a job that failed, the log is the reason.</summary>
    private const int TriesForReason = 3;
    private static readonly TimeSpan ReadLogEvery = TimeSpan.FromSeconds(1);

    /// <summary>A job that runs is rarely dead, so its queue is looked at less often than its row.</summary>
    private static readonly TimeSpan LookAtQueueEvery = TimeSpan.FromSeconds(2);

    public DeploymentStep Step => DeploymentStep.AwaitDokploy;

    public async Task<StepEnd> ExecuteAsync(DeploymentRun run, CancellationToken cancellationToken)
    {
        var backoff = new Backoff(run.Time);
        var log = new SeenLines(options.SecretTextsOf(run.Deployment.ProtectedPassword, run.Deployment.ProtectedEnvironment, secrets));
        var missingSince = run.Time.GetTimestamp();
        var readAt = run.Time.GetTimestamp();
        var deadJob = new DeadJobWatch(options, run.Time);
        var queueLookedAt = run.Time.GetTimestamp();
        var started = false;
        DeployJob.Waiting? told = null;
        while (true)
        {
            var application = await dokploy.GetApplicationAsync(run.Stack.ApplicationId!, cancellationToken)
                ?? throw new StepFailedException(FailureCode.DokployError, run.Stack.AppName);
            switch (await jobs.CheckAsync(run, application, cancellationToken))
            {
                case DeployJob.Listed { Row: { Status: DokployDeploymentStatus.Done } row }:
                    await NoteLogAsync(run, row, log, cancellationToken);
                    return StepEnd.DoneWith((deployment, now) => deployment.Note(run.Number, LogCode.DokployDone, null, now));

                case DeployJob.Listed { Row: { Status: DokployDeploymentStatus.Error } row }:
                    for (var tries = 1; !await NoteLogAsync(run, row, log, cancellationToken) && tries < TriesForReason; tries++)
                    {
                        await run.PauseAsync(ReadLogEvery, cancellationToken);
                    }
                    throw new StepFailedException(DeployLogReader.Classify(log.Text), run.Deployment.Image, log.Last(LogLines));

                case DeployJob.Listed { Row.Status: DokployDeploymentStatus.Cancelled }:
                    await RepeatAsync(run, cancellationToken);
                    (missingSince, started) = (run.Time.GetTimestamp(), false);
                    break;

                case DeployJob.Listed { Row: var row }:
                    missingSince = run.Time.GetTimestamp();
                    if (!started)
                    {
                        started = true;
                        run.ReasonWhenTimeEnds = null;
                        await run.WriteAsync(
                            (deployment, now) =>
                            {
                                deployment.WaitInDokploy(run.Number, null, now);
                                deployment.Note(run.Number, LogCode.DokployStarted, null, now);
                            },
                            cancellationToken);
                    }
                    if (run.Time.GetElapsedTime(readAt) >= ReadLogEvery)
                    {
                        readAt = run.Time.GetTimestamp();
                        await NoteLogAsync(run, row, log, cancellationToken);
                    }
                    if (deadJob.IsInDoubt || run.Time.GetElapsedTime(queueLookedAt) >= LookAtQueueEvery)
                    {
                        queueLookedAt = run.Time.GetTimestamp();
                        if (await IsDeadAsync(deadJob, application, cancellationToken))
                        {
                            await run.NoteAsync(LogCode.DeployJobDead, null, cancellationToken);
                            if (await jobs.HasContainerAsync(application.AppName, cancellationToken))
                            {
                                return StepEnd.Done;
                            }
                            await RepeatAsync(run, cancellationToken);
                            (missingSince, started, deadJob) = (run.Time.GetTimestamp(), false, new DeadJobWatch(options, run.Time));
                        }
                    }
                    break;

                case DeployJob.Waiting waiting:
                    missingSince = run.Time.GetTimestamp();
                    run.ReasonWhenTimeEnds = waiting.Place > 0 ? new StepFailedException(FailureCode.DokployBusy, Moment(waiting.BusySince)) : null;
                    if (waiting.Place > 0 && waiting != told)
                    {
                        told = waiting;
                        await run.WriteAsync(
                            (deployment, now) => deployment.WaitInDokploy(run.Number, waiting.Place, now, waiting.BusySince), cancellationToken);
                    }
                    break;

                case DeployJob.Nowhere when run.Time.GetElapsedTime(missingSince) >= options.LostAfter:
                    await RepeatAsync(run, cancellationToken);
                    missingSince = run.Time.GetTimestamp();
                    break;
            }
            await run.PauseAsync(backoff.Next, cancellationToken);
        }
    }

    private static string? Moment(DateTimeOffset? at) => at?.UtcDateTime.ToString("d MMM HH:mm 'UTC'", CultureInfo.InvariantCulture);

    private async Task RepeatAsync(DeploymentRun run, CancellationToken cancellationToken)
    {
        if (run.Deployment.DeployAttempts >= options.DeployAttempts)
        {
            throw new StepFailedException(FailureCode.DeployLost, DeploymentRun.Text(run.Deployment.DeployAttempts));
        }
        await run.NoteAsync(LogCode.DeployRepeated, DeploymentRun.Text(run.Deployment.DeployAttempts + 1), cancellationToken);
        await jobs.SendAsync(run, cancellationToken);
    }

    private async Task<bool> IsDeadAsync(DeadJobWatch deadJob, DokployApplication application, CancellationToken cancellationToken)
    {
        try
        {
            return deadJob.IsDead(await jobs.FindUnfinishedAsync(application, cancellationToken));
        }
        catch (DokployException)
        {
            // The row says that the job runs; a queue that cannot be read does not say otherwise.
            return false;
        }
    }

    /// <summary>False when the log cannot be read: that alone fails no deployment.</summary>
    private async Task<bool> NoteLogAsync(DeploymentRun run, DokployDeployment row, SeenLines log, CancellationToken cancellationToken)
    {
        string? text;
        try
        {
            text = await dokploy.ReadDeploymentLogAsync(row.DeploymentId, LogLines * 5, cancellationToken);
        }
        catch (DokployException)
        {
            return false;
        }
        await run.NoteAsync(log.TakeNew(text), cancellationToken);
        return true;
    }

    /// <summary>A log that is read again and again from its beginning; gives each line once, masked.</summary>
    private sealed class SeenLines(IReadOnlyList<string> secretTexts)
    {
        private IReadOnlyList<string> _lines = [];

        public string? Text { get; private set; }

        public IReadOnlyList<string> TakeNew(string? text)
        {
            if (text is null)
            {
                return [];
            }
            Text = text;
            var seen = _lines.Count;
            _lines = SecretMask.Lines(DeployLogReader.WithoutQueries(text), int.MaxValue, secretTexts);
            return [.. _lines.Skip(seen)];
        }

        public IReadOnlyList<string> Last(int count) => [.. _lines.TakeLast(count)];
    }
}
