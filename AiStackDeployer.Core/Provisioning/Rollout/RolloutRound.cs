using AiStackDeployer.Core.Rollouts;
using Microsoft.Extensions.Logging;
using Quartz;

namespace AiStackDeployer.Core.Provisioning.Rollout;

/// <summary>
/// Drives the roll-out, if there is one: a recurring job of the engine, so of several portals one drives it, and another one after a crash.
/// While something runs it stays, because a firing for each look would be most of what an idle portal does.
/// </summary>
[DisallowConcurrentExecution]
internal sealed class RolloutRound(RolloutService rollouts, TimeProvider time, ILogger<RolloutRound> logger) : IJob
{
    public const string ExecutionGroup = "rollout";

    public static readonly TimeSpan Every = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    public ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) => EngineRounds.RunAsync(RunAsync, logger, cancellationToken);

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        while (await rollouts.TickAsync(cancellationToken) == RolloutPace.Soon)
        {
            await Task.Delay(Soon, time, cancellationToken);
        }
    }
}
