using System.Globalization;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Logs;
using AiStackDeployer.Web.Presentation;
using AiStackDeployer.Web.Settings;

namespace AiStackDeployer.Web.Composition;

internal static class LogServices
{
    /// <summary>Logs of stacks, and the portal's own lines for the ingest. Before the engine, so that what it writes at its end is still sent.</summary>
    public static IServiceCollection AddPortalLogs(this IServiceCollection services, PortalSettings settings)
    {
        var ingest = settings is { Provisioning.LogIngestUrl: { } url, LogIngestKey: { } key } ? new LogIngestOptions { Url = url, Key = key } : null;
        services.AddStackLogs(ingest);
        return ingest is null ? services : services.AddDeploymentLogSending(ingest, provider => InEnglish(provider.GetRequiredService<DeploymentText>()));
    }

    /// <summary>Who searches all logs finds one language in them, whoever began what is told.</summary>
    private static Func<Deployment, DeploymentEvent, string> InEnglish(DeploymentText text) => (deployment, e) =>
    {
        var (before, beforeUi) = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("en");
        try
        {
            return e.Kind == DeploymentEventKind.Log ? text.Log(e) : text.CurrentStep(DeploymentSnapshots.Build(deployment));
        }
        finally
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (before, beforeUi);
        }
    };
}
