using AiStackDeployer.Core.Deployments;
using Microsoft.Extensions.Logging;
using Quartz;

namespace AiStackDeployer.Core.Provisioning.Reconcile;

/// <summary>Compares once an hour; of several portals one does. It changes nothing: what is found is shown with a proposal.</summary>
[DisallowConcurrentExecution]
internal sealed partial class ReconcileRound(IReconciler reconciler, ILogger<ReconcileRound> logger) : IJob
{
    public static readonly TimeSpan Every = TimeSpan.FromHours(1);

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        try
        {
            await reconciler.CompareAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The portal stops.
        }
        catch (StorageUnavailableException e)
        {
            Skipped(e.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The comparison with Dokploy was left out: {Reason}")]
    private partial void Skipped(string reason);
}
