using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Web.Presentation;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AiStackDeployer.Web.Mcp;

/// <summary>Tells one waiting client the percentage and the sentence that the page shows; nothing to a client that did not ask.</summary>
internal sealed class WaitProgress(RequestContext<CallToolRequestParams> request, DeploymentText text, TimeProvider time)
{
    /// <summary>The protocol wants each value above the one before; a new sentence at the same percentage adds this much.</summary>
    private const double Least = 0.01;

    private readonly SmoothProgress _smooth = new();
    private double _reported = -1;

    public async Task ReportAsync(DeploymentSnapshot snapshot, CancellationToken cancellationToken)
    {
        if (request.Params.ProgressToken is not { } token)
        {
            return;
        }
        var percent = Math.Round(Math.Max(_smooth.Show(snapshot, time.GetUtcNow()), _reported + Least), 2);
        if (percent >= 100 && snapshot.Phase != DeploymentPhase.Completed)
        {
            return;
        }
        _reported = percent;
        await request.Server.NotifyProgressAsync(
            token,
            new ProgressNotificationValue { Progress = (float)percent, Total = 100, Message = text.CurrentStep(snapshot) },
            cancellationToken: cancellationToken);
    }
}
