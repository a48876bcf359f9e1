using AiStackDeployer.Core.Deployments;
using Microsoft.Extensions.Logging;

namespace AiStackDeployer.Core.Provisioning;

/// <summary>
/// What the recurring jobs of the engine have in common: a round that the portal's stop or the database cuts short is no fault of the engine's,
/// and the next one begins anew.
/// </summary>
internal static partial class EngineRounds
{
    public static async ValueTask RunAsync(Func<CancellationToken, Task> round, ILogger logger, CancellationToken cancellationToken)
    {
        try
        {
            await round(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The portal stops.
        }
        catch (StorageUnavailableException e)
        {
            Skipped(logger, e.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "This round ended early: {Reason}")]
    private static partial void Skipped(ILogger logger, string reason);
}
