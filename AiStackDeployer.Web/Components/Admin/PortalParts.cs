using AiStackDeployer.Core.Builds;
using AiStackDeployer.Core.Connections;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Logs;
using AiStackDeployer.Core.Rollouts;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.Web.Presentation;

namespace AiStackDeployer.Web.Components.Admin;

/// <summary>Looks at everything the portal depends on; each source keeps its last answer for all who ask.</summary>
internal sealed class PortalParts(
    ConnectionReports reports, IStackServers servers, StackLogs logs, BuildRuns builds, DeploymentService deployments, IStackImages images, RolloutService rollouts,
    TimeProvider time)
{
    /// <exception cref="StorageUnavailableException">The database cannot be read now.</exception>
    public async Task<PartsLook> ReadAsync(CancellationToken cancellationToken)
    {
        var connections = reports.GetAsync(ConnectionReports.UsualAge, cancellationToken);
        var ingest = logs.CheckIngestAsync(time.GetUtcNow(), cancellationToken);
        var runs = builds.AreTold ? builds.ReadAsync(cancellationToken) : null;
        var told = await servers.ReadAsync(cancellationToken);
        var atWork = told.Queue?.DeploymentId is { } id ? (await deployments.FindAsync(id, cancellationToken))?.Name.Value : null;
        var (shouldHave, book) = (await images.ListImagesAsync(cancellationToken), await rollouts.ReadAsync(cancellationToken));
        return new PartsLook(await connections, told, atWork, await ingest, runs is null ? null : await runs, shouldHave, book.Newest);
    }
}
