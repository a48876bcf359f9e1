using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Web.Security;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AiStackDeployer.Web.Mcp;

/// <summary>The logs of the latest deployments, so that a client's list of resources shows something to pick.</summary>
internal static class RecentLogs
{
    private const int Shown = 20;

    public static async ValueTask<ListResourcesResult> ListAsync(
        RequestContext<ListResourcesRequestParams> request, CancellationToken cancellationToken)
    {
        var deployments = request.Services!.GetRequiredService<DeploymentService>();
        var caller = request.Services!.GetRequiredService<McpCaller>();
        if (!await caller.MayAsync(request, null, Policies.ViewOwn))
        {
            return new ListResourcesResult();
        }
        var page = await deployments.ListDeploymentsAsync(
            new DeploymentQuery { OwnerId = await caller.OnlyOwnerAsync(request), Take = Shown }, cancellationToken);
        return new ListResourcesResult
        {
            Resources =
            [
                .. page.Rows.Select(d => new Resource
                {
                    Uri = DeploymentLogResource.UriOf(d.Id),
                    Name = d.Id,
                    Title = $"{d.Name}: {d.Status.ToWire()}",
                    MimeType = DeploymentLogResource.MimeType,
                }),
            ],
        };
    }
}
