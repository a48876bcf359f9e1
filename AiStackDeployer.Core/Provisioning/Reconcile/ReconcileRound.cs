using AiStackDeployer.Core.Deployments;
using Microsoft.Extensions.Logging;
using Quartz;

namespace AiStackDeployer.Core.Provisioning.Reconcile;

/// <summary>
/// Compares once an hour; of several portals one does. What is found is shown with a proposal. Only what holds nothing and belongs to nobody is
/// removed without a question.
/// </summary>
[DisallowConcurrentExecution]
internal sealed partial class ReconcileRound(IReconciler reconciler, ILogger<ReconcileRound> logger) : IJob
{
    public static readonly TimeSpan Every = TimeSpan.FromHours(1);

    public ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) => EngineRounds.RunAsync(RunAsync, logger, cancellationToken);

    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var husk in (await reconciler.CompareAsync(cancellationToken))?.Differences.Where(d => d.IsHusk) ?? [])
        {
            var isGone = await reconciler.RemoveOrphanAsync(husk.ProjectId!, cancellationToken);
            Removed(husk.Name, isGone);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The empty project {Project} of a stack that is gone was removed from Dokploy: {IsGone}")]
    private partial void Removed(string project, bool isGone);
}
