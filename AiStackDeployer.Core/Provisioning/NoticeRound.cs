using AiStackDeployer.Core.Notices;
using Microsoft.Extensions.Logging;
using Quartz;

namespace AiStackDeployer.Core.Provisioning;

/// <summary>Sends the notices, once a minute: a recurring job of the engine, so of several portals one does.</summary>
[DisallowConcurrentExecution]
internal sealed class NoticeRound(NoticeCourier courier, ILogger<NoticeRound> logger) : IJob
{
    public const string ExecutionGroup = "notices";

    public static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    public ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) => EngineRounds.RunAsync(courier.RunAsync, logger, cancellationToken);
}
