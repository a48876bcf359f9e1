using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Web.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AiStackDeployer.Web.Api;

internal static class FiguresApi
{
    [NeedsPerson]
    public static async Task<Ok<FiguresAnswer>> GetAsync(HttpContext context, DeploymentService deployments, CancellationToken cancellationToken)
    {
        var figures = await deployments.ReadFiguresAsync(cancellationToken);
        return TypedResults.Ok(new FiguresAnswer(
            figures.Ready, figures.InProgress, figures.ReadyInP95Today?.TotalSeconds, figures.SuccessSevenDays, figures.InProgress));
    }
}
