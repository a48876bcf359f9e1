using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Rollouts;
using Microsoft.Extensions.Logging;
using Quartz;

namespace AiStackDeployer.Core.Provisioning.Rollout;

/// <summary>
/// Drives the roll-out, if there is one: a recurring job of the engine, so of several portals one drives it, and another one after a crash.
/// While something runs it stays, because a firing for each look would be most of what an idle portal does.
/// </summary>
[DisallowConcurrentExecution]
internal sealed partial class RolloutRound(RolloutService rollouts, TimeProvider time, ILogger<RolloutRound> logger) : IJob
{
    public const string ExecutionGroup = "rollout";

    public static readonly TimeSpan Every = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        try
        {
            while (await rollouts.TickAsync(cancellationToken) == RolloutPace.Soon)
            {
                await Task.Delay(Soon, time, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The portal stops; the next start goes on.
        }
        catch (StorageUnavailableException e)
        {
            Skipped(e.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A round of the roll-out ended early: {Reason}")]
    private partial void Skipped(string reason);
}
