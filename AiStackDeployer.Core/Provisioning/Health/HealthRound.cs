using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Stacks;
using Microsoft.Extensions.Logging;
using Quartz;

namespace AiStackDeployer.Core.Provisioning.Health;

/// <summary>
/// Looks at every ready stack, spread over the interval: one recurring job of the engine, so of several replicas one runs it. A round
/// that takes longer than the interval is not joined by a second one.
/// </summary>
[DisallowConcurrentExecution]
internal sealed class HealthRound(
    IDeploymentStore store, HealthChecks checks, LastSeenTimes seen, ActivitySamples samples, HealthOptions options, TimeProvider time, ILogger<HealthRound> logger) : IJob
{
    /// <summary>Its own share of the engine's threads: a round waits most of the time and must not keep a deployment waiting.</summary>
    public const string ExecutionGroup = "health";

    /// <summary>The rest of the interval is for looks that take long.</summary>
    private const double Spread = 0.9;

    public ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) => EngineRounds.RunAsync(RunAsync, logger, cancellationToken);

    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        seen.ForgetBefore(time.GetUtcNow() - (2 * options.Interval));
        samples.ForgetBefore(time.GetUtcNow().AddDays(-1));
        var ids = await store.ListReadyStackIdsAsync(cancellationToken);
        var gap = options.Interval * Spread / Math.Max(1, ids.Count);
        var begun = time.GetTimestamp();
        await Parallel.ForEachAsync(
            ids.Index(),
            new ParallelOptions { MaxDegreeOfParallelism = options.Parallel, CancellationToken = cancellationToken },
            async (next, token) =>
            {
                if ((gap * next.Index) - time.GetElapsedTime(begun) is var wait && wait > TimeSpan.Zero)
                {
                    await Task.Delay(wait, time, token);
                }
                await checks.CheckAsync(next.Item, token);
            });
    }
}
