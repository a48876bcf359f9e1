using AiStackDeployer.Core.Deployments;
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
        var page = await deployments.ListDeploymentsAsync(new DeploymentQuery { Take = Shown }, cancellationToken);
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
